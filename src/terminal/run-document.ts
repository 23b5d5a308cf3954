/** A finished run as one JSON document, for programs. */
import type { Classification } from '../evidence/classification.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { TargetPredictions } from '../findings/number-predictions.ts';
import type { Combination } from '../store/ranking.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import type { DoneTrial, Report, Trial } from '../trial.ts';
import { deciding, type Measure, type Tried, tellsClasses, valueIn } from '../words/measures.ts';
import { printableJson } from '../words/text.ts';

/** The files that a run has left behind. */
export interface RunPaths {
  readonly database: string;
  readonly bestModel: string | null;
  readonly plots: readonly string[];
  /** The report, one HTML file; null after a run that was stopped, or of a search alone. */
  readonly report: string | null;
}

/** How good the final model is, as far as that is known: class by class, or target by target. */
export interface FinalModel {
  readonly classification?: Classification | undefined;
  readonly targets?: readonly TargetPredictions[] | undefined;
}

/** The document, without a newline at the end. */
export function runDocument(
  experiment: Experiment,
  tried: Tried,
  result: SweepResult,
  paths: RunPaths,
  model: FinalModel = {},
): string {
  const { experimentId: id, trials, combinations, winner, final, state, seconds } = result;
  const { name, seed } = experiment;
  const metrics = tried.measures.map(({ key, goal }) => ({ name: key, goal }));
  const document = {
    experiment: { id, name, seed, metric: deciding(tried).key, metrics, state },
    trials: trials.map((trial) => trialDocument(tried, trial)),
    combinations: combinations.map((combination) => combinationDocument(tried, combination)),
    winner: winner === undefined ? null : trialDocument(tried, winner),
    final: final?.state === 'done' ? finalDocument(tried, final, model) : null,
    seconds,
    paths,
  };
  return printableJson(JSON.stringify(document, null, 2));
}

/** The numbers of a report: a network's as it has always named them, those of an objective by their names. */
function reportDocument(tried: Tried, report: Report) {
  const { measures, kind } = tried;
  const values = (order: readonly Measure[]) =>
    Object.fromEntries(order.map((measure) => [measure.key, valueIn(measure, report)] as const));
  if (kind === 'objective') return { step: report.step, values: values(measures) };
  const isOfTraining = ({ key }: Measure) => key.startsWith('training');
  const ordered = sorted(measures);
  return {
    epoch: report.step,
    ...values(ordered.filter((measure) => !isOfTraining(measure))),
    ...values(ordered.filter(isOfTraining)),
  };
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

/** The means over replicates: of networks that tell classes, validation accuracy and loss, null where none is done. */
function combinationDocument(tried: Tried, { spreads, ...combination }: Combination) {
  const spreadOf = ({ place }: Measure) => spreads[place] ?? null;
  if (!tellsClasses(tried)) {
    const metrics = tried.measures.map((measure) => [measure.key, spreadOf(measure)] as const);
    return { ...combination, metrics: Object.fromEntries(metrics) };
  }
  const named = (written: Measure['written']) =>
    spreadOf(tried.measures.find((measure) => measure.written === written) as Measure);
  return { ...combination, accuracy: named('accuracy'), loss: named('loss') };
}

/** The headline is the last epoch; the peak is named as one, because test rows choose nothing. */
function finalDocument(tried: Tried, final: DoneTrial, model: FinalModel) {
  if (tried.kind === 'objective') return trialDocument(tried, final);
  const { params, seconds, artifacts, ...trial } = final;
  const measured = tried.measures.filter(({ key }) => key.startsWith('validation'));
  const onTest = (report: Report) =>
    Object.fromEntries(
      sorted(measured).map((measure) => [
        measure.key.replace('validation', 'test'),
        valueIn(measure, report),
      ]),
    );
  return {
    params,
    ...onTest(trial.last),
    epochs: trial.last.step,
    peak: { epoch: trial.best.step, ...onTest(trial.best) },
    seconds,
    weightsSha256: artifacts.last,
    ...(tellsClasses(tried)
      ? { classification: model.classification ?? null }
      : { targets: model.targets?.map(targetDocument) ?? null }),
  };
}

/** Row by row what there was and what the model says of it. */
const targetDocument = ({ name, actual, predicted, errors }: TargetPredictions) => {
  const { residuals: _, ...scores } = errors;
  return { name, ...scores, actual: [...actual], predicted: [...predicted] };
};

/** An accuracy first, whatever decided. */
const sorted = (measures: readonly Measure[]): readonly Measure[] =>
  measures.toSorted((a, b) => Number(b.written === 'accuracy') - Number(a.written === 'accuracy'));
