/**
 * A sweep file of W&B as a definition: its program becomes a command objective, and what it says in W&B's words is said in ours.
 * What it holds that has no meaning here is an error with its path, never ignored. Not here: one parameter (wandb-parameters.ts)
 * and the command (wandb-command.ts).
 */
import { basename } from 'node:path';
import * as z from 'zod';
import { errors } from '../errors.ts';
import { limits } from './limits.ts';
import { faultsIn } from './shape-faults.ts';
import { group, listOf, must, oneOf, whole } from './shapes.ts';
import { commandOf } from './wandb-command.ts';
import { type Axes, axesOf, numbersOf } from './wandb-parameters.ts';

const text = (what: string) => z.string(must(`be ${what}`));

const word = z.union([z.string(), z.number(), z.boolean()], must('be a word'));

const steps = whole({ min: 1, max: 1_000_000_000 }).optional();

const sweepShape = group({
  program: text('the script to run').optional(),
  command: listOf(word, limits.commandWords, 'words').optional(),
  method: oneOf('grid', 'random', 'bayes'),
  metric: group({
    name: text('the name of the metric that the program prints'),
    goal: oneOf('minimize', 'maximize').default('minimize'),
    target: z.unknown().optional(),
  }),
  parameters: z.record(z.string(), z.unknown(), must('hold the parameters by name')),
  early_terminate: group({
    type: oneOf('hyperband'),
    min_iter: steps,
    max_iter: steps,
    s: whole({ min: 1, max: 100 }).optional(),
    eta: whole({ min: 2, max: 100 }).default(3),
    strict: z.boolean().optional(),
  }).optional(),
  run_cap: whole(limits.trials).optional(),
  name: text('a name').optional(),
  description: z.unknown().optional(),
  project: z.unknown().optional(),
  entity: z.unknown().optional(),
});

/** The number of trials where a file has no run_cap, with which W&B goes on until it is stopped. */
const withoutCap = 10_000;

type SweepFile = z.output<typeof sweepShape>;

export interface TranslatedSweep {
  readonly definition: object;
  /** What of the file has no effect here, though it does no harm. */
  readonly notes: readonly string[];
  /** The fault of the definition in the words of the file. */
  readonly spoken: (fault: string) => string;
}

/**
 * The definition that a sweep file stands for.
 * @param given with its whole numbers as bigint: to W&B, from 0 to 1 is another range than from 0 to 1.0
 * @throws ERR_DEFINITION with every fault of the file
 */
export function translatedSweep(given: unknown, file: string): TranslatedSweep {
  const plain = numbersOf(given) as Record<string, unknown>;
  const { parameters } = given as Record<string, unknown>;
  const parsed = sweepShape.safeParse(plain);
  const faults = [...faultsIn(sweepShape, plain), ...betweenKeys(plain)];
  const { axes, faults: inParameters } = axesOf(parameters);
  faults.push(...inParameters);
  const { words, faults: inCommand } = commandOf(plain['command'], plain['program']);
  faults.push(...inCommand);
  if (parsed.data === undefined || faults.length > 0) throw errors.definition(file, faults);
  return {
    definition: definitionOf(parsed.data, axes, words, file),
    notes: notesOf(parsed.data),
    spoken: (fault) =>
      fault
        .replace(/^space\./, 'parameters.')
        .replace(/\bsearch\.trials\b/g, 'run_cap')
        .replace(/\bsearch\.method\b/g, 'method'),
  };
}

function definitionOf(sweep: SweepFile, space: Axes, command: readonly string[], file: string): object {
  const { metric, early_terminate: early, run_cap: cap } = sweep;
  const trials = cap ?? (sweep.method === 'grid' ? undefined : withoutCap);
  return {
    name: sweep.name ?? basename(file),
    // A script in Python expects what argparse reads: True, not true.
    objective: { command, wording: 'python' },
    metrics: [{ name: metric.name, goal: metric.goal === 'maximize' ? 'maximise' : 'minimise' }],
    space,
    search: {
      method: ({ grid: 'grid', random: 'random', bayes: 'tpe' } as const)[sweep.method],
      ...(trials === undefined ? {} : { trials }),
      // A run of W&B counts by what it logged last.
      result: 'last',
    },
    ...(early === undefined ? {} : { prune: pruningOf(early) }),
  };
}

/** W&B's Hyperband compares runs at min_iter, min_iter x eta, ... or at max_iter / eta, max_iter / eta^2, ...: rungs of ASHA. */
function pruningOf({ min_iter, max_iter, s = 1, eta }: NonNullable<SweepFile['early_terminate']>): object {
  const halving = { method: 'asha', reductionFactor: eta };
  if (max_iter === undefined) return { ...halving, minResource: min_iter };
  return { ...halving, minResource: Math.max(1, Math.floor(max_iter / eta ** s)), maxResource: max_iter };
}

/** What W&B knows and this does not, and what does not go together, with what to write instead. */
function betweenKeys(sweep: Readonly<Record<string, unknown>>): string[] {
  const faults: string[] = [];
  const { metric, early_terminate: early } = sweep as Readonly<
    Record<string, Record<string, unknown> | undefined>
  >;
  if (metric?.['target'] !== undefined)
    faults.push(
      'metric.target is not supported: leave it out, and bound the search by run_cap or --stop-after.',
    );
  if (typeof early !== 'object' || early === null) return faults;
  const { min_iter: least, max_iter: most, s } = early;
  if ((least === undefined) === (most === undefined))
    faults.push(
      'early_terminate must have either min_iter or max_iter, as in { type: hyperband, min_iter: 3 }.',
    );
  if (most !== undefined && s === undefined)
    faults.push('early_terminate.s must say how many brackets there are below max_iter, but it is missing.');
  if (most === undefined && s !== undefined)
    faults.push('early_terminate.s needs max_iter: leave it out, or write max_iter in place of min_iter.');
  return faults;
}

function notesOf(sweep: SweepFile): string[] {
  const { project, entity, description, early_terminate: early } = sweep;
  const unused = Object.entries({ project, entity, description }).filter(([, value]) => value !== undefined);
  const notes = unused.map(([key]) => `${key} is not used: results stay in the database beside the run.`);
  if (early?.strict === false)
    notes.push('early_terminate.strict is not used: each rung is judged strictly.');
  if (sweep.run_cap === undefined && sweep.method !== 'grid')
    notes.push(
      `There is no run_cap: the search ends after ${withoutCap} trials, or where it is stopped (Ctrl-C, --stop-after 10m).`,
    );
  return notes;
}
