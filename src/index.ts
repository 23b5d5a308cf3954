/** The public face of coresweep. */
import './refuse-old-node.ts';

export type { Arrays } from './data/arrays.ts';
export { CoresweepError } from './errors.ts';
export {
  defineExperiment,
  type MetricOf,
  type MetricsInput,
  type ObjectiveDefinition,
  type TypedExperiment,
  type ValuesOf,
} from './experiment/define.ts';
export type {
  Experiment,
  ExperimentInput,
  NetworkExperiment,
  NetworkInput,
  ObjectiveExperiment,
  ObjectiveInput,
} from './experiment/schema.ts';
export type { EpochMetrics, Metric, RegressionMetrics } from './metric.ts';
export { loadModel } from './model/load-model.ts';
export type { Model, Provenance } from './model/model-file.ts';
export type { ObjectiveFunction, Returned, TrialGiven } from './objective-function.ts';
export { boolean, choice, float, int, type Unconditional } from './space/builders.ts';
export type { Axis, SpaceDefinition, WrittenAxis, WrittenSpace } from './space/definition.ts';
export type { ParamsOf } from './space/params-of.ts';
export { openReadOnly as openResults, type ReadOnlyResults } from './store/open-results.ts';
export type { SweepEvent } from './sweep/events.ts';
export {
  type AskedTrial,
  openStudy,
  type Study,
  type StudyDefinition,
} from './sweep/open-study.ts';
export {
  type RunnableObjective,
  type RunSweepOptions,
  runSweep,
  type SweepEnd,
  sweepEvents,
  type TypedSweepResult,
} from './sweep/run-sweep.ts';
export type { SweepResult } from './sweep/sweep.ts';
export { type MlpOptions, type MlpResult, trainMlp } from './sweep/train-mlp.ts';
export type { Encoding } from './train/encoding.ts';
export { type Network, type Prediction, predict, predictNumbers } from './train/predict.ts';
export type { DoneTrial, Params, Report, Role, TrainedWeights, Trial, TrialOutcome, Value } from './trial.ts';
