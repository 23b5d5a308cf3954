/** Words and numbers that several views of the page share. */
import type { Times } from '../../findings/live.ts';
import type { Report } from '../../trial.ts';
import { deciding, type Measure, measureText, type Tried, triedBy, valueIn } from '../../words/measures.ts';
import { absent, durationText, parameterTitle, paramsText } from '../../words/units.ts';
import type { ExperimentNow } from '../answers.ts';

export { parameterTitle as parameterName, paramsText as parametersText };

/** What decides, of a report; a dash where there is none. */
export const decidedText = (tried: Tried, report: Report | null | undefined): string =>
  report ? measuredText(deciding(tried), report) : absent;

/** What a search has come to: its best, or how many trials are on the front where several metrics count alike. */
export const bestText = (now: ExperimentNow): string =>
  now.front === null || now.front.trials === 0
    ? decidedText(triedBy(now), now.best?.best)
    : `front of ${countText(now.front.trials)}`;

export const measuredText = (measure: Measure, report: Report): string =>
  measureText(measure, valueIn(measure, report));

/** Whole numbers in groups of three: `10,000`. */
export const countText = (count: number): string => count.toLocaleString('en');

/** The time that something still needs: `about 2 min 05 s left`, or nothing where that is not known. */
export const leftText = ({ left }: Times): string =>
  left === null ? '' : `about ${durationText(left)} left`;

/** Both times: `13 s, about 2 min 05 s left`. */
export const timesText = (times: Times): string =>
  [durationText(times.elapsed), leftText(times)].filter((text) => text !== '').join(', ');

/** A count with its noun: `1 trial`, `9 trials`. */
export const counted = (count: number, noun: string): string =>
  `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
