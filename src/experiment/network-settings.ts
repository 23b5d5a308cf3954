/**
 * The settings of the network and of its training: the keys `model` and `training` of a definition.
 * Not here: which of them can stand together (network-faults.ts).
 */
import * as z from 'zod';
import { activationNames } from '../kernel/activations.ts';
import { type Optimizer, optimizerKinds } from '../train/optimizer.ts';
import { outputNames } from '../train/outputs.ts';
import { type Schedule, scheduleKinds } from '../train/schedule.ts';
import { limits } from './limits.ts';
import { between, group, listOf, must, oneOf, ranged, whole, yesOrNo } from './shapes.ts';

/** The largest float32. */
const maxFloat32 = 2 ** 128 - 2 ** 104;

const float32 = () =>
  ranged(z.number, -maxFloat32, maxFloat32, 'be a number from -3.4e38 to 3.4e38 (float32)');

const finite = must('be a finite number of at least 0');

const explicitWeights = group({
  layers: listOf(
    group({
      weights: listOf(listOf(float32(), limits.units, 'numbers'), limits.units, 'rows').describe(
        'A row for each input, with a number for each unit.',
      ),
      biases: listOf(float32(), limits.units, 'numbers').describe('A number for each unit.'),
    }),
    { min: 1, max: 33 },
    'layers',
  ).describe('From the first hidden layer to the outputs.'),
}).describe('The weights (inputs x units) and biases of every layer.');

/** Also what a definition with `start` has been given, where nothing is drawn. */
export const usualInitialWeights = 'xavier-uniform';

export const model = group({
  hidden: listOf(whole(limits.units), limits.hiddenLayers, 'numbers of units')
    .optional()
    .describe('Units of each hidden layer; an empty list is a single-layer network.'),
  activation: oneOf(...activationNames)
    .default('sigmoid')
    .describe('Of hidden units.'),
  output: oneOf(...outputNames)
    .default('sigmoid')
    .describe(
      'sigmoid: one for each class, binary cross-entropy summed over them; softmax: probabilities that add up to 1, categorical cross-entropy; linear: a number for each of data.targets, the mean of their squared errors.',
    ),
  initialWeights: z
    .union(
      [oneOf('xavier-uniform', 'normal', 'normal-scaled', 'he-uniform', 'he-normal'), explicitWeights],
      must(
        'be "xavier-uniform", "normal", "normal-scaled", "he-uniform", "he-normal" or { layers: [{ weights, biases }] }',
      ),
    )
    .default(usualInitialWeights)
    .describe(
      'normal is N(0, 1), normal-scaled is N(0, 1) / sqrt(inputs of the unit), he-normal is N(0, 1) * sqrt(2 / inputs), he-uniform is uniform in +-sqrt(6 / inputs), xavier-uniform in +-sqrt(6 / (inputs + units)); biases start at 0.',
    ),
}).describe('The network.');

export const training = group({
  epochs: whole(limits.epochs).optional().describe('Passes over the training rows.'),
  reduction: oneOf('sum', 'mean')
    .default('sum')
    .describe("How a mini-batch's gradient is reduced over its rows."),
  rowOrder: oneOf('shuffled', 'natural')
    .default('shuffled')
    .describe('Shuffled anew each epoch, or as in the file.'),
  penalty: oneOf('none', 'l1', 'l2')
    .default('none')
    .describe(
      'Adds lambda * sum |w| (l1) or lambda * sum w^2 / 2 (l2) over weights and biases to each batch.',
    ),
  lambda: z
    .number(finite)
    .min(0, finite)
    .default(0)
    .describe('Weight of the penalty; more than 0 needs one.'),
  optimizer: oneOf(...optimizerKinds)
    .default('sgd')
    .describe("How gradients become steps, with PyTorch's meaning of every name."),
  momentum: between(limits.momentum)
    .default(0)
    .describe('Of sgd: how much of the step before goes on into each step; v = momentum * v + g.'),
  nesterov: yesOrNo().default(false).describe("Nesterov's momentum, for sgd with momentum."),
  beta1: between(limits.beta).default(0.9).describe('Of adam and adamw: the decay of the mean of gradients.'),
  beta2: between(limits.beta)
    .default(0.999)
    .describe('Of adam and adamw: the decay of the mean of their squares.'),
  epsilon: between(limits.epsilon)
    .default(1e-8)
    .describe('Of adam and adamw: added to the root of that mean.'),
  weightDecay: between(limits.weightDecay)
    .optional()
    .describe(
      'Adds weightDecay * w to the gradient (sgd, adam), or takes learningRate * weightDecay * w off the parameters beside it (adamw). 0.01 for adamw if absent, else 0.',
    ),
  schedule: oneOf(...scheduleKinds)
    .default('constant')
    .describe(
      'Of the learning rate: step is times gamma after each `every` epochs, exponential times gamma after each, cosine half a wave down towards 0.',
    ),
  gamma: between(limits.gamma).optional().describe('Of the schedules step and exponential, which need it.'),
  every: whole(limits.epochs).optional().describe('Of the schedule step, which needs it: epochs.'),
  warmup: whole(limits.warmupEpochs)
    .default(0)
    .describe(
      'Epochs in which the learning rate rises in equal steps before the schedule begins: e / (warmup + 1) of it in epoch e.',
    ),
  dropout: between(limits.dropout)
    .default(0)
    .describe('The share of the units of each hidden layer that drop out of a row while it is trained on.'),
  classWeights: z
    .union(
      [oneOf('balanced'), listOf(between(limits.classWeight), limits.classes, 'weights')],
      must('be "balanced" or a list of numbers, one a class'),
    )
    .optional()
    .describe(
      "What each class counts in the gradient, in the order of classes; balanced is rows / (classes * the class's rows) among the training rows. Losses are told without.",
    ),
  patience: whole(limits.epochs)
    .optional()
    .describe('Ends a trial of the search after so many epochs without a better one.'),
}).describe('How the network is trained.');

/** The settings without a default, which a definition must hold unless its space names them. */
export const needed = { model: 'hidden', training: 'epochs' } as const;

type Settled<Settings, Name extends keyof Settings> = Settings & {
  readonly [Key in Name]-?: Exclude<Settings[Key], undefined>;
};
export type ModelSettings = Settled<z.output<typeof model>, 'hidden'>;
export type TrainingSettings = Settled<z.output<typeof training>, 'epochs'>;

/** The optimizer that the settings of a training name, with what it needs of them. */
export function optimizerOf(settings: TrainingSettings): Optimizer {
  const { optimizer: kind, momentum, nesterov, beta1, beta2, epsilon, weightDecay } = settings;
  if (kind === 'sgd') return { kind, momentum, nesterov, weightDecay: weightDecay ?? 0 };
  return { kind, beta1, beta2, epsilon, weightDecay: weightDecay ?? (kind === 'adamw' ? 0.01 : 0) };
}

/** The same of its schedule. */
export function scheduleOf({ schedule: kind, gamma, every }: TrainingSettings): Schedule {
  switch (kind) {
    case 'constant':
    case 'cosine':
      return { kind };
    case 'exponential':
      return { kind, gamma: found(gamma) };
    case 'step':
      return { kind, gamma: found(gamma), every: found(every) };
    default:
      return kind satisfies never;
  }
}

function found(value: number | undefined): number {
  if (value === undefined) throw new Error('A checked schedule has all that it needs.');
  return value;
}
