/**
 * Both phases of an experiment: search, then run the winner on. A run that was cut off goes on.
 * Not here: the loop of the search (search-phase.ts), how a trial is run (execute) and stored (store), what is shown of it.
 */
import type { JobStart } from '../execute/executor.ts';
import { ofTrial } from '../experiment/trial-settings.ts';
import type { Metric } from '../metric.ts';
import { expectShape, type Model } from '../model/model-file.ts';
import type { Combination } from '../store/ranking.ts';
import { trialModel } from '../store/trial-model.ts';
import type { Artifact, DoneTrial, Trial } from '../trial.ts';
import { isOpen } from './ended.ts';
import { groupCommit } from './group-commit.ts';
import { trialKey } from './identity.ts';
import { patiently } from './patience.ts';
import { layerSizes } from './plan.ts';
import { openRun, type Run, type SweepTask } from './run.ts';
import { runTrial } from './run-trial.ts';
import { searchPhase } from './search-phase.ts';
import { withoutFinished } from './take-over.ts';
import { foldsIn, metricsOf, networkMetricOf, stepsOf, type TriedNetwork } from './tried.ts';
import { winnerFromFile } from './winner-file.ts';
import { withMachines } from './with-machines.ts';

export interface SweepResult {
  readonly experimentId: number;
  /** In the order of every report's values; the first decides. */
  readonly metrics: readonly Metric[];
  /** Phase 1, in order of number. */
  readonly trials: readonly Trial[];
  /** The same trials, the best first, those without a result last. */
  readonly ranked: readonly Trial[];
  /** The same by combination, the best first: the mean over its replicates decides. */
  readonly combinations: readonly Combination[];
  /** The best replicate of the best combination, from which the final training starts; undefined where none is done. */
  readonly winner: DoneTrial | undefined;
  /** The trial of phase 2; undefined where there was none. */
  readonly final: Trial | undefined;
  readonly state: 'done' | 'stopped';
  /** Of all sessions of the run. */
  readonly seconds: number;
}

/** Runs both phases of an experiment, as a new run in the store or going on with one. */
export async function sweep(task: SweepTask): Promise<SweepResult> {
  const { tried, executor, store, signal, onEvent } = task;
  const run = await openRun(task);
  const { experimentId, recorded } = run;
  await searchPhase(run);
  const winner = store.winner(experimentId);
  let final: Trial | undefined;
  if (winner !== undefined && !signal.aborted)
    final = await (tried.kind === 'network' ? carryOn({ ...run, tried }, winner) : onceMore(run, winner));

  const state = signal.aborted ? 'stopped' : 'done';
  let seconds = recorded?.seconds ?? 0;
  if (run.isAwake()) {
    const session = executor.age();
    seconds += session;
    const end = () => {
      store.recordMachines(executor.machines?.() ?? []);
      store.finishExperiment(experimentId, state, session);
    };
    await patiently(() => store.together(end), signal);
  } else {
    onEvent({
      kind: 'remark',
      text: `Experiment ${experimentId} was finished before. --fresh runs it anew.`,
    });
  }
  const trials = store.trials(experimentId).filter(({ role }) => role === 'search');
  const [ranked, combinations] = [store.ranked(experimentId), store.combinations(experimentId)];
  const metrics = metricsOf(tried.experiment);
  return { experimentId, metrics, trials, ranked, combinations, winner, final, state, seconds };
}

type NetworkRun = Run & { readonly tried: TriedNetwork };

/** Saves the winner's network, and trains it on where that is asked for. */
async function carryOn(run: NetworkRun, winner: DoneTrial): Promise<Trial | undefined> {
  const { experiment, data } = run.tried;
  const model = await saveWinner(run, winner);
  if (experiment.final === undefined || run.lastPhase === 1) return undefined;
  expectShape(model, layerSizes(ofTrial(experiment, winner.params), data));
  const artifact = { kind: 'network', name: 'best', weights: model.weights } as const;
  return finalPhase(run, winner, { artifact, sha256: model.weights.sha256 });
}

/** Runs the winner of an objective once more, from what it saved, where that is asked for. */
async function onceMore(run: Run, winner: DoneTrial): Promise<Trial | undefined> {
  run.onEvent({ kind: 'winner', trial: winner, bestModel: undefined });
  if (run.experiment.final === undefined || run.lastPhase === 1) return undefined;
  const artifact = run.store.artifact(winner.id, 'model');
  return finalPhase(run, winner, { artifact, sha256: winner.artifacts.model });
}

/** Sees to it that the model file holds the winner's best weights, and returns what it holds. */
async function saveWinner(run: Run, winner: DoneTrial): Promise<Model> {
  const { experimentId, store, bestModel, signal, onEvent } = run;
  const recorded = store.experiments().find(({ id }) => id === experimentId);
  if (recorded === undefined) throw new Error(`Experiment ${experimentId} is not in the store.`);
  const wanted = trialModel(store, recorded, winner);
  const file = { store, experimentId, path: bestModel };
  const model = await patiently(() => winnerFromFile(file, wanted), signal);
  onEvent({ kind: 'winner', trial: winner, bestModel });
  return model;
}

/** What a final trial starts from; absent where the winner has saved nothing. */
interface FinalStart {
  readonly artifact: Artifact | undefined;
  readonly sha256: string | undefined;
}

/** Phase 2: runs the winner on, from its start, unless that was done before. */
async function finalPhase(run: Run, winner: DoneTrial, { artifact, sha256 }: FinalStart): Promise<Trial> {
  const { tried, experimentId, executor, store, signal, onEvent } = run;
  const { params, replicate } = winner;
  const key = trialKey(tried, 'final', { params, replicate }, sha256);
  const known = store.trials(experimentId).filter(({ role }) => role === 'final');
  if (!known.some((trial) => trial.key === key)) {
    await run.wake();
    // Another winner has a final training of its own: what was recorded stays.
    const spec = { number: known.length + 1, role: 'final', key, params, replicate } as const;
    await patiently(() => store.addTrials(experimentId, [spec], sha256), signal);
  }
  await patiently(() => store.forgetForced(experimentId), signal);
  const trial = store.finalTrial(experimentId);
  if (trial?.key !== key) throw new Error(`Experiment ${experimentId} has another final training.`);
  if (!isOpen(trial, run.retriesFailed)) return trial;
  await run.wake();
  if ((await withoutFinished(run, [trial])).length === 0) return store.trial(trial.id);
  onEvent({
    kind: 'phase started',
    role: 'final',
    trials: 1,
    metrics: metricsOf(tried.experiment),
    metric: networkMetricOf(tried),
    folds: foldsIn(tried),
    steps: stepsOf(tried, 'final'),
    threads: executor.seats,
  });
  const from: JobStart = artifact === undefined ? { from: 'nothing' } : { from: 'artifact', artifact };
  const commit = withMachines(groupCommit(store, signal), executor, store);
  return runTrial({ ...run, commit }, trial, from);
}
