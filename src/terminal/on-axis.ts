/** Curves with reports at any steps as values at even distances along one axis, as a chart of characters draws them. */
import type { Report } from '../trial.ts';
import { type Measure, valueIn } from '../words/measures.ts';
import type { TextAxis } from './text-chart.ts';

/** More than a chart has dots. */
const mostValues = 400;

/** The axis of some curves: from their first step to their last. */
export function axisOf(name: string, curves: readonly (readonly Report[])[]): TextAxis {
  const ends = curves.flatMap((reports) => [reports.at(0)?.step ?? 1, reports.at(-1)?.step ?? 1]);
  return { name, from: Math.min(...ends), to: Math.max(...ends) };
}

/** A curve along the axis: straight between reports, with a gap where it has none yet or no more. */
export function valuesOn(
  { from, to }: TextAxis,
  reports: readonly Report[],
  measure: Measure,
): readonly number[] {
  const values = reports.map((report) => valueIn(measure, report));
  const count = Math.min(to - from + 1, mostValues);
  if (reports.at(0)?.step === from && reports.at(-1)?.step === to && reports.length === count) return values;
  let next = 0;
  return Array.from({ length: reports.length === 0 ? 0 : count }, (_, place) => {
    const step = count === 1 ? from : from + (place * (to - from)) / (count - 1);
    while (next < reports.length && (reports[next] as Report).step < step) next++;
    const [before, after] = [reports[next - 1], reports[next]];
    if (after?.step === step) return values[next] as number;
    if (before === undefined || after === undefined) return Number.NaN;
    const share = (step - before.step) / (after.step - before.step);
    const [one, other] = [valueIn(measure, before), valueIn(measure, after)];
    return one + share * (other - one);
  });
}
