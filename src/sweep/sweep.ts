/**
 * The one loop: ask the searcher, run, record, repeat; then train the winner on.
 * Not here: how a trial is run (pool), how it is stored (store), what is shown of it.
 */
import type { LoadedData } from '../data/dataset.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Executor } from '../pool/executor.ts';
import { randomStream } from '../random.ts';
import { gridSearch } from '../search/grid.ts';
import { expectShape, readModelFile, writeModelFile } from '../store/model-file.ts';
import type { Store } from '../store/store.ts';
import { initialParameters } from '../train/initial-weights.ts';
import type { DoneTrial, Phase, Trial, TrialSpec } from '../trial.ts';
import type { OnEvent } from './events.ts';
import { canonicalJson, definitionHash, type Ingredients, trialKey } from './identity.ts';
import { layerSizes, trainingPlan } from './plan.ts';

export interface SweepTask {
  readonly experiment: Experiment;
  readonly data: LoadedData;
  readonly kernelHash: string;
  readonly executor: Executor;
  readonly store: Store;
  /** Where the winner's weights are saved. */
  readonly bestModel: string;
  /** The last phase to run. */
  readonly lastPhase: Phase;
  /** Stops the sweep at the running trials' next mini-batch. */
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

export interface SweepResult {
  readonly experimentId: number;
  /** Phase 1, in order of number. */
  readonly trials: readonly Trial[];
  /** The same trials, the best first, those without a result last. */
  readonly ranked: readonly Trial[];
  /** The best trial; undefined where none is done. */
  readonly winner: DoneTrial | undefined;
  /** The trial of phase 2; undefined where there was none. */
  readonly final: Trial | undefined;
  readonly state: 'done' | 'stopped';
  readonly seconds: number;
}

/** Runs both phases of an experiment as a new run in the store. */
export async function sweep(task: SweepTask): Promise<SweepResult> {
  const { experiment, data, kernelHash, store, signal } = task;
  const started = performance.now();
  const ingredients = { dataHash: data.hash, kernelHash };
  const experimentId = store.beginExperiment({
    name: experiment.name,
    definition: canonicalJson(experiment),
    definitionHash: definitionHash(experiment),
    ...ingredients,
    seed: experiment.seed,
    metric: experiment.search.metric,
    createdAt: new Date().toISOString(),
  });
  await searchPhase(task, experimentId, ingredients);
  const winner = winnerOf(store, experimentId);
  if (winner !== undefined && !signal.aborted) saveWinner(task, experimentId, winner, ingredients);
  const { final } = experiment;
  if (winner !== undefined && !signal.aborted && final !== undefined && task.lastPhase === 2) {
    await finalPhase(task, experimentId, final, winner, ingredients);
  }
  const state = signal.aborted ? 'stopped' : 'done';
  const seconds = (performance.now() - started) / 1000;
  store.finishExperiment(experimentId, state, seconds);
  const trials = store.trials(experimentId);
  return {
    experimentId,
    trials: trials.filter(({ phase }) => phase === 1),
    ranked: store.ranked(experimentId),
    winner,
    final: trials.find(({ phase }) => phase === 2),
    state,
    seconds,
  };
}

/** Phase 1: every point the searcher asks for, as many at once as there are threads. */
async function searchPhase(task: SweepTask, experimentId: number, ingredients: Ingredients): Promise<void> {
  const { experiment, data, executor, store, onEvent } = task;
  const searcher = gridSearch(experiment.space, experiment.search.replicates);
  const points = searcher.ask([], randomStream(experiment.seed, 'search', 0, 0), Number.POSITIVE_INFINITY);
  const specs = points.map((point, index): TrialSpec => {
    const key = trialKey(experiment, ingredients, 1, point);
    return { number: index + 1, phase: 1, key, ...point };
  });
  store.addTrials(experimentId, specs);
  const waiting = store.trials(experimentId).filter(({ phase, state }) => phase === 1 && state === 'waiting');
  onEvent({
    kind: 'phase started',
    phase: 1,
    trials: waiting.length,
    epochs: experiment.training.epochs,
    threads: executor.threads,
  });

  // Replicates differ in their starting weights, combinations do not: drawn once each.
  const starts = new Map<number, Float32Array>();
  const startOf = (replicate: number): Float32Array => {
    const known = starts.get(replicate);
    if (known !== undefined) return known;
    const { model, seed } = experiment;
    const start = initialParameters(layerSizes(experiment, data), model.initialWeights, seed, replicate);
    starts.set(replicate, start);
    return start;
  };
  await runAll(task, waiting, startOf);
}

/** Runs trials, as many at once as the executor has room for; the first fault of the store stops the others. */
async function runAll(
  task: SweepTask,
  trials: readonly Trial[],
  startOf: (replicate: number) => Float32Array,
): Promise<void> {
  const { executor, signal } = task;
  const underway = new Set<Promise<unknown>>();
  let started = 0;
  const hasRoom = () => underway.size < executor.capacity(trials.length - started);
  try {
    for (;;) {
      while (started < trials.length && !signal.aborted && hasRoom()) {
        const trial = trials[started++] as Trial;
        const ended: Promise<unknown> = runTrial(task, trial, startOf(trial.replicate)).then(() =>
          underway.delete(ended),
        );
        underway.add(ended);
      }
      if (underway.size === 0) return;
      await Promise.race(underway);
    }
  } finally {
    if (underway.size > 0) executor.stop();
    await Promise.allSettled(underway);
  }
}

/** Runs one trial and records how it ended, in that order: what is told as finished is in the store. */
async function runTrial(task: SweepTask, trial: Trial, start: Float32Array): Promise<Trial> {
  const { experiment, data, executor, store, signal, onEvent } = task;
  store.startAttempt(trial.id);
  const running = executor.start({
    plan: trainingPlan(experiment, data, trial.phase, trial),
    start: { from: 'weights', parameters: start },
  });
  const stop = () => executor.stop();
  signal.addEventListener('abort', stop);
  onEvent({ kind: 'trial started', trial, progress: running.progress });
  const outcome = await running.outcome;
  signal.removeEventListener('abort', stop);
  store.finish(trial.id, outcome);
  const finished = store.trial(trial.id);
  onEvent({ kind: 'trial finished', trial: finished, outcome });
  return finished;
}

/** The best trial of phase 1; undefined where none is done. */
function winnerOf(store: Store, experimentId: number): DoneTrial | undefined {
  const [first] = store.ranked(experimentId);
  return first?.state === 'done' ? first : undefined;
}

/** Saves the winner's best weights as a file; the store holds the same bits. */
function saveWinner(
  task: SweepTask,
  experimentId: number,
  winner: DoneTrial,
  ingredients: Ingredients,
): void {
  const { experiment, store, bestModel, onEvent } = task;
  const weights = store.weights(winner.id, 'best');
  if (weights === undefined)
    throw new Error(`Trial ${winner.number} of experiment ${experimentId} has no weights.`);
  writeModelFile(bestModel, {
    weights,
    activation: experiment.model.activation,
    pixels: experiment.data.pixels,
    provenance: {
      experiment: experiment.name,
      definitionHash: definitionHash(experiment),
      ...ingredients,
      trial: winner.number,
      key: winner.key,
      params: winner.params,
      epoch: winner.best.epoch,
      validationAccuracy: winner.best.evaluationAccuracy,
      validationLoss: winner.best.evaluationLoss,
    },
  });
  onEvent({ kind: 'winner', trial: winner, bestModel });
}

/** Phase 2: trains the winner on, from the weights that its file holds. */
async function finalPhase(
  task: SweepTask,
  experimentId: number,
  final: NonNullable<Experiment['final']>,
  winner: DoneTrial,
  ingredients: Ingredients,
): Promise<void> {
  const { experiment, data, executor, store, bestModel, onEvent } = task;
  const model = readModelFile(bestModel);
  expectShape(model, layerSizes(experiment, data));
  const { params, replicate } = winner;
  const key = trialKey(experiment, ingredients, 2, { params, replicate }, model.weights.sha256);
  store.addTrials(experimentId, [{ number: 1, phase: 2, key, params, replicate }]);
  const trial = store.trials(experimentId).find(({ phase }) => phase === 2) as Trial;
  onEvent({ kind: 'phase started', phase: 2, trials: 1, epochs: final.epochs, threads: executor.threads });
  await runTrial(task, trial, model.weights.parameters);
}
