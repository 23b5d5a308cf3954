/**
 * What a report has come to, in words: the metric that decides first.
 * Not here: tables, whose columns say it.
 */

import { type Interval, wilsonInterval } from '../evidence/statistics.ts';
import type { Report, Role } from '../trial.ts';
import { deciding, type Measure, measureText, type Tried, titleIn, valueIn } from './measures.ts';
import { intervalText } from './units.ts';

/** How sure an accuracy of so many rows is: ` (95 %: 90.75 to 91.86 %)`; empty where their number is not known. */
const sureText = (interval: Interval | undefined): string =>
  interval === undefined ? '' : ` (95 %: ${intervalText(interval)})`;

/**
 * All metrics of a report, the one that decides first: `validation loss 0.5846`; of a network those of its evaluation rows.
 * @param rows it was measured on
 */
export function reportTexts(tried: Tried, role: Role, report: Report, rows?: number): string[] {
  const told = tried.kind === 'network' ? tried.measures.slice(0, 2) : tried.measures;
  return told.map((measure) => {
    const value = valueIn(measure, report);
    const isSure = measure.written === 'accuracy' && rows !== undefined;
    const sure = isSure ? sureText(wilsonInterval(value, rows)) : '';
    return `${titleIn(tried, measure, role)} ${measureText(measure, value)}${sure}`;
  });
}

/** The same in short: an accuracy that decides says enough, a loss does not; what has no goal is left out. */
export function resultText(tried: Tried, role: Role, report: Report, rows?: number): string {
  const texts = reportTexts(tried, role, report, rows);
  const says = ({ goal }: Measure) => goal !== 'none';
  const told =
    tried.kind === 'objective' ? texts.filter((_, place) => says(tried.measures[place] as Measure)) : texts;
  return (
    (deciding(tried).written === 'accuracy' ? told.slice(0, 1) : told).join(', ') || (texts[0] as string)
  );
}
