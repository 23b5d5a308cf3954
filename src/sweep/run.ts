/**
 * A run under way: begun, or continued.
 * Not here: which recorded run a definition continues (resume.ts), and what is done in one (sweep.ts).
 */
import type { Executor } from '../execute/executor.ts';
import type { Pruner } from '../prune/pruner.ts';
import type { Searcher } from '../search/searcher.ts';
import type { NewSession, Experiment as RecordedRun } from '../store/results.ts';
import type { Role } from '../trial.ts';
import type { Budget } from './budget.ts';
import { patiently } from './patience.ts';
import { runOfOtherCode, runToResume } from './resume.ts';
import type { TrialTask } from './run-trial.ts';
import {
  definitionRecord,
  foldsIn,
  metricsOf,
  networkMetricOf,
  newRun,
  stepsOf,
  type Tried,
} from './tried.ts';

export interface SweepTask extends Omit<TrialTask, 'commit' | 'experiment' | 'judge'> {
  readonly tried: Tried;
  /** Resolves once trials can be started; absent where that was waited for. */
  readonly ready?: Promise<void> | undefined;
  /** What phase 1 tries. */
  readonly searcher: Searcher;
  /** Which trials are stopped early; absent where every trial runs to its end. */
  readonly pruner?: Pruner | undefined;
  /** Of a searcher that looks at results: how far below a proposal trials are whose end it sees, and how many run at once. */
  readonly lag: number;
  /** Where the winner's weights are saved. */
  readonly bestModel: string;
  /** The last phase to run. */
  readonly lastPhase: 1 | 2;
  /** What this session may use; absent is without limit. Its signal is part of `signal`. */
  readonly budget?: Budget | undefined;
  /** Whether to go on with a run whose objective had other code. */
  readonly isSameCode?: boolean | undefined;
  /** Whether to begin a new run even where one of the same definition could go on. */
  readonly isFresh: boolean;
  /** Whether trials that failed in an earlier session are tried again. */
  readonly retriesFailed: boolean;
}

/** A run under way: a new one, or one that goes on. */
export interface Run extends SweepTask, Pick<TrialTask, 'experiment'> {
  readonly experimentId: number;
  /** What was recorded of it before; undefined for a new one. */
  readonly recorded: RecordedRun | undefined;
  /** Marks the run as running, once there is something to do in it. */
  wake(): Promise<void>;
  readonly isAwake: () => boolean;
}

/** Finds the run that the definition continues, or begins one. */
export async function openRun(task: SweepTask): Promise<Run> {
  const { executor, store, signal, isFresh } = task;
  const tried = withRecordedCode(task);
  const { experiment, ingredients } = tried;
  const recorded = isFresh ? undefined : runToResume(experiment, ingredients, store.experiments());
  const begin = () => store.beginExperiment(newRun(tried));
  if (recorded === undefined) await task.ready;
  const experimentId = recorded?.id ?? (await patiently(begin, signal));
  let isAwake = false;
  const run = {
    ...task,
    tried,
    experimentId,
    experiment,
    recorded,
    isAwake: () => isAwake,
    async wake() {
      if (isAwake) return;
      await task.ready;
      if (recorded !== undefined)
        await patiently(() => store.resumeExperiment(experimentId, definitionRecord(experiment)), signal);
      await patiently(() => store.beginSession(experimentId, newSession(executor)), signal);
      isAwake = true;
    },
  };
  if (recorded?.state !== 'done') await run.wake();
  return run;
}

/** What is tried; with --same-code, under the identity of the recorded code. */
function withRecordedCode({ tried, store, isFresh, isSameCode, onEvent }: SweepTask): Tried {
  if (tried.kind === 'network' || isFresh) return tried;
  const { experiment, ingredients } = tried;
  const runs = store.experiments();
  if (runToResume(experiment, ingredients, runs) !== undefined) return tried;
  const other = runOfOtherCode(experiment, ingredients, runs);
  if (other === undefined) return tried;
  const { id, objectiveHash } = other;
  if (isSameCode) return { ...tried, ingredients: { objectiveHash } };
  const text = `The objective's code differs from that of experiment ${id}, so this is a new run. --same-code continues that one.`;
  onEvent({ kind: 'remark', text });
  return tried;
}

/** This process at work, from when its threads were started. */
const newSession = (executor: Executor): NewSession => ({
  startedAt: new Date(Date.now() - 1000 * executor.age()).toISOString(),
  // The last worker may just have left, or the first one not come before the run was to stop.
  threads: Math.max(1, executor.seats),
});

/** Tells that a phase starts, with so many trials. */
export const tellPhase = ({ tried, executor, onEvent }: Run, role: Role, trials: number): void =>
  onEvent({
    kind: 'phase started',
    ...{ role, trials, threads: executor.seats },
    ...{ metrics: metricsOf(tried.experiment), metric: networkMetricOf(tried) },
    ...{ folds: foldsIn(tried), steps: stepsOf(tried, role) },
  });
