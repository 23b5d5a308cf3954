/** Tells how a trial that was asked for goes on, or how it has ended. Not here: asking (ask.ts). */
import { errors, exitCodes } from '../errors.ts';
import { limits } from '../experiment/limits.ts';
import { openReadOnly } from '../store/open-results.ts';
import { reportTrial, tellTrial } from '../sweep/study-told.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, wholeNumber } from './options.ts';
import { experimentOf } from './with-experiment.ts';

export const tell = defineCommand({
  usage: 'tell <trial>',
  summary: 'Report the result of a trial that ask gave, or a step on its way',
  examples: [
    ['tell 12 --values \'{"loss": 0.3}\'', 'it has ended with this loss'],
    ['tell 12 --values 0.3', 'the same, where there is one metric'],
    ['tell 12 --step 3 --values \'{"loss": 0.4}\'', 'a report: exit code 1 where the trial is pruned by it'],
    ['tell 12 --state failed --reason "out of memory"', 'it has no result'],
  ],
  positionals: ['trial'],
  options: {
    trial: {
      type: 'string',
      demandOption: true,
      describe: 'Its number, as ask gave it',
      coerce: wholeNumber('<trial>', 1, Number.MAX_SAFE_INTEGER),
    },
    values: {
      type: 'string',
      requiresArg: true,
      describe: 'A number for each metric, as JSON; for a single metric the number alone will do',
    },
    step: {
      type: 'string',
      requiresArg: true,
      conflicts: 'state',
      describe: 'Report the values of this step only; the answer says whether the trial goes on',
      coerce: wholeNumber('--step', 1, limits.steps.max),
    },
    wait: {
      type: 'string',
      requiresArg: true,
      implies: 'step',
      describe:
        'Seconds to wait for a silent lower trial, by which this one is judged; limits.silentSeconds if absent',
      coerce: wholeNumber('--wait', 0, 1_000_000),
    },
    state: {
      type: 'string',
      choices: ['done', 'pruned', 'failed'] as const,
      requiresArg: true,
      describe: 'How it has ended: done if absent',
    },
    reason: {
      type: 'string',
      requiresArg: true,
      defaultDescription: 'It failed.',
      describe: 'Why it failed, with --state failed',
    },
    experiment: experimentOption,
    db: databaseOption,
  },
  async run(
    { trial: number, values: given, step, wait, state = 'done', reason, experiment, db },
    { out, err },
  ) {
    const ending = step === undefined ? state : undefined;
    if (ending === 'failed' && given !== undefined) throw errors.toldIdly('--values', ending);
    if (ending !== 'failed' && reason !== undefined) throw errors.toldIdly('--reason', ending);
    const results = openReadOnly(db);
    let run: ReturnType<typeof experimentOf>;
    try {
      run = experimentOf(results, db, experiment);
    } finally {
      results.close();
    }
    const names = run.metrics.map(({ name }) => name);
    const trial = { database: db, experimentId: run.id, number: number as number, waitSeconds: wait };
    if (step !== undefined) {
      const report = { step, values: valuesOf(given ?? '', names) };
      const verdict = await reportTrial(trial, report, (lower) =>
        err.write(`Trial ${number} waits until trial ${lower} has come to step ${step} or has ended.\n`),
      );
      out.write(`${JSON.stringify({ number, step, verdict })}\n`);
      return verdict === 'prune' ? exitCodes.someTrialFailed : exitCodes.done;
    }
    if (state === 'failed') await tellTrial(trial, { state, reason: reason ?? 'It failed.' });
    else if (state === 'pruned' && given === undefined) await tellTrial(trial, { state });
    else await tellTrial(trial, { state, values: valuesOf(given ?? '', names) });
    return exitCodes.done;
  },
});

/** In the order of the metrics. NaN, which JSON has not, is written as null: the trial has diverged. */
function valuesOf(text: string, names: readonly string[]): number[] {
  const read = parsed(text);
  const [only, ...others] = names;
  const given = isValue(read) && only !== undefined && others.length === 0 ? { [only]: read } : read;
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
