/**
 * What a run tried and measured, as people read it: the one place that tells the network's metrics from all others.
 * Not here: how a number is written (units.ts), which trial is better (the store).
 */
import { foldsOf, type ReplicateName, replicateNameOf } from '../experiment/replicates.ts';
import { type Metric, metricFacts, type NetworkMetric, networkMetrics, type Quantity } from '../metric.ts';
import type { Spread } from '../store/ranking.ts';
import type { Experiment } from '../store/results.ts';
import type { Report, Role } from '../trial.ts';
import { evaluationName } from './evaluation-name.ts';
import { parameterTitle, quantityName, quantityText, type Written } from './units.ts';

/** One metric of a run. */
export interface Measure {
  /** The metric's name, and its key in JSON and CSV. */
  readonly key: string;
  /** As people say it: `validation accuracy`. */
  readonly title: string;
  readonly written: Written;
  readonly goal: Metric['goal'];
  /** Where a report has it. */
  readonly place: number;
}

/** What the trials of a run are: the built-in network, or an objective of a person's own. */
export type Tried =
  | {
      readonly kind: 'network';
      /** What decides. */
      readonly metric: NetworkMetric;
      /** What a step is called. */
      readonly step: 'epoch';
      /** Which of its steps a trial is ranked by. */
      readonly counted: 'best';
      /** Into how many folds its rows are cut; 1 without folds. */
      readonly folds: number;
      /** What the trials of one combination are called. */
      readonly replicateName: ReplicateName;
      /** In the order of the run's metrics: the first decides. */
      readonly measures: readonly Measure[];
    }
  | {
      readonly kind: 'objective';
      readonly step: 'step';
      readonly counted: 'best' | 'last';
      readonly folds: 1;
      readonly replicateName: 'replicate';
      readonly measures: readonly Measure[];
    };

/** What a run tells of its trials; `definition` is its JSON text, without which all is as by default. */
export type Measured = Pick<Experiment, 'metric' | 'metrics'> & { readonly definition?: string };

export function triedBy({ metric, metrics, definition }: Measured): Tried {
  const measures = metrics.map(({ name, goal }, place): Measure => {
    const known = metric === null ? undefined : networkMeasure(name);
    return { key: name, goal, place, ...(known ?? { title: parameterTitle(name), written: 'number' }) };
  });
  const { search = {}, data = {} } = definition === undefined ? {} : partsOf(definition);
  if (metric === null) {
    const { result: counted = 'best' } = search;
    return { kind: 'objective', step: 'step', counted, folds: 1, replicateName: 'replicate', measures };
  }
  const replicateName = replicateNameOf({ search: { replicates: search.replicates ?? 1 }, data });
  return {
    ...{ kind: 'network', metric, step: 'epoch', counted: 'best', folds: foldsOf({ data }) },
    ...{ replicateName, measures },
  };
}

/** The page reads it too, to which the whole form of a definition would be a heavy thing to load. */
interface Definition {
  readonly search?: { readonly result?: 'best' | 'last'; readonly replicates?: number };
  readonly data?: { readonly folds?: number };
}

/** A damaged one says nothing here: reading it whole reports it, and one run must not hide the others of a list. */
function partsOf(definition: string): Definition {
  try {
    return Object(JSON.parse(definition)) as Definition;
  } catch {
    return {};
  }
}

/** A run of networks that `metric` decides. */
export const networksBy = (metric: NetworkMetric): Tried =>
  triedBy({ metric, metrics: networkMetrics(metric) });

/** A number of a person's own may be called accuracy and be one of a hundred: only a network's are known by their names. */
function networkMeasure(name: string): Pick<Measure, 'title' | 'written'> | undefined {
  const [, rows, quantity] = /^(validation|training)(Accuracy|Loss|Rmse|R2)$/.exec(name) ?? [];
  if (quantity === undefined) return undefined;
  const written = quantity.toLowerCase() as Quantity;
  return { title: `${rows} ${quantityName[written]}`, written };
}

/** Whether networks were tried that tell classes, and so have an accuracy. */
export const tellsClasses = (tried: Tried): boolean =>
  tried.kind === 'network' && metricFacts[tried.metric].learning === 'classes';

/** What a measure is called beside those of other rows: of a network `loss`, of anything else its title. */
export const shortTitle = ({ kind }: Pick<Tried, 'kind'>, { written, title }: Measure): string =>
  kind === 'network' && written !== 'number' ? quantityName[written] : title;

/** The metric at position 1, which decides. */
export const deciding = ({ measures }: Tried): Measure => measures[0] as Measure;

/** Which of a trial's steps it is ranked by, in words: `best epoch`, and `last step` with `search.result: last`. */
export const countedStep = ({ counted, step }: Tried): string => `${counted} ${step}`;

/** Of which curves are drawn: of a network what it does on its evaluation rows, else all that have a goal. */
export function drawnMeasures({ kind, measures }: Tried): readonly Measure[] {
  if (kind === 'network') return measures.slice(0, 2);
  const judged = measures.filter(({ goal }) => goal !== 'none');
  return judged.length === 0 ? measures.slice(0, 1) : judged;
}

/** The same metric on the rows that a network is trained on. */
export const onTrainingRows = ({ kind, measures }: Tried, { key }: Measure): Measure | undefined =>
  kind === 'network'
    ? measures.find((measure) => measure.key === key.replace('validation', 'training'))
    : undefined;

export const valueIn = ({ place }: Measure, { values }: Report): number => values[place] as number;

/** A value of a metric as something to be as low as possible; turned back into a value by the same. */
export const lossBy = ({ goal }: Pick<Measure, 'goal'>, value: number): number =>
  goal === 'maximise' ? -value : value;

export const measureText = (measure: Measure, value: number): string => quantityText[measure.written](value);

/** Its title where trials of `role` are measured: a final training of the network is, on test rows. */
export const titleIn = ({ kind }: Tried, { title }: Measure, role: Role): string =>
  kind === 'network' ? title.replace('validation', evaluationName(role)) : title;

/** A mean and its standard deviation with as many decimals: `0.54972 ± 0.04997`. */
export function meanText(measure: Measure, { mean, deviation }: Spread): string {
  const text = measureText(measure, mean);
  if (deviation === null) return text;
  const decimals = /^-?\d+\.(\d+)$/.exec(text)?.[1]?.length;
  const isFine = decimals === undefined || deviation < 10 ** -decimals;
  return `${text} ± ${isFine ? measureText(measure, deviation) : deviation.toFixed(decimals)}`;
}
