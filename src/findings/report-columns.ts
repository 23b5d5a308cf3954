/** The columns of one trial's curve, a row a report. Not here: the curve drawn (terminal/text-chart.ts, figures/curves.ts). */
import type { Report, Role } from '../trial.ts';
import { type Column, withDistinctKeys } from '../words/column.ts';
import { type Measure, measureText, type Tried, titleIn, valueIn } from '../words/measures.ts';

export function reportColumns(tried: Tried, role: Role): Column<Report>[] {
  const step: Column<Report> = {
    ...{ key: tried.step, title: tried.step, align: 'right' },
    value: (report) => report.step,
  };
  return withDistinctKeys([step, ...measured(tried).map((measure) => columnOf(tried, measure, role))]);
}

/** A network's columns stand as they always have: losses and accuracies of training rows before those of the others. */
const measured = ({ kind, measures }: Tried): readonly Measure[] => {
  if (kind === 'objective') return measures;
  const place = ({ key, written }: Measure) =>
    2 * Number(key.startsWith('validation')) + Number(written === 'accuracy');
  return measures.toSorted((a, b) => place(a) - place(b));
};

function columnOf(tried: Tried, measure: Measure, role: Role): Column<Report> {
  const title = titleIn(tried, measure, role);
  return {
    // On test rows a metric has another name.
    key: title === measure.title ? measure.key : measure.key.replace('validation', 'test'),
    ...{ title, align: 'right' },
    value: (report) => valueIn(measure, report),
    text: (report) => measureText(measure, valueIn(measure, report)),
  };
}
