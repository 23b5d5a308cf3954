/** A finished run as one JSON document, for programs. */
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import type { DoneTrial, EpochMetrics, Trial } from '../trial.ts';
import { printableJson } from './text.ts';

/** The files that a run has left behind. */
export interface RunPaths {
  readonly database: string;
  readonly bestModel: string | null;
  readonly plots: readonly string[];
  /** The report, one HTML file; null after a run that was stopped, or of phase 1 alone. */
  readonly report: string | null;
}

/** The document, without a newline at the end. */
export function runDocument(experiment: Experiment, result: SweepResult, paths: RunPaths): string {
  const { trials, combinations, winner, final, state, seconds } = result;
  const document = {
    experiment: {
      id: result.experimentId,
      name: experiment.name,
      seed: experiment.seed,
      metric: experiment.search.metric,
      state,
    },
    trials: trials.map(trialDocument),
    combinations,
    winner: winner === undefined ? null : trialDocument(winner),
    final: final?.state === 'done' ? finalDocument(final) : null,
    seconds,
    paths,
  };
  return printableJson(JSON.stringify(document, null, 2));
}

const validation = ({
  epoch,
  evaluationAccuracy,
  evaluationLoss,
  trainingAccuracy,
  trainingLoss,
}: EpochMetrics) => ({
  epoch,
  validationAccuracy: evaluationAccuracy,
  validationLoss: evaluationLoss,
  trainingAccuracy,
  trainingLoss,
});

function trialDocument(trial: Trial) {
  const { number, params, replicate, state, attempts } = trial;
  const common = { number, params, replicate, state, attempts };
  switch (trial.state) {
    case 'done': {
      const { seconds, weightsSha256, lastWeightsSha256 } = trial;
      return {
        ...common,
        best: validation(trial.best),
        last: validation(trial.last),
        seconds,
        weightsSha256,
        lastWeightsSha256,
      };
    }
    case 'diverged':
      return { ...common, divergedEpoch: trial.epoch, seconds: trial.seconds };
    case 'failed':
      return { ...common, error: { code: trial.code, reason: trial.reason }, seconds: trial.seconds };
    case 'waiting':
    case 'running':
    case 'stopped':
      return common;
    default:
      return trial satisfies never;
  }
}

/** The headline is the last epoch; the peak is named as one, because test rows choose nothing. */
function finalDocument({ params, last, best, seconds, lastWeightsSha256 }: DoneTrial) {
  return {
    params,
    testAccuracy: last.evaluationAccuracy,
    testLoss: last.evaluationLoss,
    epochs: last.epoch,
    peak: { epoch: best.epoch, testAccuracy: best.evaluationAccuracy, testLoss: best.evaluationLoss },
    seconds,
    weightsSha256: lastWeightsSha256,
  };
}
