/**
 * Both phases of an experiment: search, then train the winner on. A run that was cut off goes on.
 * Not here: the loop of the search (search-phase.ts), how a trial is run (execute) and stored (store), what is shown of it.
 */
import { ofTrial } from '../experiment/trial-settings.ts';
import type { Metric } from '../metric.ts';
import { expectShape, type Model } from '../model/model-file.ts';
import type { Combination } from '../store/ranking.ts';
import { trialModel } from '../store/trial-model.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { groupCommit } from './group-commit.ts';
import { trialKey } from './identity.ts';
import { patiently } from './patience.ts';
import { layerSizes } from './plan.ts';
import { isOpen, openRun, type Run, type SweepTask } from './run.ts';
import { runTrial } from './run-trial.ts';
import { searchPhase } from './search-phase.ts';
import { withoutFinished } from './take-over.ts';
import { metricsOf, networkMetricOf, stepsOf, type TriedNetwork } from './tried.ts';
import { winnerFromFile } from './winner-file.ts';

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
  if (winner !== undefined && !signal.aborted) {
    if (tried.kind === 'network') final = await carryOn({ ...run, tried }, winner);
    else onEvent({ kind: 'winner', trial: winner, bestModel: undefined });
  }

  const state = signal.aborted ? 'stopped' : 'done';
  let seconds = recorded?.seconds ?? 0;
  if (run.isAwake()) {
    const session = executor.age();
    seconds += session;
    await patiently(() => store.finishExperiment(experimentId, state, session), signal);
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
  const model = await saveWinner(run, winner);
  const isWanted = run.tried.experiment.final !== undefined && run.lastPhase === 2;
  return isWanted ? await finalPhase(run, winner, model) : undefined;
}

/** Sees to it that the model file holds the winner's best weights, and returns what it holds. */
async function saveWinner(run: Run, winner: DoneTrial): Promise<SavedModel> {
  const { experimentId, store, bestModel, forcesModel, signal, onEvent } = run;
  const recorded = store.experiments().find(({ id }) => id === experimentId);
  if (recorded === undefined) throw new Error(`Experiment ${experimentId} is not in the store.`);
  const wanted = trialModel(store, recorded, winner);
  const file = { store, experimentId, path: bestModel, isForced: forcesModel };
  const model = await patiently(() => winnerFromFile(file, wanted), signal);
  onEvent({ kind: 'winner', trial: winner, bestModel });
  return { model, isForced: model.weights.sha256 !== wanted.weights.sha256 };
}

interface SavedModel {
  readonly model: Model;
  /** Whether these are not the winner's weights. */
  readonly isForced: boolean;
}

/** Phase 2: trains the winner on, from the weights that its file holds, unless that was done before. */
async function finalPhase(
  run: NetworkRun,
  winner: DoneTrial,
  { model, isForced }: SavedModel,
): Promise<Trial> {
  const { tried, experimentId, executor, store, signal, onEvent } = run;
  expectShape(model, layerSizes(ofTrial(tried.experiment, winner.params), tried.data));
  const { sha256 } = model.weights;
  const { params, replicate } = winner;
  const key = trialKey(tried, 'final', { params, replicate }, sha256);
  const known = store.trials(experimentId).filter(({ role }) => role === 'final');
  if (!known.some((trial) => trial.key === key)) {
    await run.wake();
    // Another winner, or a forced model, has a final training of its own: what was recorded stays.
    const spec = { number: known.length + 1, role: 'final', key, params, replicate } as const;
    await patiently(() => store.addTrials(experimentId, [spec], { sha256, isForced }), signal);
  }
  await patiently(() => store.recordForced(experimentId, isForced ? sha256 : undefined), signal);
  const trial = store.finalTrial(experimentId);
  if (trial?.key !== key) throw new Error(`Experiment ${experimentId} has another final training.`);
  if (!isOpen(trial, run)) return trial;
  await run.wake();
  if ((await withoutFinished(run, [trial])).length === 0) return store.trial(trial.id);
  onEvent({
    kind: 'phase started',
    role: 'final',
    trials: 1,
    metrics: metricsOf(tried.experiment),
    metric: networkMetricOf(tried),
    steps: stepsOf(tried, 'final'),
    threads: executor.seats,
  });
  const artifact = { kind: 'network', name: 'best', weights: model.weights } as const;
  return runTrial({ ...run, commit: groupCommit(store, signal) }, trial, { from: 'artifact', artifact });
}
