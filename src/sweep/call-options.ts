/**
 * What programs without types may get wrong in the options of a call, told as a definition's faults are.
 * Not here: what is told where it is used, whoever called: the number of threads, what the arrays hold, the settings of a network.
 */
import * as z from 'zod';
import { errors } from '../errors.ts';
import { model, training } from '../experiment/network-settings.ts';
import { faultsIn } from '../experiment/shape-faults.ts';
import { filePath, group, isRecord, later, must, yesOrNo } from '../experiment/shapes.ts';
import type { RunSweepOptions } from './run-sweep.ts';
import type { MlpOptions } from './train-mlp.ts';

/** The keys of a call, each with what of its value is told here. */
type Keys<Options> = Readonly<Record<keyof Options, z.ZodType>>;

const such = (fits: (value: unknown) => boolean, what: string) => z.unknown().refine(fits, must(what));
const toldElsewhere = () => z.unknown().optional();

const database = () =>
  such((value) => typeof value === 'string', 'be the path of a database, such as "results/results.db"');
const signal = () => such((value) => value instanceof AbortSignal, 'be an AbortSignal').optional();
/** Infinity is no limit. */
const budgetOf = (what: string) =>
  such((value) => typeof value === 'number' && value > 0, `be a number of ${what} above 0`).optional();
const rows = 'hold inputs, and labels or targets';

const ofSweep = later(() =>
  group({
    database: database(),
    baseFolder: filePath('a folder').optional(),
    arrays: such(isRecord, rows).optional(),
    threads: toldElsewhere(),
    // Not what was given: a password may stand in it.
    workers: z.unknown().refine(isRecord, 'must hold url, the address of a queue').optional(),
    lastPhase: such((value) => value === 1 || value === 2, 'be 1 or 2').optional(),
    maxTrials: toldElsewhere(),
    fresh: yesOrNo().optional(),
    sameCode: yesOrNo().optional(),
    retryFailed: yesOrNo().optional(),
    stopAfter: group({ seconds: budgetOf('seconds'), trials: budgetOf('trials') }).optional(),
    signal: signal(),
    onEvent: such((value) => typeof value === 'function', 'be a function').optional(),
  } satisfies Keys<RunSweepOptions>),
);

const ofStudy = later(() => group({ database: database() }));

const settings = later(() =>
  Object.fromEntries(Object.keys({ ...model.shape, ...training.shape }).map((key) => [key, toldElsewhere()])),
);

const ofTraining = later(() =>
  group({
    inputs: such(
      (value) => typeof value === 'object' && value !== null,
      'be numbers, one row after the other',
    ),
    labels: toldElsewhere(),
    targets: toldElsewhere(),
    classes: toldElsewhere(),
    targetNames: toldElsewhere(),
    columns: toldElsewhere(),
    validation: such(isRecord, rows),
    learningRate: toldElsewhere(),
    batchSize: toldElsewhere(),
    scaling: toldElsewhere(),
    targetScaling: toldElsewhere(),
    seed: toldElsewhere(),
    signal: signal(),
    ...settings(),
  } satisfies Partial<Keys<MlpOptions>>),
);

const calls = {
  runSweep: ofSweep,
  sweepEvents: ofSweep,
  openStudy: ofStudy,
  trainMlp: ofTraining,
} as const;

/** @throws ERR_DEFINITION with every fault of what a call was given as its options */
export function expectOptions(call: keyof typeof calls, options: unknown): void {
  const shape = calls[call]();
  if (shape.safeParse(options).success) return;
  const faults = faultsIn(group({ options: shape }), { options });
  throw errors.definition(
    `The call of ${call}`,
    faults.map((fault) => fault.replace(/^options\./, '')),
  );
}
