/** Runs an experiment. */
import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { errors } from '../errors.ts';
import { maxThreads, startThreads } from '../execute/network/thread-pool.ts';
import { limits } from '../experiment/limits.ts';
import { defaultMaxTrials } from '../sweep/max-trials.ts';
import { defineCommand } from './command.ts';
import {
  databaseOption,
  formatOption,
  insecureOption,
  setOption,
  stopAfter,
  wholeNumber,
  wideOption,
} from './options.ts';
import { useWideVectors } from './wide-vectors.ts';

export const run = defineCommand({
  usage: 'run <definition>',
  summary: 'Run an experiment: search, leaderboard, final training, plots',
  examples: [
    ['run experiments/paper.ts', 'the paper: its search and its final training'],
    ['run experiments/quickstart.yaml --threads 2', 'a small one, on two threads'],
    [
      'run experiments/paper.ts --set training.epochs=20 --set space.learningRate=0.01,0.1',
      'with other values',
    ],
    ['run experiments/paper.ts --phase 1 --format json > run.json', 'the search alone, for a program'],
    ['run experiments/paper.ts --dashboard', 'with a live page in the browser'],
    ['run experiments/paper.ts --stop-after 10m', 'ten minutes; the same command continues'],
    ['run experiments/paper.ts --workers redis://localhost', 'on other machines too'],
    ['run experiments/paper.ts --dry-run', 'only what would run'],
  ],
  positionals: ['definition'],
  options: {
    definition: { type: 'string', demandOption: true, describe: 'A .ts, .js, .json or .yaml file' },
    db: databaseOption,
    threads: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--threads', 0, maxThreads),
      defaultDescription: 'the cores available',
      describe: 'Trials to run at once, each on a thread of its own (about 12 MiB)',
    },
    workers: {
      type: 'string',
      requiresArg: true,
      describe:
        'Share the trials with the workers of this queue (redis://host:port); with --threads 0 they run all',
    },
    insecure: insecureOption,
    seed: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--seed', limits.seed.min, limits.seed.max),
      defaultDescription: "the definition's",
      describe: 'Seed of every random number',
    },
    set: setOption,
    phase: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--phase', 1, 2),
      defaultDescription: '2',
      describe: '1 ends after the search, without a report; 2 adds the final training',
    },
    'max-trials': {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--max-trials', 1, 1_000_000),
      defaultDescription: String(defaultMaxTrials),
      describe: 'Refuse a grid of more trials',
    },
    'stop-after': {
      type: 'string',
      requiresArg: true,
      coerce: stopAfter,
      defaultDescription: 'never',
      describe: 'End the session in order after so many trials (50) or so long (90s, 10m, 2h)',
    },
    'dry-run': {
      type: 'boolean',
      default: false,
      describe: 'Print what would run and how long it may take, and run nothing',
    },
    fresh: {
      type: 'boolean',
      default: false,
      describe: 'Begin a new run, even if one of the same definition could continue',
    },
    'same-code': {
      type: 'boolean',
      default: false,
      describe: 'Continue a run whose objective had other code that computes the same',
    },
    'retry-failed': {
      type: 'boolean',
      default: false,
      describe: 'Run trials again that failed in an earlier session',
    },
    'wide-vectors': {
      type: 'boolean',
      default: false,
      describe: 'Let the engine use 256-bit vectors: faster, the same bits; experimental in V8, on x64',
    },
    dashboard: {
      type: 'boolean',
      default: false,
      describe: 'Show the sweep in the browser too; after the run the page stays until Ctrl-C',
    },
    format: formatOption,
    wide: wideOption,
  },
  async run(args, terminal) {
    if (args['wide-vectors']) terminal.err.write(`${useWideVectors()}\n`);
    const cores = availableParallelism();
    const { threads = cores } = args;
    if (threads === 0 && args.workers === undefined) throw errors.noThreadsToWork();
    // Any user who lists processes would read a password in the address.
    if (args.workers !== undefined) process.title = 'coresweep run';
    // They boot on other cores while this one loads the rest of the program, the definition and the data; one that has no core of
    // its own begins when the program is loaded, which it would hold up. More threads than cores would only be in the way.
    const isLikely =
      threads > 0 && threads <= cores && !args['dry-run'] && !speaksOfAnObjective(args.definition);
    const pool = isLikely ? startThreads(Math.min(threads, Math.max(1, cores - 1))) : undefined;
    try {
      const { runDefinition } = await import('./run-definition.ts');
      pool?.grow(threads);
      return await runDefinition(args, terminal, pool);
    } finally {
      await pool?.destroy();
    }
  },
});

/** Whether a definition is likely to have an objective of its own, which these threads are not for; a wrong guess costs only time. */
function speaksOfAnObjective(definition: string): boolean {
  try {
    // A pipe would be waited for, and what it holds be gone when the definition is loaded.
    return (
      statSync(definition).isFile() &&
      /\bobjective\b|^program:|^command:/m.test(readFileSync(definition, 'utf8'))
    );
  } catch {
    // The definition's loader reports it.
    return false;
  }
}
