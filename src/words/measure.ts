/**
 * What a run measures, for people: the name of each metric, how its values are written, and where a report has them.
 * Not here: tables and axes, which are made of these.
 */
import { type Metric, metricsFrom, type NetworkMetric, type Quantity } from '../metric.ts';
import type { Report, Role } from '../trial.ts';
import { evaluationName } from './evaluation-name.ts';
import { printable } from './printable.ts';
import { measuredText, quantityText } from './units.ts';

export interface Measure {
  /** As the run calls it. */
  readonly name: string;
  /** Its place among the values of a report. */
  readonly place: number;
  readonly goal: Metric['goal'];
  readonly quantity: Quantity | 'number';
  /** As people say it of a trial of this role: `validation accuracy`. */
  readonly title: (role: Role) => string;
  readonly text: (value: number) => string;
  /** Where a report has the same of the rows that a network trains on. */
  readonly training?: number;
}

/** What a run measures in, and of networks what decides. */
export interface Measured {
  readonly metric: NetworkMetric | null;
  readonly metrics: readonly Metric[];
}

/** In the run's order, what decides first; of networks two, each with its twin on the training rows. */
export function measuresOf({ metric, metrics }: Measured): Measure[] {
  if (metric === null)
    return metrics.map(({ name, goal }, place) => ({
      ...{ name, place, goal, quantity: 'number', text: measuredText, title: () => printable(name) },
    }));
  const placeOf = (name: string) => metrics.findIndex((one) => one.name === name);
  return metricsFrom(metric).map(({ metric: name, quantity, goal }) => ({
    ...{ name, place: placeOf(name), goal, quantity, text: quantityText[quantity] },
    title: (role) => `${evaluationName(role)} ${quantity}`,
    training: placeOf(trainingTwin[name]),
  }));
}

const trainingTwin = { validationAccuracy: 'trainingAccuracy', validationLoss: 'trainingLoss' } as const;

/** The one that decides: the first with a goal. */
export const decidingOf = (measures: readonly Measure[]): Measure =>
  (measures.find(({ goal }) => goal !== 'none') ?? measures[0]) as Measure;

export const valueIn = ({ place }: Pick<Measure, 'place'>, { values }: Report): number =>
  values[place] as number;

/** What people call the steps that a trial reports after. */
export const stepName = ({ metric }: Pick<Measured, 'metric'>): 'epoch' | 'step' =>
  metric === null ? 'step' : 'epoch';
