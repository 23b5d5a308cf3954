/** The public face of coresweep. */
export { CoresweepError } from './errors.ts';
export { defineExperiment, type TypedExperiment } from './experiment/define.ts';
export type { Experiment, ExperimentInput } from './experiment/schema.ts';
export type { SweepEvent } from './sweep/events.ts';
export { type RunSweepOptions, runSweep } from './sweep/run-sweep.ts';
export type { SweepResult } from './sweep/sweep.ts';
export type { DoneTrial, EpochMetrics, Params, Trial } from './trial.ts';
