/** Trains finished trials again. */

import { errors, exitCodes } from '../errors.ts';
import { recordedObjective } from '../experiment/recorded.ts';
import { maxThreads } from '../pool/thread-pool.ts';
import { networkRun } from '../store/results.ts';
import { isVerifiable, verify as verifyTrials } from '../sweep/verify.ts';
import type { Trial } from '../trial.ts';
import { printable } from '../words/text.ts';
import { settingsText } from '../words/units.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, wholeNumber } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const verify = defineCommand({
  usage: 'verify [trial..]',
  summary: 'Train finished trials again and compare every bit of weights and curves',
  examples: [
    ['verify', 'every finished trial of the latest experiment'],
    ['verify 4 final', 'trial 4 and the final training'],
    ['verify --sample 3', 'three trials, picked at random'],
  ],
  positionals: ['trial'],
  options: {
    trial: {
      type: 'string',
      array: true,
      default: [],
      defaultDescription: 'all',
      describe: 'Numbers of trials, "winner", or "final" for the final training',
    },
    db: databaseOption,
    experiment: experimentOption,
    sample: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--sample', 1, Number.MAX_SAFE_INTEGER),
      describe: 'Verify so many of them only, picked at random',
    },
    base: {
      type: 'string',
      requiresArg: true,
      default: '.',
      describe: "What the definition's relative paths start from: its folder",
    },
    threads: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--threads', 1, maxThreads),
      defaultDescription: 'the cores available',
      describe: 'Trials to train at once, each on a thread of its own',
    },
  },
  run: (args, { out, signal }) =>
    withExperiment(args, async (results, experiment) => {
      if (recordedObjective(experiment)?.deterministic === false)
        throw errors.notDeterministic(experiment.id, experiment.name);
      const run = networkRun(experiment);
      const asked =
        args.trial.length === 0
          ? results.trials(run.id).filter(isVerifiable)
          : args.trial.map((name) => verifiable(name, chosenTrial(results, run.id, name)));
      const trials = args.sample === undefined ? asked : sampled(asked, args.sample);
      let differing = 0;
      let verified = 0;
      await verifyTrials({
        results,
        run,
        trials,
        baseFolder: args.base,
        threads: args.threads,
        signal,
        onVerified({ trial, differences }) {
          verified += 1;
          if (differences.length > 0) differing += 1;
          const who = `${trial.role === 'search' ? `trial ${trial.number}` : 'final training'} (${settingsText(trial)})`;
          out.write(`${who}: ${differences.length === 0 ? 'every bit the same' : 'DIFFERENT'}\n`);
          for (const difference of differences) out.write(`  ${printable(difference)}\n`);
        },
      });
      const count = `${verified} ${verified === 1 ? 'trial' : 'trials'} trained again`;
      out.write(
        differing === 0
          ? `${count}, every bit as recorded.\n`
          : `${count}, and ${differing} ${differing === 1 ? 'differs' : 'differ'} from what is recorded: the database, the data or this machine is at fault.\n`,
      );
      return differing === 0 ? exitCodes.done : exitCodes.someTrialFailed;
    }),
});

function verifiable(name: string, trial: Trial): Trial {
  if (!isVerifiable(trial)) throw errors.notVerifiable(name, trial.state);
  return trial;
}

/** So many of them, in their order. */
function sampled<Value>(values: readonly Value[], count: number): Value[] {
  const places = values.map((_, index) => ({ index, chance: Math.random() }));
  const chosen = new Set(
    places
      .sort((a, b) => a.chance - b.chance)
      .slice(0, count)
      .map(({ index }) => index),
  );
  return values.filter((_, index) => chosen.has(index));
}
