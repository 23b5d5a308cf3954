/** The options that several verbs share: one table of names, defaults, limits and help. */
import { errors } from '../errors.ts';
import { formats } from '../report/formats.ts';

export const maxThreads = 1024;

/** Reads a whole number; yargs' own type "number" would turn "abc" into NaN without a word. */
export const wholeNumber =
  (option: string, min: number, max: number) =>
  (given: unknown): number | undefined => {
    if (given === undefined) return undefined;
    const value = typeof given === 'string' && /^[+-]?\d+$/.test(given.trim()) ? Number(given) : Number.NaN;
    if (!(value >= min && value <= max)) throw errors.wholeNumberOption(option, min, max, given);
    return value;
  };

/** Refuses the two names by which SQLite means a database that is gone at the end. */
function databasePath(path: string): string {
  if (path === '' || path === ':memory:') throw errors.databaseName(path);
  return path;
}

export const databaseOption = {
  type: 'string',
  default: 'results/results.db',
  requiresArg: true,
  coerce: databasePath,
  describe: 'The database; everything else a run writes goes into its folder',
} as const;

export const formatOption = {
  type: 'string',
  choices: formats,
  default: 'table',
  requiresArg: true,
  describe: 'How to print',
} as const;

export const experimentOption = {
  type: 'string',
  requiresArg: true,
  coerce: wholeNumber('--experiment', 1, Number.MAX_SAFE_INTEGER),
  describe: 'Number of the experiment in the database; the latest if absent',
} as const;
