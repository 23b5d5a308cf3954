/** The paper's run beside the hashes that it gave at the end of the first stage. Not here: which of the two lengths is run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import paper from '../../experiments/paper.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import type { Trial } from '../../src/trial.ts';

interface Hashes {
  readonly best: string;
  readonly last: string;
}

interface PinnedRun {
  readonly epochs: number;
  readonly search: readonly Hashes[];
  readonly final: Hashes;
}

const pinned: { readonly runs: readonly PinnedRun[] } = JSON.parse(
  readFileSync(new URL('./paper-hashes.json', import.meta.url), 'utf8'),
);

const hashesOf = (trial: Trial | undefined): Hashes | string | undefined =>
  trial?.state === 'done'
    ? { best: trial.artifacts.best ?? '', last: trial.artifacts.last ?? '' }
    : trial?.state;

/** Runs both phases of experiments/paper.ts with `epochs` epochs each: what was found, and what is pinned. */
export async function paperHashes(epochs: number, folder: string) {
  const wanted = pinned.runs.find((run) => run.epochs === epochs);
  if (wanted === undefined) throw new Error(`nothing is pinned for ${epochs} epochs`);
  const definition = { ...paper, training: { ...paper.training, epochs }, final: { ...paper.final, epochs } };
  const { trials, final } = await runSweep(definition, { database: join(folder, 'results.db') });
  return { found: { epochs, search: trials.map(hashesOf), final: hashesOf(final) }, wanted };
}
