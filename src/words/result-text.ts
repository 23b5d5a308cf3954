/**
 * What an epoch has come to, in words: the metric that decides first.
 * Not here: tables, whose columns say it.
 */

import { type Interval, wilsonInterval } from '../evidence/statistics.ts';
import { epochOf, metricsFrom, type NetworkMetric } from '../metric.ts';
import type { Report, Role } from '../trial.ts';
import { evaluationName } from './evaluation-name.ts';
import { intervalText, quantityText } from './units.ts';

/** How sure an accuracy of so many rows is: ` (95 %: 90.75 to 91.86 %)`; empty where their number is not known. */
export const sureText = (interval: Interval | undefined): string =>
  interval === undefined ? '' : ` (95 %: ${intervalText(interval)})`;

/** Both metrics of an epoch, the one that decides first: `validation loss 0.5846`. @param rows it was measured on */
export function bothTexts(
  role: Role,
  metric: NetworkMetric,
  report: Report,
  rows?: number,
): readonly [string, string] {
  const epoch = epochOf(metric, report);
  const [first, second] = metricsFrom(metric).map(({ quantity, key }) => {
    const isSure = quantity === 'accuracy' && rows !== undefined;
    const sure = isSure ? sureText(wilsonInterval(epoch.evaluationAccuracy, rows)) : '';
    return `${evaluationName(role)} ${quantity} ${quantityText[quantity](epoch[key])}${sure}`;
  });
  return [first as string, second as string];
}

/** The same in short: the accuracy says enough where it decides, a loss does not. */
export function resultText(role: Role, metric: NetworkMetric, report: Report, rows?: number): string {
  const [first, second] = bothTexts(role, metric, report, rows);
  return metric === 'validationAccuracy' ? first : `${first}, ${second}`;
}
