/**
 * Phase 2: saves the winner of the search, and runs it on where that is asked for.
 * Not here: what comes before and after it (sweep.ts), and one trial (run-trial.ts).
 */
import type { JobStart } from '../execute/executor.ts';
import { ofTrial } from '../experiment/trial-settings.ts';
import { expectShape, type Model } from '../model/model-file.ts';
import { trialModel } from '../store/trial-model.ts';
import type { Artifact, DoneTrial, Trial } from '../trial.ts';
import { isOpen } from './ended.ts';
import { groupCommit } from './group-commit.ts';
import { trialKey } from './identity.ts';
import { patiently } from './patience.ts';
import { layerSizes } from './plan.ts';
import { type Run, tellPhase } from './run.ts';
import { runTrial } from './run-trial.ts';
import { withoutFinished } from './take-over.ts';
import type { TriedNetwork } from './tried.ts';
import { winnerFromFile } from './winner-file.ts';
import { withMachines } from './with-machines.ts';

/** @returns the final trial; undefined where none is asked for */
export function finalPhase(run: Run, winner: DoneTrial): Promise<Trial | undefined> {
  const { tried } = run;
  return tried.kind === 'network' ? carryOn({ ...run, tried }, winner) : onceMore(run, winner);
}

type NetworkRun = Run & { readonly tried: TriedNetwork };

/** Saves the winner's network, and trains it on where that is asked for. */
async function carryOn(run: NetworkRun, winner: DoneTrial): Promise<Trial | undefined> {
  const { experiment, data } = run.tried;
  const model = await saveWinner(run, winner);
  if (experiment.final === undefined || run.lastPhase === 1) return undefined;
  expectShape(model, layerSizes(ofTrial(experiment, winner.params), data));
  const artifact = { kind: 'network', name: 'best', weights: model.weights } as const;
  return finalTrial(run, winner, { artifact, sha256: model.weights.sha256 });
}

/** Runs the winner of an objective once more, from what it saved, where that is asked for. */
async function onceMore(run: Run, winner: DoneTrial): Promise<Trial | undefined> {
  run.onEvent({ kind: 'winner', trial: winner, bestModel: undefined });
  if (run.experiment.final === undefined || run.lastPhase === 1) return undefined;
  const artifact = run.store.artifact(winner.id, 'model');
  return finalTrial(run, winner, { artifact, sha256: winner.artifacts.model });
}

/** Sees to it that the model file holds the winner's best weights, and returns what it holds. */
async function saveWinner(run: Run, winner: DoneTrial): Promise<Model> {
  const { experimentId, store, bestModel, signal, onEvent } = run;
  const recorded = store.experiments().find(({ id }) => id === experimentId);
  if (recorded === undefined) throw new Error(`Experiment ${experimentId} is not in the store.`);
  const wanted = trialModel(store, recorded, winner);
  const remark = (text: string) => onEvent({ kind: 'remark', text });
  const file = { store, experimentId, path: bestModel, remark };
  const model = await patiently(() => winnerFromFile(file, wanted), signal);
  onEvent({ kind: 'winner', trial: winner, bestModel });
  return model;
}

/** What a final trial starts from; absent where the winner has saved nothing. */
interface FinalStart {
  readonly artifact: Artifact | undefined;
  readonly sha256: string | undefined;
}

/** Runs the final trial from its start, unless that was done before. */
async function finalTrial(run: Run, winner: DoneTrial, { artifact, sha256 }: FinalStart): Promise<Trial> {
  const { tried, experimentId, executor, store, signal } = run;
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
  tellPhase(run, 'final', 1);
  const from: JobStart = artifact === undefined ? { from: 'nothing' } : { from: 'artifact', artifact };
  const commit = withMachines(groupCommit(store, signal), executor, store);
  return runTrial({ ...run, commit }, trial, from);
}
