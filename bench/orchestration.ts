/** What a trial costs beside its training: trials that do next to nothing, each recorded durably. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSweep } from '../src/index.ts';
import { writeTinyIdx } from '../test/fixtures/tiny-idx.ts';
import { type TrialCost, trialCost } from './trial-cost.ts';

/** One epoch on 8 rows with one hidden unit, `trials` times. */
export async function orchestrationCost(trials: number, threads: number): Promise<TrialCost> {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-bench-'));
  try {
    writeTinyIdx(folder, { rows: 4, columns: 4, train: 16, test: 8 });
    const definition = {
      name: 'orchestration',
      data: { source: 'idx', folder, train: [0, 8], validation: [8, 16] },
      model: { hidden: [1] },
      training: { epochs: 1 },
      space: {
        learningRate: Array.from({ length: trials }, (_, index) => (index + 1) / trials),
        batchSize: [8],
      },
    } as const;
    const database = join(folder, 'results.db');
    return await trialCost((onEvent) =>
      runSweep(definition, { database, threads, maxTrials: trials, onEvent }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
