import { checkDefinition } from '../experiment/check.ts';
import { withoutDuplicates } from '../experiment/load.ts';
import type { ExperimentInput } from '../experiment/schema.ts';
import { type RunOptions, runExperiment } from './run-experiment.ts';
import type { SweepResult } from './sweep.ts';

/** How runSweep runs; only the database must be named. */
export type RunSweepOptions = Pick<RunOptions, 'database'> & Partial<Omit<RunOptions, 'experiment'>>;

/**
 * Runs an experiment from a program: every trial on a thread of its own, every result in the database.
 * @throws CoresweepError for a faulty definition, data or database, before anything has run
 *
 * ```ts
 * const { winner } = await runSweep(
 *   {
 *     name: 'small',
 *     data: { source: 'mnist', train: [0, 500], validation: [50_000, 50_500] },
 *     model: { hidden: [20] },
 *     training: { epochs: 2 },
 *     space: { learningRate: [0.01, 0.1], batchSize: [32] },
 *   },
 *   { database: 'results/small.db' },
 * );
 * console.log(winner?.params.learningRate);
 * ```
 */
export async function runSweep(definition: ExperimentInput, options: RunSweepOptions): Promise<SweepResult> {
  const { experiment } = withoutDuplicates(checkDefinition(definition, 'The definition'));
  return runExperiment({ baseFolder: process.cwd(), ...options, experiment });
}
