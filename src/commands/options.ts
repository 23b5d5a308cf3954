/** The options that several verbs share: one table of names, defaults, limits and help. */
import { errors } from '../errors.ts';
import { databaseFile } from '../store/database-file.ts';
import type { BudgetOptions } from '../sweep/budget.ts';
import { formats } from '../words/formats.ts';

/** Reads a whole number; yargs' own type "number" would turn "abc" into NaN without a word. */
export const wholeNumber =
  (option: string, min: number, max: number) =>
  (given: unknown): number | undefined => {
    if (given === undefined) return undefined;
    const value = typeof given === 'string' && /^[+-]?\d+$/.test(given.trim()) ? Number(given) : Number.NaN;
    if (!(value >= min && value <= max)) throw errors.wholeNumberOption(option, min, max, given);
    return value;
  };

const unitSeconds = { s: 1, m: 60, h: 3600 } as const;

/** `50` is a number of trials; `90s`, `10m` and `1.5h` are times. */
export function stopAfter(given: unknown): BudgetOptions | undefined {
  if (given === undefined) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(String(given).trim()) ?? [];
  if (number === undefined) throw errors.stopAfter(given);
  const value = Number(number);
  if (unit === '') {
    if (!(Number.isSafeInteger(value) && value >= 1)) throw errors.stopAfter(given);
    return { trials: value };
  }
  const seconds = value * unitSeconds[unit as keyof typeof unitSeconds];
  // Longer than that no timer can take.
  if (!(seconds >= 0.05 && seconds <= 1_000_000)) throw errors.stopAfter(given);
  return { seconds };
}

export const databaseOption = {
  type: 'string',
  default: 'results/results.db',
  requiresArg: true,
  // Where a link leads to it: everything else a run writes lies beside the file itself.
  coerce: databaseFile,
  describe: 'The database; everything else a run writes goes into its folder',
} as const;

export const setOption = {
  type: 'string',
  array: true,
  nargs: 1,
  default: [] as string[],
  describe: 'Override a value of the definition: path=value',
} as const;

export const formatOption = {
  type: 'string',
  choices: formats,
  default: 'table',
  requiresArg: true,
  describe: 'How to print',
} as const;

export const wideOption = {
  type: 'boolean',
  default: false,
  describe: 'Show every column, however wide the terminal is',
} as const;

export const experimentOption = {
  type: 'string',
  requiresArg: true,
  coerce: wholeNumber('--experiment', 1, Number.MAX_SAFE_INTEGER),
  describe: 'Number of the experiment in the database; the latest if absent',
} as const;

export const baseOption = {
  type: 'string',
  requiresArg: true,
  default: '.',
  describe: "What the definition's relative paths start from: its folder",
} as const;

export const insecureOption = {
  type: 'boolean',
  default: false,
  describe: 'Use a queue beyond this machine without a password or encryption',
} as const;
