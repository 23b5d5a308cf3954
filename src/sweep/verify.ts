/**
 * Trains finished networks again, in memory, and compares every bit of the answers.
 * Not here: writing anything; which trials; objectives (verify-objective.ts).
 */
import { availableParallelism } from 'node:os';
import { loadData } from '../data/dataset.ts';
import { errors } from '../errors.ts';
import type { JobStart } from '../execute/executor.ts';
import { startThreads } from '../execute/network/thread-pool.ts';
import { threadExecutor } from '../execute/network/threads.ts';
import { checkRecorded } from '../experiment/check.ts';
import { networkOf } from '../experiment/network.ts';
import { epochOf } from '../metric.ts';
import type { NetworkRun, Results } from '../store/results.ts';
import type { Report, Trial } from '../trial.ts';
import { kernelHash, kernelHashes } from './arithmetic.ts';
import { differences } from './differences.ts';
import { trialKey } from './identity.ts';
import { networkObjective } from './network.ts';
import { withStart } from './start-weights.ts';
import { jobAgain, type Verifying, verifyEach } from './verify-each.ts';

export interface VerifyOptions extends Verifying {
  readonly results: Results;
  readonly run: NetworkRun;
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  /** Default: the cores available. */
  readonly threads?: number | undefined;
}

/**
 * Trains each trial again and tells how it came out.
 * @throws ERR_DATA_CHANGED, ERR_KERNELS_CHANGED, ERR_START_CHANGED where the answers could not be the same
 */
export async function verify(options: VerifyOptions): Promise<void> {
  const { results, run, baseFolder } = options;
  const told = { name: 'epoch' as const, of: (report: Report) => epochOf(run.metric, report) };
  const definition = checkRecorded(run);
  const { experiment, start } = withStart(networkOf(definition, 'verify trains'), baseFolder);
  // All else is held against its digest where it is compared.
  results.spans(run.id);
  results.sessions(run.id);
  const pool = startThreads(options.threads ?? availableParallelism());
  try {
    const data = await loadData(experiment.data, baseFolder);
    if (data.hash !== run.dataHash) throw errors.dataChanged(run.id, run.dataHash, data.hash);
    const ingredients = { dataHash: data.hash, kernelHash: kernelHash(experiment, data) };
    if (run.kernelHash !== ingredients.kernelHash)
      throw errors.kernelsChanged(run.id, run.kernelHash, ingredients.kernelHash);
    const executor = threadExecutor(pool, networkObjective(experiment, data, start?.parameters));
    await executor.ready();
    const tried = { kind: 'network', experiment, ingredients, kernelHashOf: kernelHashes(data) } as const;

    /** Where a trial started; undefined where that was a file that the database does not hold. */
    const startOf = ({ role, key, params, replicate }: Trial): JobStart | undefined => {
      if (role === 'search') return { from: 'nothing' };
      for (const { id } of results.trials(run.id)) {
        const weights = results.weights(id, 'best');
        if (weights && trialKey(tried, 'final', { params, replicate }, weights.sha256) === key)
          return { from: 'artifact', artifact: { kind: 'network', name: 'best', weights } };
      }
      return undefined;
    };
    const again = async (trial: Trial) => {
      const from = startOf(trial);
      if (from === undefined)
        return { differences: ['it started from weights that are not in the database'] };
      const { outcome } = executor.start(jobAgain(trial, experiment, from));
      return { differences: differences(results, told, trial, await outcome) };
    };

    await verifyEach(executor, options, again);
  } finally {
    await pool.destroy();
  }
}
