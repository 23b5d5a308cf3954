/** Words and numbers that several views of the page share. */
import type { Times } from '../../terminal/progress.ts';
import type { Params } from '../../trial.ts';
import { durationText, parameterText, percent } from '../../words/units.ts';

/** A parameter's name as people write it: learningRate is `learning rate`. */
export const parameterName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A parameter's value: numbers without digits that only rounding made. */
export const valueText = (value: unknown): string =>
  typeof value === 'number' ? parameterText(value) : String(value);

/** All parameters of a trial: `learning rate 0.001, batch size 128`. */
export const parametersText = (params: Params): string =>
  Object.entries(params)
    .map(([name, value]) => `${parameterName(name)} ${valueText(value)}`)
    .join(', ');

/** A share, or a dash where there is none. */
export const shareText = (share: number | null | undefined): string =>
  share === null || share === undefined ? '–' : percent(share);

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
