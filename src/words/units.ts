/**
 * How numbers are written wherever a person reads them.
 * Not here: data formats, which keep every digit.
 */

import type { Interval } from '../evidence/statistics.ts';
import type { Quantity } from '../metric.ts';
import type { Params, Role, TrialSpec, Value } from '../trial.ts';
import { printable } from './printable.ts';

/** With so many decimals. What rounds to nothing has no sign. */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** A difference behind its sign, written by `text`: `+0.36 s`. What rounds to nothing has no sign. */
export function signedText(by: number, text: (value: number) => string): string {
  const size = text(Math.abs(by));
  return /[1-9]/.test(size) ? `${by > 0 ? '+' : '-'}${size}` : size;
}

/** A fraction as a percentage: 0.90321 is `90.32 %`; `-` if it is not finite. */
export function percent(fraction: number): string {
  return Number.isFinite(fraction) ? `${fixed(100 * fraction, 2)} %` : '-';
}

/** The ends of an interval of shares: `90.72 to 91.83 %`. */
export function intervalText({ low, high }: Interval): string {
  return `${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)} %`;
}

/** A p value with three decimals, which is more than it is worth. */
export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** The same in a sentence: `p = 0.015`, `p < 0.001`. */
export const pSentence = (p: number): string => (p < 0.001 ? `p ${pText(p)}` : `p = ${pText(p)}`);

/** A whole number, in groups of three digits: `10,000`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A loss with four decimals; with an exponent where those would say nothing. */
export function lossText(loss: number): string {
  if (!Number.isFinite(loss)) return '-';
  const size = Math.abs(loss);
  return size !== 0 && (size < 0.001 || size >= 1e6) ? loss.toExponential(3) : fixed(loss, 4);
}

/** What is known of a number that decides how it is written; of a person's own metric nothing is. */
export type Written = Quantity | 'number';

/** Five significant digits, and whole numbers whole; with an exponent where there would be many zeros. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return String(value);
  if (size < 1e-4 || size >= 1e9) return value.toExponential(4);
  return size >= 1e5 ? value.toFixed(0) : value.toPrecision(5);
}

/** How a value is written, by what it is. */
export const quantityText: Readonly<Record<Written, (value: number) => string>> = {
  accuracy: percent,
  loss: lossText,
  rmse: numberText,
  r2: (share) => (Number.isFinite(share) ? fixed(share, 4) : '-'),
  number: numberText,
};

/** What it is called, of networks. */
export const quantityName: Readonly<Record<Quantity, string>> = {
  accuracy: 'accuracy',
  loss: 'loss',
  rmse: 'RMSE',
  r2: 'R²',
};

/** A measured time: `3.21 s`, `3 min 05 s`, `2 h 10 min`. */
export function secondsText(seconds: number): string {
  const fine = fixed(seconds, 2);
  return Number(fine) < 60 ? `${fine} s` : durationText(Math.round(seconds));
}

/** What a trial took: nothing where that is unknown, as of a result told without its time, recorded as 0. */
export const timeText = (seconds: number): string => (seconds === 0 ? '' : secondsText(seconds));

/** A time to wait, no finer than a person needs: `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A parameter without digits that only rounding made, which whole numbers have none of: 0.1 + 0.2 is `0.3`. */
export function parameterText(value: number): string {
  return String(Number.isSafeInteger(value) ? value : Number(value.toPrecision(6)));
}

/** What stands where a parameter does not apply. */
export const absent = '–';

/** A parameter's value: numbers as above, words as they are, lists as in a definition: `[64, 32]`. */
export function valueText(value: Value): string {
  switch (typeof value) {
    case 'number':
      return parameterText(value);
    case 'string':
      return printable(value);
    case 'boolean':
      return String(value);
    default:
      return `[${value.map(valueText).join(', ')}]`;
  }
}

/** A parameter's name as people say it: learningRate is `learning rate`. */
export const parameterTitle = (name: string): string =>
  printable(name.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));

/** Parameters as they stand in a sentence: `learning rate 0.001, batch size 128`. */
export const paramsText = (params: Params): string =>
  Object.entries(params)
    .map(([name, value]) => `${parameterTitle(name)} ${valueText(value)}`)
    .join(', ');

/**
 * What tells a trial from the others in a sentence: its parameters and its fold, and which replicate it is, but for the first.
 * @param role a final training has no fold
 */
export function settingsText(
  { params, replicate }: Pick<TrialSpec, 'params' | 'replicate'>,
  { folds }: { readonly folds: number },
  role: Role = 'search',
): string {
  if (role === 'final' && folds > 1) return paramsText(params);
  const fold = folds > 1 ? `, fold ${replicate % folds}` : '';
  // Each fold is trained once before one is trained again: of those the fold says all.
  const which = replicate > 0 && (folds === 1 || replicate >= folds) ? `, replicate ${replicate}` : '';
  return `${paramsText(params)}${fold}${which}`;
}

/** What is said of a trial that was not run: its point had a result. @param first the number of the trial that has run */
export const copyText = (first: number): string => `a copy of trial ${first}, whose point was proposed again`;
