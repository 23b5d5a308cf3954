/** Tells how a trial that was asked for has ended. Not here: asking (ask.ts). */
import { errors, exitCodes } from '../errors.ts';
import { openReadOnly } from '../store/open-results.ts';
import { type Told, tellTrial } from '../sweep/study.ts';
import { defineCommand } from './command.ts';
import { databaseOption, wholeNumber } from './options.ts';
import { experimentOf } from './with-experiment.ts';

export const tell = defineCommand({
  usage: 'tell <trial>',
  summary: 'Tell how a trial that was asked for has ended',
  examples: [
    ['tell 12 --values \'{"loss": 0.3}\'', 'it has ended with this loss'],
    ['tell 12 --state failed --reason "out of memory"', 'it has no result'],
  ],
  positionals: ['trial'],
  options: {
    trial: {
      type: 'string',
      demandOption: true,
      describe: 'Its number, as ask gave it',
      coerce: wholeNumber('trial', 1, Number.MAX_SAFE_INTEGER),
    },
    values: { type: 'string', requiresArg: true, describe: 'A number for each metric, as JSON' },
    state: {
      type: 'string',
      choices: ['done', 'pruned', 'failed'] as const,
      default: 'done' as const,
      requiresArg: true,
      describe: 'How it has ended',
    },
    reason: { type: 'string', requiresArg: true, default: 'It failed.', describe: 'Why it failed' },
    experiment: {
      type: 'string',
      requiresArg: true,
      describe: 'Which one of the database, by number; the latest if absent',
      coerce: wholeNumber('experiment', 1, Number.MAX_SAFE_INTEGER),
    },
    db: databaseOption,
  },
  async run({ trial, values, state, reason, experiment, db }) {
    const results = openReadOnly(db);
    let run: ReturnType<typeof experimentOf>;
    try {
      run = experimentOf(results, db, experiment);
    } finally {
      results.close();
    }
    const names = run.metrics.map(({ name }) => name);
    const told: Told =
      state === 'failed'
        ? { state, reason }
        : { state, reports: [{ step: 1, values: valuesOf(values ?? '', names) }] };
    await tellTrial(db, run.id, trial as number, told);
    return exitCodes.done;
  },
});

/** In the order of the metrics. NaN, which JSON has not, is written as null: the trial has diverged. */
function valuesOf(text: string, names: readonly string[]): number[] {
  const given = parsed(text);
  const isRight =
    typeof given === 'object' &&
    given !== null &&
    Object.keys(given).length === names.length &&
    names.every((name) => isValue((given as Record<string, unknown>)[name]));
  if (!isRight) throw errors.studyValues(text, names);
  return names.map((name) => (given as Record<string, number | null>)[name] ?? Number.NaN);
}

const isValue = (value: unknown): boolean => typeof value === 'number' || value === null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
