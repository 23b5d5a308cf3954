/** Runs finished trials again. */

import { errors, exitCodes } from '../errors.ts';
import { hostOf } from '../machine.ts';
import { isNetworkRun, type Results } from '../store/results.ts';
import { verify as verifyNetworks } from '../sweep/verify.ts';
import type { Verified } from '../sweep/verify-each.ts';
import { verifyObjective } from '../sweep/verify-objective.ts';
import type { Trial } from '../trial.ts';
import { shortNames } from '../words/machine-names.ts';
import { type Tried, triedBy } from '../words/measures.ts';
import { printable } from '../words/text.ts';
import { settingsText } from '../words/units.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { baseOption, databaseOption, experimentOption, insecureOption, wholeNumber } from './options.ts';
import { threadsOption } from './threads-option.ts';
import { withExperiment } from './with-experiment.ts';

export const verify = defineCommand({
  usage: 'verify [trial..]',
  summary: 'Run finished trials again and compare every bit of models and curves',
  examples: [
    ['verify', 'every finished trial of the latest experiment'],
    ['verify 4 final', 'trial 4 and the final training'],
    ['verify --sample 3', 'three trials, picked at random'],
    ['verify --across 3 --workers redis://localhost', 'three trials, each on two machines'],
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
    across: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--across', 1, Number.MAX_SAFE_INTEGER),
      describe: 'Run so many of the search, picked at random, on two machines each, and compare these',
    },
    workers: {
      type: 'string',
      requiresArg: true,
      describe: 'The queue of the machines (redis://host:port); this one works too',
    },
    insecure: insecureOption,
    base: baseOption,
    threads: threadsOption,
  },
  run: (args, { out, err, signal }) =>
    withExperiment(args, async (results, experiment) => {
      const words = isNetworkRun(experiment) ? forNetworks : forObjectives;
      const { across, workers } = args;
      const trials = chosenTrials(args, results, experiment.id, words.states);
      const verified: Verified[] = [];
      const tried = triedBy(experiment);
      const options = {
        results,
        trials,
        run: experiment,
        baseFolder: args.base,
        threads: args.threads,
        signal,
        onVerified(one: Verified) {
          verified.push(one);
          out.write(verifiedText(one, tried));
        },
      };
      if (across !== undefined && workers !== undefined) {
        const tell = (text: string) => void err.write(`${printable(text)}\n`);
        const { verifyAcross } = await import('../sweep/verify-across.ts');
        await verifyAcross({ ...options, tell, workers: { url: workers, isForced: args.insecure } });
        out.write(acrossText(verified));
        return verified.every(isSame) ? exitCodes.done : exitCodes.badData;
      }
      await (isNetworkRun(experiment)
        ? verifyNetworks({ ...options, run: experiment })
        : verifyObjective(options));
      const count = `${trialCount(verified)} ${words.again}`;
      const differing = verified.filter((one) => !isSame(one)).length;
      out.write(
        differing === 0
          ? `${count}, every bit as recorded.\n`
          : `${count}, and ${differing} ${differing === 1 ? 'differs' : 'differ'} from what is recorded: ${words.suspects} is at fault.\n`,
      );
      return differing === 0 ? exitCodes.done : exitCodes.someTrialFailed;
    }),
});

/** The trials that are asked for, in their order. @param states of trials that can be verified */
function chosenTrials(
  { trial: names, across, sample, workers }: Asked,
  results: Results,
  experimentId: number,
  states: readonly Trial['state'][],
): Trial[] {
  const isVerifiable = ({ state }: Trial) => states.includes(state);
  const verifiable = (name: string): Trial => {
    const trial = chosenTrial(results, experimentId, name);
    if (!isVerifiable(trial)) throw errors.notVerifiable(name, trial.state);
    return trial;
  };
  const asked =
    names.length === 0 ? results.trials(experimentId).filter(isVerifiable) : names.map(verifiable);
  if (across !== undefined && workers === undefined) throw errors.acrossWithoutWorkers();
  const chosen = across === undefined ? asked : asked.filter(isSearched);
  const wanted = across ?? sample;
  return wanted === undefined ? chosen : sampled(chosen, wanted);
}

const isSame = ({ differences }: Verified): boolean => differences.length === 0;

const trialCount = ({ length }: readonly Verified[]): string =>
  `${length} ${length === 1 ? 'trial' : 'trials'}`;

/** `trial 3 (x = 1): every bit the same, on alpha and beta`, or in which ways it differs. */
function verifiedText(verified: Verified, tried: Tried): string {
  const { trial, differences, machines = [] } = verified;
  const who = `${trial.role === 'search' ? `trial ${trial.number}` : 'final training'} (${settingsText(trial, tried, trial.role)})`;
  const where = machines.length === 0 ? '' : `, on ${shortNames(machines).map(printable).join(' and ')}`;
  const lines = differences.map((difference) => `  ${printable(difference)}\n`);
  return `${who}: ${isSame(verified) ? 'every bit the same' : 'DIFFERENT'}${where}\n${lines.join('')}`;
}

/** Two workers of one machine are not called two. */
function acrossText(verified: readonly Verified[]): string {
  const differing = verified.filter((one) => !isSame(one)).length;
  const apart = verified.filter(({ machines = [] }) => new Set(machines.map(hostOf)).size > 1).length;
  let how = `twice each, ${apart} of them on two machines`;
  if (apart === verified.length) how = 'on two machines each';
  else if (apart === 0) how = 'by two workers of one machine each';
  const result =
    differing === 0 ? 'every bit the same' : `and ${differing} ${differing === 1 ? 'differs' : 'differ'}`;
  return `${trialCount(verified)} run ${how}, ${result}.\n`;
}

/** Those of a search that ran to their end: a final one starts from what another has left. */
const isSearched = ({ role, state }: Trial): boolean =>
  role === 'search' && (state === 'done' || state === 'diverged');

interface Asked {
  readonly trial: readonly string[];
  readonly across: number | undefined;
  readonly sample: number | undefined;
  readonly workers: string | undefined;
}

interface Words {
  /** Of trials that have an answer which can be held against a second one. */
  readonly states: readonly Trial['state'][];
  readonly again: string;
  readonly suspects: string;
}

const forNetworks: Words = {
  states: ['done', 'diverged'],
  again: 'trained again',
  suspects: 'the database, the data or this machine',
};

const forObjectives: Words = {
  states: ['done', 'pruned', 'diverged'],
  again: 'run again',
  suspects:
    'the objective (deterministic: false says that it need not answer alike), what it reads, the database or this machine',
};

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
