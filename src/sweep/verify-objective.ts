/**
 * Runs finished trials of an objective again, in memory, and compares every report and what was saved.
 * Not here: writing anything; which trials; networks (verify.ts).
 */
import { errors } from '../errors.ts';
import type { JobStart, Listener } from '../execute/executor.ts';
import { checkRecorded } from '../experiment/check.ts';
import { recordedDefinition } from '../experiment/recorded.ts';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { Report, Trial } from '../trial.ts';
import { differences } from './differences.ts';
import { trialKey } from './identity.ts';
import { isStudy } from './is-study.ts';
import { objectiveIdentity, openObjective } from './open-objective.ts';
import { jobAgain, type Verifying, verifyEach } from './verify-each.ts';

export interface VerifyObjectiveOptions extends Verifying {
  readonly results: Results;
  readonly run: Experiment;
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  /** Default: the cores available. */
  readonly threads?: number | undefined;
}

/** At the last report that a trial was pruned at, it is pruned again. */
const prunedAt =
  (step: number): Listener =>
  (report) =>
    report.step >= step ? Promise.resolve('prune') : undefined;

/** @throws ERR_NOT_DETERMINISTIC, ERR_STUDY_TOLD where the answers of a run need not be the same a second time */
export function expectRepeatable({ deterministic }: ObjectiveExperiment, run: Experiment): void {
  if (!deterministic) throw errors.notDeterministic(run.id, run.name);
  if (isStudy(run)) throw errors.studyTold(run.id, run.name);
}

/**
 * Runs each trial again and tells how it came out.
 * @throws ERR_NOT_DETERMINISTIC, ERR_STUDY_TOLD, ERR_OBJECTIVE_CHANGED where the answers need not or could not be the same
 */
export async function verifyObjective(options: VerifyObjectiveOptions): Promise<void> {
  const { results, run, baseFolder, threads } = options;
  // Read as it was recorded: what is refused today may have been allowed then. One that cannot be read is told with its faults.
  const experiment = recordedDefinition(run) ?? checkRecorded(run);
  if (experiment.objective === undefined) throw new Error(`Experiment ${run.id} has no objective.`);
  expectRepeatable(experiment, run);
  const found = objectiveIdentity(experiment, baseFolder);
  if (found !== run.objectiveHash) throw errors.objectiveChanged(run.id, run.objectiveHash ?? 'none', found);
  const { executor } = openObjective(experiment, { baseFolder, threads });
  const told = {
    name: 'step' as const,
    of: ({ values }: Report) => Object.fromEntries(run.metrics.map(({ name }, at) => [name, values[at]])),
  };
  const tried = { kind: 'objective', experiment, ingredients: { objectiveHash: found } } as const;

  /** Where a trial started; undefined where that is not in the database. */
  const startOf = ({ role, key, params, replicate }: Trial): JobStart | undefined => {
    if (role === 'search') return { from: 'nothing' };
    const point = { params, replicate };
    if (trialKey(tried, 'final', point) === key) return { from: 'nothing' };
    for (const other of results.trials(run.id)) {
      const sha256 = other.state === 'done' ? other.artifacts.model : undefined;
      if (sha256 === undefined || trialKey(tried, 'final', point, sha256) !== key) continue;
      const artifact = results.artifact(other.id, 'model');
      if (artifact !== undefined) return { from: 'artifact', artifact };
    }
    return undefined;
  };

  try {
    await executor.ready();
    await verifyEach(executor, options, async (trial: Trial) => {
      const start = startOf(trial);
      if (start === undefined) return { differences: ['what it started from is not in the database'] };
      const end = trial.state === 'pruned' ? trial.last.step : undefined;
      const running = executor.start({
        ...jobAgain(trial, experiment, start),
        rungs: end === undefined ? undefined : [end],
      });
      if (end !== undefined) running.onReport(prunedAt(end));
      return { differences: differences(results, told, trial, await running.outcome) };
    });
  } finally {
    await executor.close();
  }
}
