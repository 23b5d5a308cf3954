/**
 * Trains finished trials again, in memory, and compares every bit of the answers.
 * Not here: writing anything; which trials.
 */
import { availableParallelism } from 'node:os';
import { loadData } from '../data/dataset.ts';
import { errors } from '../errors.ts';
import type { JobStart } from '../execute/executor.ts';
import { checkDefinition } from '../experiment/check.ts';
import { networkOf } from '../experiment/network.ts';
import { recordedJson } from '../experiment/recorded.ts';
import { type EpochMetrics, epochOf, type NetworkMetric } from '../metric.ts';
import { startThreads } from '../pool/thread-pool.ts';
import { threadExecutor } from '../pool/threads.ts';
import type { NetworkRun, Results } from '../store/results.ts';
import type { Report, Trial, TrialOutcome } from '../trial.ts';
import { kernelHash, kernelHashes } from './arithmetic.ts';
import { canonicalJson, trialKey } from './identity.ts';
import { networkObjective } from './network.ts';
import { withStart } from './start-weights.ts';

export interface VerifyOptions {
  readonly results: Results;
  readonly run: NetworkRun;
  /** Trials of the run, to be trained again. */
  readonly trials: readonly Trial[];
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  /** Default: the cores available. */
  readonly threads?: number | undefined;
  readonly signal: AbortSignal;
  readonly onVerified: (verified: Verified) => void;
}

/** How one trial came out the second time. */
export interface Verified {
  readonly trial: Trial;
  /** What is not as recorded; empty where every bit is. */
  readonly differences: readonly string[];
}

/** Whether a trial has an answer that can be held against a second one. */
export const isVerifiable = ({ state }: Trial): boolean => state === 'done' || state === 'diverged';

/**
 * Trains each trial again and tells how it came out.
 * @throws ERR_DATA_CHANGED, ERR_KERNELS_CHANGED, ERR_START_CHANGED where the answers could not be the same
 */
export async function verify(options: VerifyOptions): Promise<void> {
  const { results, run, trials, baseFolder, signal, onVerified } = options;
  const definition = checkDefinition(recordedJson(run), `The definition of experiment ${run.id}`);
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
    const differencesOf = async (trial: Trial): Promise<string[]> => {
      const from = startOf(trial);
      if (from === undefined) return ['it started from weights that are not in the database'];
      const { number, role, key, params, replicate } = trial;
      const { outcome } = executor.start({
        ...{ number, role, key, params, replicate, attempt: 1, seed: experiment.seed },
        ...{ start: from, limits: experiment.limits },
      });
      return differences(results, run.metric, trial, await outcome);
    };

    const stop = () => executor.stop();
    signal.addEventListener('abort', stop);
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let trial = trials[next++]; trial !== undefined && !signal.aborted; trial = trials[next++]) {
        const found = await differencesOf(trial);
        if (!signal.aborted) onVerified({ trial, differences: found });
      }
    };
    await Promise.all(Array.from({ length: executor.seats }, lane));
  } finally {
    await pool.destroy();
  }
}

function differences(results: Results, metric: NetworkMetric, trial: Trial, outcome: TrialOutcome): string[] {
  if (outcome.state !== trial.state) {
    const reason = outcome.state === 'failed' ? ` (${outcome.reason})` : '';
    return [`it was ${trial.state}, but is ${outcome.state} now${reason}`];
  }
  const reports =
    outcome.state === 'done' ? outcome.result.reports : outcome.state === 'diverged' ? outcome.reports : [];
  const facts: (readonly [what: string, recorded: unknown, found: unknown])[] = [];
  if (trial.state === 'done' && outcome.state === 'done') {
    const { artifacts, best, last } = outcome.result;
    for (const artifact of artifacts) {
      if (artifact.kind !== 'network') continue;
      const { name, weights, correct } = artifact;
      facts.push([`${name} weights`, trial.artifacts[name], weights.sha256]);
      // What is stored must also be what was recorded of it.
      facts.push([`stored ${name} weights`, results.weights(trial.id, name)?.sha256, weights.sha256]);
      const bits = (of: Uint8Array | undefined) => of && Buffer.from(of).toString('hex');
      // Databases of before version 3 have none.
      const recorded = results.correct(trial.id);
      if (recorded !== undefined && correct !== undefined)
        facts.push(['rows that its model gets right', bits(recorded), bits(correct)]);
    }
    const text = (report: Report) => canonicalJson(epochOf(metric, report));
    facts.push(['best epoch', text(trial.best), text(best)]);
    facts.push(['last epoch', text(trial.last), text(last)]);
  }
  if (trial.state === 'diverged' && outcome.state === 'diverged')
    facts.push(['epoch of divergence', trial.step, outcome.step]);
  const found = facts
    .filter(([, recorded, again]) => recorded !== again)
    .map(([what, recorded, again]) => `${what}: recorded ${String(recorded)}, now ${String(again)}`);
  const [recorded, again] = [results.reports(trial.id), reports].map((all) =>
    all.map((report) => epochOf(metric, report)),
  ) as [EpochMetrics[], EpochMetrics[]];
  const isSameCurve = canonicalJson(recorded) === canonicalJson(again);
  return isSameCurve ? found : [...found, `curve: ${firstDifference(recorded, again)}`];
}

function firstDifference(recorded: readonly object[], found: readonly object[]): string {
  if (recorded.length !== found.length) return `recorded ${recorded.length} epochs, now ${found.length}`;
  const index = recorded.findIndex((epoch, at) => canonicalJson(epoch) !== canonicalJson(found[at]));
  return `epoch ${index + 1} was ${canonicalJson(recorded[index])}, but is ${canonicalJson(found[index])}`;
}
