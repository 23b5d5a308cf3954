/**
 * Where several metrics count alike: the front of each result, and how much the best front is worth.
 * Not here: which metrics count (judged.ts), dominance itself (fronts).
 */
import { nonDominatedRanks } from '../fronts/dominance.ts';
import { hypervolume } from '../fronts/hypervolume.ts';
import { lossBy, type Measure, measureText } from '../words/measures.ts';
import { countText, numberText } from '../words/units.ts';

export interface Fronts {
  /** Counted from 1: nothing is better than a result of front 1 in one metric and nowhere worse. */
  readonly fronts: readonly number[];
  readonly volume: number;
  /** The worst value of each metric, from which the volume is measured. */
  readonly reference: readonly number[];
}

/** @param results the judged metrics of each */
export function frontsOf(judged: readonly Measure[], results: readonly (readonly number[])[]): Fronts {
  const losses = (values: readonly number[]) =>
    values.map((value, place) => lossBy(judged[place] as Measure, value));
  const points = results.map(losses);
  const worst = judged.map((_, place) =>
    points.reduce((most, point) => Math.max(most, point[place] as number), Number.NEGATIVE_INFINITY),
  );
  return {
    fronts: nonDominatedRanks(points),
    volume: points.length === 0 ? 0 : hypervolume(points, worst),
    // Losses turned back into values.
    reference: losses(worst),
  };
}

/** `Pareto front (front 1): 3 of 9 trials, not dominated in error, fit ms; hypervolume 0.51, reference point error 2.25, fit ms 16.5, the worst values`; nothing where no trial has a result. */
export function frontText(
  judged: readonly Measure[],
  { fronts, volume, reference }: Fronts,
  what: 'trials' | 'combinations',
): string {
  if (fronts.length === 0) return '';
  const best = fronts.filter((front) => front === 1).length;
  const worst = judged.map(
    (measure, place) => `${measure.title} ${measureText(measure, reference[place] as number)}`,
  );
  const titles = judged.map(({ title }) => title).join(', ');
  return `Pareto front (front 1): ${countText(best)} of ${countText(fronts.length)} ${what}, not dominated in ${titles}; hypervolume ${numberText(volume)}, reference point ${worst.join(', ')}, the worst values`;
}
