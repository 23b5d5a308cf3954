/**
 * What a run tries, as far as its loop must know: the built-in network on its rows, or an objective of a person's own.
 * Not here: how a trial of it is run (execute).
 */
import type { LoadedData } from '../data/dataset.ts';
import type { RankedBy } from '../execute/underway.ts';
import { foldsOf } from '../experiment/replicates.ts';
import type { Experiment, NetworkExperiment, ObjectiveExperiment } from '../experiment/schema.ts';
import { largestEpochs, ofTrial } from '../experiment/trial-settings.ts';
import { type Metric, type NetworkMetric, networkMetrics } from '../metric.ts';
import type { NewExperiment, ResumedDefinition } from '../store/results.ts';
import type { Role, TrialSpec } from '../trial.ts';
import {
  canonicalJson,
  definitionHash,
  type KernelHashOf,
  type NetworkIngredients,
  type ObjectiveIngredients,
} from './identity.ts';

export interface TriedNetwork {
  readonly kind: 'network';
  readonly experiment: NetworkExperiment;
  readonly data: LoadedData;
  readonly ingredients: NetworkIngredients;
  readonly kernelHashOf: KernelHashOf;
}

export interface TriedObjective {
  readonly kind: 'objective';
  readonly experiment: ObjectiveExperiment;
  readonly ingredients: ObjectiveIngredients;
}

export type Tried = TriedNetwork | TriedObjective;

/** What is measured, and so what decides. */
export const metricsOf = (experiment: Experiment): readonly Metric[] =>
  experiment.objective === undefined ? networkMetrics(experiment.search.metric) : experiment.metrics;

/** Which report a trial is ranked by. */
export const rankedBy = (experiment: Experiment): RankedBy =>
  experiment.objective === undefined ? 'best' : experiment.search.result;

/** Which of the network's metrics decides; null where no network is tried. */
export const networkMetricOf = (tried: Tried): NetworkMetric | null =>
  tried.kind === 'network' ? tried.experiment.search.metric : null;

/** Into how many folds its rows are cut; 1 without folds. */
export const foldsIn = (tried: Tried): number => (tried.kind === 'network' ? foldsOf(tried.experiment) : 1);

/** Whether equal keys are equal answers, so that one may stand for another. */
export const isDeterministic = (experiment: Experiment): boolean =>
  experiment.objective === undefined || experiment.deterministic;

/** How many steps a trial has at most, where that is known. */
export function stepsOf(tried: Tried, role: Role): number | undefined {
  if (tried.kind === 'objective') return undefined;
  const { final } = tried.experiment;
  return role === 'search' ? largestEpochs(tried.experiment) : final?.epochs;
}

/** How many steps one trial has, where that is known. */
export function stepsOfTrial(tried: Tried, { role, params }: Pick<TrialSpec, 'role' | 'params'>) {
  return tried.kind === 'network' && role === 'search'
    ? ofTrial(tried.experiment, params).training.epochs
    : stepsOf(tried, role);
}

/** A definition as it is recorded of a run, which may go on with another one. */
export const definitionRecord = (experiment: Experiment): ResumedDefinition => ({
  definition: canonicalJson(experiment),
  definitionHash: definitionHash(experiment),
});

/** What is recorded of a run before its first trial. */
export function newRun(tried: Tried): NewExperiment {
  const { experiment, ingredients } = tried;
  return {
    ...{ name: experiment.name, seed: experiment.seed, ...definitionRecord(experiment) },
    ...{ dataHash: null, kernelHash: null, objectiveHash: null, ...ingredients },
    encoding: tried.kind === 'network' ? JSON.stringify(tried.data.encoding) : null,
    metric: networkMetricOf(tried),
    metrics: metricsOf(experiment),
    createdAt: new Date().toISOString(),
  };
}
