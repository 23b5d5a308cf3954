/** A finished run as one JSON document, for programs. */
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import { type EpochMetrics, epochOf, type NetworkMetric } from '../metric.ts';
import type { Combination } from '../store/ranking.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { printableJson } from '../words/text.ts';

/** The files that a run has left behind. */
export interface RunPaths {
  readonly database: string;
  readonly bestModel: string | null;
  readonly plots: readonly string[];
  /** The report, one HTML file; null after a run that was stopped, or of a search alone. */
  readonly report: string | null;
}

/** The document, without a newline at the end. */
export function runDocument(experiment: Experiment, result: SweepResult, paths: RunPaths): string {
  const { trials, combinations, winner, final, state, seconds } = result;
  const { metric } = experiment.search;
  const document = {
    experiment: {
      id: result.experimentId,
      name: experiment.name,
      seed: experiment.seed,
      metric,
      state,
    },
    trials: trials.map((trial) => trialDocument(metric, trial)),
    combinations: combinations.map((combination) => combinationDocument(metric, combination)),
    winner: winner === undefined ? null : trialDocument(metric, winner),
    final: final?.state === 'done' ? finalDocument(metric, final) : null,
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

function trialDocument(metric: NetworkMetric, trial: Trial) {
  const { number, params, replicate, state, attempts } = trial;
  const common = { number, params, replicate, state, attempts };
  switch (trial.state) {
    case 'done':
    case 'pruned': {
      const { seconds, artifacts } = trial;
      return {
        ...common,
        best: validation(epochOf(metric, trial.best)),
        last: validation(epochOf(metric, trial.last)),
        seconds,
        weightsSha256: artifacts.best,
        lastWeightsSha256: artifacts.last,
      };
    }
    case 'diverged':
      return { ...common, divergedEpoch: trial.step, seconds: trial.seconds };
    case 'failed':
      return { ...common, error: { code: trial.code, reason: trial.reason }, seconds: trial.seconds };
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return common;
    default:
      return trial satisfies never;
  }
}

/** The validation accuracy and loss that replicates come to: null where none is done. */
function combinationDocument(metric: NetworkMetric, { spreads, ...combination }: Combination) {
  const [first = null, second = null] = spreads;
  const [accuracy, loss] = metric === 'validationAccuracy' ? [first, second] : [second, first];
  return { ...combination, accuracy, loss };
}

/** The headline is the last epoch; the peak is named as one, because test rows choose nothing. */
function finalDocument(metric: NetworkMetric, { params, seconds, artifacts, ...trial }: DoneTrial) {
  const [last, best] = [epochOf(metric, trial.last), epochOf(metric, trial.best)];
  return {
    params,
    testAccuracy: last.evaluationAccuracy,
    testLoss: last.evaluationLoss,
    epochs: last.epoch,
    peak: { epoch: best.epoch, testAccuracy: best.evaluationAccuracy, testLoss: best.evaluationLoss },
    seconds,
    weightsSha256: artifacts.last,
  };
}
