/**
 * The one loop: ask the searcher, run, record, repeat; then train the winner on. A run that was cut off goes on.
 * Not here: how a trial is run (pool), how it is stored (store), what is shown of it.
 */

import type { Executor } from '../pool/executor.ts';
import { randomStream } from '../random.ts';
import { gridSearch } from '../search/grid.ts';
import { expectShape, type Model } from '../store/model-file.ts';
import type { NewSession, Experiment as RecordedRun } from '../store/results.ts';
import { trialModel } from '../store/trial-model.ts';
import { initialParameters } from '../train/initial-weights.ts';
import type { DoneTrial, Phase, Trial, TrialSpec } from '../trial.ts';
import { canonicalJson, definitionHash, type Ingredients, trialKey } from './identity.ts';
import { patiently } from './patience.ts';
import { layerSizes } from './plan.ts';
import { runToResume } from './resume.ts';
import { isSuspect, runTrial, type TrialTask } from './run-trial.ts';
import { winnerFromFile } from './winner-file.ts';

export interface SweepTask extends TrialTask {
  readonly kernelHash: string;
  /** What every trial of phase 1 starts from, where that is not drawn: the weights of experiment.start. */
  readonly start: Float32Array | undefined;
  /** Where the winner's weights are saved. */
  readonly bestModel: string;
  /** The last phase to run. */
  readonly lastPhase: Phase;
  /** Whether to begin a new run even where one of the same definition could go on. */
  readonly isFresh: boolean;
  /** Whether trials that failed in an earlier session are tried again. */
  readonly retriesFailed: boolean;
  /** Whether phase 2 starts from the model file whatever it holds. */
  readonly forcesModel: boolean;
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
  /** Of all sessions of the run. */
  readonly seconds: number;
}

/** A run under way: a new one, or one that goes on. */
interface Run extends SweepTask {
  readonly experimentId: number;
  readonly ingredients: Ingredients;
  /** What was recorded of it before; undefined for a new one. */
  readonly recorded: RecordedRun | undefined;
  /** Marks the run as running, once there is something to do in it. */
  wake(): Promise<void>;
  readonly isAwake: () => boolean;
}

