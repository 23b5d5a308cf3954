/** A run with an objective of a person's own, to store in tests: every state, conditional parameters, replicates, a log. */
import { createHash } from 'node:crypto';
import type { Metric } from '../../src/metric.ts';
import type { NewExperiment } from '../../src/store/results.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { Params, Report, TrialOutcome, TrialSpec } from '../../src/trial.ts';

export const metrics: readonly Metric[] = [
  { name: 'error', goal: 'minimise' },
  { name: 'fitMs', goal: 'minimise' },
  { name: 'rows', goal: 'none' },
];

export const definition = {
  name: 'ridge',
  seed: 1,
  objective: { module: './ridge.ts' },
  metrics,
  space: { alpha: [0.001, 0.01, 0.1, 1], solver: ['lu', 'qr'], degree: [1, 2, 3], scale: [true] },
};

export const objectiveRun = (changes: Partial<NewExperiment> = {}): NewExperiment => ({
  ...{ name: 'ridge', definition: JSON.stringify(definition), definitionHash: 'd'.repeat(64) },
  ...{ dataHash: null, kernelHash: null, encoding: null, metric: null, objectiveHash: 'c'.repeat(64) },
  ...{ metrics, seed: 1, createdAt: '2026-01-02T03:04:05.678Z' },
  ...changes,
});

/** The degree applies where the solver is qr. */
const paramsOf = (alpha: number, degree?: number): Params => ({
  ...{ alpha, solver: degree === undefined ? 'lu' : 'qr' },
  ...(degree === undefined ? {} : { degree }),
  scale: true,
});

const reportsTo = (error: number, steps: number): Report[] =>
  Array.from({ length: steps }, (_, i) => ({
    step: 2 * i + 1,
    values: [error * (1 + 3 / (i + 1)), 12.5 + i, 455],
  }));

const bytes = new TextEncoder().encode('{"weights":[1,2,3]}');

export const ended = (state: 'done' | 'pruned', reports: readonly Report[], seconds = 1.25): TrialOutcome => {
  const [best, last] = [
    reports.toSorted((a, b) => (a.values[0] ?? 0) - (b.values[0] ?? 0))[0],
    reports.at(-1),
  ];
  if (best === undefined || last === undefined) throw new Error('A result needs a report.');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const artifacts = state === 'done' ? [{ kind: 'bytes', name: 'model', bytes, sha256 } as const] : [];
  const spans = [{ thread: 0, from: 0.5, to: 0.5 + seconds }];
  return { state, result: { reports, best, last, artifacts, spans, seconds } };
};

const trials: readonly (readonly [Params, TrialOutcome | undefined])[] = [
  [paramsOf(1), ended('done', reportsTo(0.31234, 5))],
  [paramsOf(0.001, 3), ended('done', reportsTo(0.0271828, 5))],
  [paramsOf(0.01, 2), ended('done', reportsTo(0.0312, 5), 71.5)],
  [paramsOf(0.1, 1), ended('pruned', reportsTo(0.9, 2))],
  [
    paramsOf(0.1),
    { state: 'failed', code: 'ERR_TRIAL', reason: 'the matrix is singular', reports: [], seconds: 0.5 },
  ],
  [paramsOf(0.01, 3), { state: 'diverged', step: 5, reports: reportsTo(2, 2), seconds: 0.25 }],
  [paramsOf(0.001), undefined],
];

/** Adds the run; with `replicates` its done trials are each two. Returns its id. */
export function addObjective(store: Store, changes: Partial<NewExperiment> = {}, replicates = 1): number {
  const id = store.beginExperiment(objectiveRun(changes));
  const all = trials.flatMap(([params, outcome]) =>
    Array.from({ length: replicates }, (_, replicate) => ({ params, outcome, replicate })),
  );
  const specs = all.map(
    ({ params, replicate }, index): TrialSpec => ({
      ...{ number: index + 1, role: 'search', key: `key ${id}.${index}`, replicate, params },
    }),
  );
  for (const [index, { id: trial }] of store.addTrials(id, specs).entries()) {
    const { outcome, replicate } = all[index] as (typeof all)[number];
    if (outcome === undefined) continue;
    store.startAttempt(trial);
    if (index === 1) store.appendLog(trial, 'fold 1 of 5\nfold 2: \u001b[31mslow\u001b[0m\n');
    store.finish(trial, replicate === 0 ? outcome : later(outcome, replicate));
  }
  return id;
}

/** Another replicate comes to something else. */
function later(outcome: TrialOutcome, replicate: number): TrialOutcome {
  if (outcome.state !== 'done' && outcome.state !== 'pruned') return outcome;
  const { reports, seconds } = outcome.result;
  const other = reports.map(({ step, values: [error = 0, ...rest] }) => ({
    ...{ step, values: [error * (1 + replicate / 10), ...rest] },
  }));
  return ended(outcome.state, other, seconds);
}

/** A new database at `folder`/results.db with one such run that has ended. */
export function objectiveDatabase(
  folder: string,
  replicates = 1,
  changes: Partial<NewExperiment> = {},
): string {
  const path = `${folder}/results.db`;
  const store = openStore(path);
  const id = addObjective(store, changes, replicates);
  store.finishExperiment(id, 'stopped', 12.5);
  store.close();
  return path;
}
