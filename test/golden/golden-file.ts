/**
 * What a golden file holds: trainings, and the numbers that another program computed of them.
 * Not here: training them (golden-case.ts), how close the numbers must be (deviation.ts).
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { shown } from '../../src/errors.ts';
import { limits } from '../../src/experiment/limits.ts';
import { model, training } from '../../src/experiment/network-settings.ts';
import { faultsOf, sentence } from '../../src/experiment/shape-faults.ts';
import { between, group, listOf, oneOf, positive, whole } from '../../src/experiment/shapes.ts';
import type { Activation } from '../../src/kernel/activations.ts';
import type { Optimizer, Penalty } from '../../src/train/optimizer.ts';
import { type Schedule, scheduleKinds } from '../../src/train/schedule.ts';

/** One training of a golden file, as its maker writes it. */
export interface GoldenCase {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly scale: number;
  readonly rows: readonly [number, number];
  readonly validation: readonly [number, number];
  readonly learningRate: number;
  readonly batchSize: number;
  readonly reduction: 'sum' | 'mean';
  readonly epochs: number;
  /** These the first golden file does not say: sigmoids, plain descent, no penalty. */
  readonly activation?: Activation;
  readonly output?: 'sigmoid' | 'softmax';
  readonly penalty?: Penalty;
  readonly lambda?: number;
  readonly optimizer?: Partial<Optimizer> & Pick<Optimizer, 'kind'>;
  readonly schedule?: Schedule;
  /** How far PyTorch's own float32 run of the case is from the float64 one. */
  readonly float32?: { readonly loss: number; readonly accuracy: number };
  readonly firstBatch: {
    readonly lossMean: number;
    /** [input, unit, gradient] */
    readonly gradFirstLayer: readonly (readonly [number, number, number])[];
    readonly gradFirstLayerNorm: number;
    readonly gradLastLayerNorm: number;
    readonly gradFirstBias: readonly number[];
    readonly gradLastBias: readonly number[];
  };
  readonly curve: readonly GoldenEpoch[];
}

export interface GoldenEpoch {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

const number = () => z.number({ error: ({ input }) => `must be a number, but got ${shown(input)}` });
const text = () => z.string({ error: ({ input }) => `must be a text, but got ${shown(input)}` });
const rows = () =>
  listOf(whole(limits.rows), { min: 2, max: 2 }, 'numbers: the first row, and the one after');
const numbers = () => listOf(number(), { min: 1, max: limits.units.max }, 'numbers');
const { activation } = model.shape;
const { penalty, lambda, momentum, nesterov, beta1, beta2, epsilon, weightDecay } = training.shape;
const { reduction, epochs, optimizer, gamma, every } = training.shape;

const shape = group({
  name: text(),
  sizes: listOf(whole(limits.units), { min: 2, max: 2 + limits.hiddenLayers.max }, 'numbers of units'),
  ...{ scale: number(), rows: rows(), validation: rows(), learningRate: positive() },
  batchSize: whole({ min: 1, max: limits.rows.max }),
  ...{ reduction: reduction.unwrap(), epochs: epochs.unwrap() },
  ...{ activation, output: oneOf('sigmoid', 'softmax').optional(), penalty, lambda },
  optimizer: group({
    kind: optimizer.unwrap(),
    ...{ momentum, nesterov, beta1, beta2, epsilon, weightDecay },
  }).optional(),
  schedule: z
    .discriminatedUnion(
      'kind',
      [
        group({ kind: z.literal(['constant', 'cosine']) }),
        group({ kind: z.literal('exponential'), gamma: gamma.unwrap() }),
        group({ kind: z.literal('step'), gamma: gamma.unwrap(), every: every.unwrap() }),
      ],
      { error: `must be ${scheduleKinds.map(shown).join(' or ')}` },
    )
    .optional(),
  float32: group({ loss: number(), accuracy: number() }).optional(),
  firstBatch: group({
    lossMean: number(),
    gradFirstLayer: z.array(listOf(number(), { min: 3, max: 3 }, 'numbers: input, unit, gradient')),
    ...{ gradFirstLayerNorm: number(), gradLastLayerNorm: number() },
    ...{ gradFirstBias: numbers(), gradLastBias: numbers(), note: text().optional() },
  }),
  curve: z.array(
    group({
      epoch: epochs.unwrap(),
      ...{ trainLoss: number(), validationLoss: number() },
      trainAccuracy: between({ min: 0, max: 1 }),
      validationAccuracy: between({ min: 0, max: 1 }),
    }),
  ),
});

/** The cases of a file, unchecked; what is wrong with the file is an error. */
export function casesIn(file: string): readonly unknown[] {
  const cases = Object(parsed(file))['cases'] as unknown;
  if (!Array.isArray(cases) || cases.length === 0)
    throw new Error(`${file} must hold a list "cases" with at least one training.`);
  return cases;
}

function parsed(file: string): unknown {
  const content = readFileSync(file, 'utf8');
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** A case; or why it cannot be trained. Unknown keys play no part, and are named: who wrote them may have meant one. */
export function readCase(value: unknown): { golden: GoldenCase; unread: string[] } | { faults: string[] } {
  const issues = shape.safeParse(value).error?.issues ?? [];
  const unread = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  );
  const faults = issues.filter(({ code }) => code !== 'unrecognized_keys');
  if (faults.length === 0) return { golden: value as GoldenCase, unread };
  return { faults: faults.flatMap((issue) => faultsOf(issue, shape)).map(sentence) };
}