/** Runs both phases of an experiment, as a new run in the store or going on with one. */
export async function sweep(task: SweepTask): Promise<SweepResult> {
  const { experiment, executor, store, signal, onEvent } = task;
  const run = await openRun(task);
  const { experimentId, recorded } = run;
  await searchPhase(run);
  const winner = store.winner(experimentId);
  let final: Trial | undefined;
  if (winner !== undefined && !signal.aborted) {
    const model = await saveWinner(run, winner);
    if (experiment.final !== undefined && task.lastPhase === 2) final = await finalPhase(run, winner, model);
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
  const trials = store.trials(experimentId).filter(({ phase }) => phase === 1);
  return { experimentId, trials, ranked: store.ranked(experimentId), winner, final, state, seconds };
}

/** Finds the run that the definition goes on with, or begins one, and gives it the trials that it lacks. */
async function openRun(task: SweepTask): Promise<Run> {
  const { experiment, data, executor, kernelHash, store, signal, isFresh } = task;
  const ingredients = { dataHash: data.hash, kernelHash };
  const recorded = isFresh ? undefined : runToResume(experiment, ingredients, store.experiments());
  const definition = { definition: canonicalJson(experiment), definitionHash: definitionHash(experiment) };
  const begin = () =>
    store.beginExperiment({
      name: experiment.name,
      ...definition,
      ...ingredients,
      encoding: JSON.stringify(data.encoding),
      seed: experiment.seed,
      metric: experiment.search.metric,
      createdAt: new Date().toISOString(),
    });
  const experimentId = recorded?.id ?? (await patiently(begin, signal));
  let isAwake = false;
  const run = {
    ...task,
    experimentId,
    ingredients,
    recorded,
    isAwake: () => isAwake,
    async wake() {
      if (isAwake) return;
      if (recorded !== undefined)
        await patiently(() => store.resumeExperiment(experimentId, definition), signal);
      await patiently(() => store.beginSession(experimentId, newSession(executor)), signal);
      isAwake = true;
    },
  };
  if (recorded?.state !== 'done') await run.wake();
  const missing = missingTrials(run);
  if (missing.length > 0) {
    await run.wake();
    const { sha256 } = experiment.start ?? {};
    const start = sha256 === undefined ? undefined : { sha256, isForced: false };
    await patiently(() => store.addTrials(experimentId, missing, start), signal);
  }
  return run;
}

/** This process at work, from when its threads were started. */
const newSession = (executor: Executor): NewSession => ({
  startedAt: new Date(Date.now() - 1000 * executor.age()).toISOString(),
  threads: executor.threads,
});

/** The points of the search that the run has no trial for, numbered after those that it has. */
function missingTrials({ experiment, experimentId, ingredients, store }: Run): TrialSpec[] {
  const searcher = gridSearch(experiment.space, experiment.search.replicates);
  const points = searcher.ask([], randomStream(experiment.seed, 'search', 0, 0), Number.POSITIVE_INFINITY);
  const known = store.trials(experimentId).filter(({ phase }) => phase === 1);
  const keys = new Set(known.map(({ key }) => key));
  return points
    .map((point) => ({
      ...point,
      key: trialKey(experiment, ingredients, 1, point, experiment.start?.sha256),
    }))
    .filter(({ key }) => !keys.has(key))
    .map((spec, index) => ({ ...spec, phase: 1, number: known.length + index + 1 }));
}

/** Whether there is something left to do for a trial. */
function isOpen({ state }: Trial, { retriesFailed }: SweepTask): boolean {
  switch (state) {
    case 'waiting':
    case 'running':
    case 'stopped':
      return true;
    case 'failed':
      return retriesFailed;
    case 'done':
    case 'diverged':
      return false;
    default:
      return state satisfies never;
  }
}

/** Phase 1: every trial without a final record, as many at once as the executor has room for. */
async function searchPhase(run: Run): Promise<void> {
  const { experiment, experimentId, data, executor, store, recorded, onEvent } = run;
  const trials = store.trials(experimentId).filter(({ phase }) => phase === 1);
  const todo = trials.filter((trial) => isOpen(trial, run));
  if (todo.length === 0) return;
  await run.wake();
  if (recorded !== undefined) {
    const text = `Going on with experiment ${experimentId}: ${trials.length - todo.length} of ${trials.length} trials are recorded already.`;
    onEvent({ kind: 'remark', text });
  }
  onEvent({
    kind: 'phase started',
    phase: 1,
    trials: todo.length,
    epochs: experiment.training.epochs,
    threads: executor.threads,
  });

  // Replicates differ in their starting weights, combinations do not: drawn once each.
  const starts = new Map<number, Float32Array>();
  const startOf = (replicate: number): Float32Array => {
    const known = run.start ?? starts.get(replicate);
    if (known !== undefined) return known;
    const { model, seed } = experiment;
    const start = initialParameters(layerSizes(experiment, data), model.initialWeights, seed, replicate);
    starts.set(replicate, start);
    return start;
  };
  await runAll(run, todo, startOf);
}

/** Runs trials, as many at once as the executor has room for; the first fault of the store stops the others. */
async function runAll(
  run: Run,
  trials: readonly Trial[],
  startOf: (replicate: number) => Float32Array,
): Promise<void> {
  const { executor } = run;
  const fault = new AbortController();
  const signal = AbortSignal.any([run.signal, fault.signal]);
  const task = { ...run, signal };
  const underway = new Set<Promise<unknown>>();
  /** Those whose threads are not free yet. */
  const training = new Set<Promise<unknown>>();
  const inOrder = [...trials.filter(isSuspect), ...trials.filter((trial) => !isSuspect(trial))];
  let started = 0;
  const hasRoom = () => training.size < executor.capacity(trials.length - started);
  try {
    for (;;) {
      while (started < trials.length && !signal.aborted && hasRoom()) {
        const trial = inOrder[started++] as Trial;
        const { promise: further, resolve: onFurther } = Promise.withResolvers<void>();
        const { promise: trained, resolve: onTrained } = Promise.withResolvers<void>();
        const steps = { onFurther, onTrained };
        const ended: Promise<unknown> = runTrial(task, trial, startOf(trial.replicate), steps).then(() =>
          underway.delete(ended),
        );
        underway.add(ended);
        const busy: Promise<unknown> = trained.then(() => training.delete(busy));
        training.add(busy);
        // Alone until it is cleared, so that no other trial is blamed if it ends the process again.
        if (isSuspect(trial)) await Promise.race([ended, further]);
      }
      if (underway.size === 0) return;
      await Promise.race([...training, ...underway]);
    }
  } finally {
    // Those too that only wait for the database: they must not begin.
    fault.abort();
    await Promise.allSettled(underway);
  }
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
async function finalPhase(run: Run, winner: DoneTrial, { model, isForced }: SavedModel): Promise<Trial> {
  const { experiment, experimentId, ingredients, data, executor, store, signal, onEvent } = run;
  expectShape(model, layerSizes(experiment, data));
  const { parameters, sha256 } = model.weights;
  const { params, replicate } = winner;
  const key = trialKey(experiment, ingredients, 2, { params, replicate }, sha256);
  const known = store.trials(experimentId).filter(({ phase }) => phase === 2);
  if (!known.some((trial) => trial.key === key)) {
    await run.wake();
    // Another winner, or a forced model, has a final training of its own: what was recorded stays.
    const spec = { number: known.length + 1, phase: 2, key, params, replicate } as const;
    await patiently(() => store.addTrials(experimentId, [spec], { sha256, isForced }), signal);
  }
  await patiently(() => store.recordForced(experimentId, isForced ? sha256 : undefined), signal);
  const trial = store.finalTrial(experimentId);
  if (trial?.key !== key) throw new Error(`Experiment ${experimentId} has another final training.`);
  if (!isOpen(trial, run)) return trial;
  await run.wake();
  const epochs = experiment.final?.epochs ?? 0;
  onEvent({ kind: 'phase started', phase: 2, trials: 1, epochs, threads: executor.threads });
  return runTrial(run, trial, parameters);
}
