/** A finished run as one JSON document, for programs. */
import type { Classification } from '../evidence/classification.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type EpochMetrics, epochOf } from '../metric.ts';
import type { Combination } from '../store/ranking.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import type { DoneTrial, Report, Trial } from '../trial.ts';
import { deciding, type Measure, type Tried, valueIn } from '../words/measures.ts';
import { printableJson } from '../words/text.ts';

/** The files that a run has left behind. */
export interface RunPaths {
  readonly database: string;
  readonly bestModel: string | null;
  readonly plots: readonly string[];
  /** The report, one HTML file; null after a run that was stopped, or of a search alone. */
  readonly report: string | null;
}

/**
 * The document, without a newline at the end.
 * @param classification how good the final model is class by class, where that is known
 */
export function runDocument(
  experiment: Experiment,
  tried: Tried,
  result: SweepResult,
  paths: RunPaths,
  classification?: Classification,
): string {
  const { experimentId: id, trials, combinations, winner, final, state, seconds } = result;
  const { name, seed } = experiment;
  const metrics = tried.measures.map(({ key, goal }) => ({ name: key, goal }));
  const document = {
    experiment: { id, name, seed, metric: deciding(tried).key, metrics, state },
    trials: trials.map((trial) => trialDocument(tried, trial)),
    combinations: combinations.map((combination) => combinationDocument(tried, combination)),
    winner: winner === undefined ? null : trialDocument(tried, winner),
    final: final?.state === 'done' ? finalDocument(tried, final, classification) : null,
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

/** The numbers of a report: a network's as it has always named them, those of an objective by their names. */
function reportDocument(tried: Tried, report: Report) {
  if (tried.kind === 'network') return validation(epochOf(tried.metric, report));
  const values = tried.measures.map((measure) => [measure.key, valueIn(measure, report)] as const);
  return { step: report.step, values: Object.fromEntries(values) };
}

function trialDocument(tried: Tried, trial: Trial) {
  const { number, params, replicate, state, attempts } = trial;
  const common = { number, params, replicate, state, attempts };
  switch (trial.state) {
    case 'done':
    case 'pruned': {
      const { seconds, artifacts } = trial;
      return {
        ...common,
        best: reportDocument(tried, trial.best),
        last: reportDocument(tried, trial.last),
        seconds,
        ...(tried.kind === 'network'
          ? { weightsSha256: artifacts.best, lastWeightsSha256: artifacts.last }
          : { modelSha256: artifacts.model ?? null }),
      };
    }
    case 'diverged':
      return {
        ...common,
        [`diverged${tried.kind === 'network' ? 'Epoch' : 'Step'}`]: trial.step,
        seconds: trial.seconds,
      };
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

/** What replicates come to in the mean: of networks the validation accuracy and loss, null where none is done. */
function combinationDocument(tried: Tried, { spreads, ...combination }: Combination) {
  const spreadOf = ({ place }: Measure) => spreads[place] ?? null;
  if (tried.kind === 'objective') {
    const metrics = tried.measures.map((measure) => [measure.key, spreadOf(measure)] as const);
    return { ...combination, metrics: Object.fromEntries(metrics) };
  }
  const named = (written: Measure['written']) =>
    spreadOf(tried.measures.find((measure) => measure.written === written) as Measure);
  return { ...combination, accuracy: named('accuracy'), loss: named('loss') };
}

/** The headline is the last epoch; the peak is named as one, because test rows choose nothing. */
function finalDocument(tried: Tried, final: DoneTrial, classification: Classification | undefined) {
  if (tried.kind === 'objective') return trialDocument(tried, final);
  const { metric } = tried;
  const { params, seconds, artifacts, ...trial } = final;
  const [last, best] = [epochOf(metric, trial.last), epochOf(metric, trial.best)];
  return {
    params,
    testAccuracy: last.evaluationAccuracy,
    testLoss: last.evaluationLoss,
    epochs: last.epoch,
    peak: { epoch: best.epoch, testAccuracy: best.evaluationAccuracy, testLoss: best.evaluationLoss },
    seconds,
    weightsSha256: artifacts.last,
    classification: classification ?? null,
  };
}
