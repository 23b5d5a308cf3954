/** What a trial costs beside its training: trials that do next to nothing, each recorded durably. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSweep } from '../src/index.ts';
import { writeTinyIdx } from '../test/fixtures/tiny-idx.ts';

export interface OrchestrationCost {
  readonly trials: number;
  readonly msPerTrial: number;
  /** Of the first and the last tenth, a thousand trials at most. */
  readonly firstMsPerTrial: number;
  readonly lastMsPerTrial: number;
}

/** One epoch on 8 rows with one hidden unit, `trials` times. */
export async function orchestrationCost(trials: number, threads: number): Promise<OrchestrationCost> {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-bench-'));
  try {
    writeTinyIdx(folder, { rows: 4, columns: 4, train: 16, test: 8 });
    const finishedAt: number[] = [];
    let startedAt = 0;
    await runSweep(
      {
        name: 'orchestration',
        data: { source: 'idx', folder, train: [0, 8], validation: [8, 16] },
        model: { hidden: [1] },
        training: { epochs: 1 },
        space: {
          learningRate: Array.from({ length: trials }, (_, index) => (index + 1) / trials),
          batchSize: [8],
        },
      },
      {
        database: join(folder, 'results.db'),
        threads,
        maxTrials: trials,
        onEvent: ({ kind }) => {
          if (kind === 'phase started') startedAt = performance.now();
          if (kind === 'trial finished') finishedAt.push(performance.now());
        },
      },
    );
    const tenth = Math.min(1_000, Math.ceil(trials / 10));
    const between = (from: number, to: number) =>
      ((finishedAt[to - 1] ?? Number.NaN) - (from === 0 ? startedAt : (finishedAt[from - 1] ?? Number.NaN))) /
      (to - from);
    return {
      trials,
      msPerTrial: between(0, trials),
      firstMsPerTrial: between(0, tenth),
      lastMsPerTrial: between(trials - tenth, trials),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
