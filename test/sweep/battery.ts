/**
 * A battery of problems that shows what the arithmetic computes: every kernel on many shapes and kinds of numbers, a training
 * of every kind, starting weights. Not here: what it must give (src/sweep/pinned-arithmetic.ts).
 */
import { createHash } from 'node:crypto';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import type { Feature, Piece, TrainingKind } from '../../src/sweep/pinned-arithmetic.ts';
import { type InitialWeights, initialParameters } from '../../src/train/initial-weights.ts';
import { type Penalty, plainDescent } from '../../src/train/optimizer.ts';
import type { TrainingPlan } from '../../src/train/train.ts';
import { layOut, memoryBytes, shapes, uses } from '../contracts/kernels-contract.ts';
import { onSimd, planFor, randomRows, trainHere, withTargets } from '../train/in-process.ts';

const forms = { sparse: 0.3, dense: 0.9 } as const;
const depths = { 'no hidden layer': [], 'hidden layers': [7, 6] } as const;
const penalties = ['none', 'l1', 'l2'] as const satisfies readonly Penalty[];

/** Every way in which a training can go through the kernels. */
export const trainingKinds = (Object.keys(forms) as (keyof typeof forms)[]).flatMap((form) =>
  (Object.keys(depths) as (keyof typeof depths)[]).flatMap((depth) =>
    penalties.map((penalty) => ({ form, depth, penalty })),
  ),
);

type Hash = ReturnType<typeof createHash>;
const digest = (hash: Hash): string => hash.digest('hex').slice(0, 16);

/** Engines are free in sign and payload of NaN, so every NaN is hashed as the same one. */
function withOneNaN(bytes: Uint8Array): Uint8Array {
  const words = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= bytes.length; at += 4)
    if (Number.isNaN(words.getFloat32(at, true))) words.setUint32(at, 0x7fc0_0000, true);
  return bytes;
}

function kernelOutputs(kernels: Kernels, buffer: SharedArrayBuffer, kernel: keyof Kernels): string {
  const hash = createHash('sha256');
  for (const numbers of [undefined, 'denormal', 'any finite'] as const) {
    for (const [seed, shape] of shapes().entries()) {
      const problem = layOut({ ...shape, numbers }, seed, buffer);
      const { run, writes } = uses[kernel];
      const result = run(kernels, problem) ?? 0;
      hash.update(new Uint8Array(Float64Array.of(Number.isNaN(result) ? 0 : result).buffer));
      for (const [from, length] of writes(problem)) {
        const bytes = new Uint8Array(buffer).slice(from, from + length);
        // Only bytes of classes stand at odd addresses.
        hash.update(from % 4 === 0 ? withOneNaN(bytes) : bytes);
      }
    }
  }
  return digest(hash);
}

/** Trains once of each kind; `kernelsOn` may look on. */
export function trainOnce(
  { form, depth, penalty }: (typeof trainingKinds)[number],
  kernelsOn = onSimd,
  settings: Partial<TrainingPlan> = {},
): string {
  const hash = createHash('sha256');
  for (const [seed, variant] of [
    {},
    { reduction: 'mean', rowOrder: 'natural', bestBy: 'validationLoss', modelEpoch: 'last' },
  ].entries()) {
    const data = randomRows({ inputs: 11, classes: 5, training: 300, validation: 270, density: forms[form] });
    const { output = 'sigmoid' } = settings;
    const plan = planFor(output === 'linear' ? withTargets(data) : data, {
      ...{ hidden: depths[depth], penalty, lambda: penalty === 'none' ? 0 : 0.01, seed, epochs: 5 },
      params: { learningRate: 0.02, batchSize: 33 },
      ...(variant as object),
      ...settings,
    });
    const { curve, best, last, bestEpoch, correct } = trainHere(
      output === 'linear' ? withTargets(data) : data,
      plan,
      undefined,
      kernelsOn,
    );
    // JSON writes the shortest text that reads back as the same float64.
    hash.update(JSON.stringify({ curve, best: best.sha256, last: last.sha256, bestEpoch }));
    hash.update(correct);
  }
  return digest(hash);
}

const moments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** The setting that each feature is. */
export const features: Readonly<Record<Feature, Partial<TrainingPlan>>> = {
  'activation tanh': { activation: 'tanh' },
  'activation relu': { activation: 'relu' },
  'output softmax': { output: 'softmax' },
  'output linear': { output: 'linear', bestBy: 'validationRmse' },
  'optimizer momentum': { optimizer: { ...plainDescent, momentum: 0.9, nesterov: true, weightDecay: 0.01 } },
  'weight decay': { optimizer: { ...plainDescent, weightDecay: 0.1 } },
  'optimizer adam': { optimizer: { kind: 'adam', ...moments, weightDecay: 0.01 } },
  'optimizer adamw': { optimizer: { kind: 'adamw', ...moments, weightDecay: 0.01 } },
  'schedule step': { schedule: { kind: 'step', every: 2, gamma: 0.3 } },
  'schedule exponential': { schedule: { kind: 'exponential', gamma: 0.7 } },
  'schedule cosine': { schedule: { kind: 'cosine' } },
  'schedule behind a warmup': { warmup: 3 },
  'dropout masks': { dropout: 0.3 },
  'class weights': { classWeights: [1, 2, 0.5, 3, 1] },
};

/** A training with a feature on rows of either form. */
const featureOutputs = (settings: Partial<TrainingPlan>): string =>
  (Object.keys(forms) as (keyof typeof forms)[])
    .map((form) => trainOnce({ form, depth: 'hidden layers', penalty: 'none' }, onSimd, settings).slice(0, 8))
    .join('');

function startingWeights(...kinds: Exclude<InitialWeights, object>[]): string {
  const hash = createHash('sha256');
  for (const kind of kinds)
    for (const replicate of [0, 1]) hash.update(initialParameters([11, 7, 6, 5], kind, 3, replicate));
  return digest(hash);
}

/** What every piece of the arithmetic gives on this machine. */
export function battery(): Record<Piece, string> {
  const pages = memoryBytes / 65_536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const kernels = simdKernels(loadKernelModule(), memory);
  // It computes nothing: what it writes is in no identity.
  const { tileWeights: _, ...computing } = uses;
  const names = Object.keys(computing) as (keyof typeof computing)[];
  const ofKernels = names.map((kernel) => [
    kernel,
    kernelOutputs(kernels, memory.buffer as SharedArrayBuffer, kernel),
  ]);
  const ofTrainings = trainingKinds.map((kind) => {
    const name: TrainingKind = `${kind.form}, ${kind.depth}, ${kind.penalty}`;
    return [name, trainOnce(kind)];
  });
  const ofFeatures = Object.entries(features).map(([name, settings]) => [name, featureOutputs(settings)]);
  const ofWeights = [
    ['starting weights', startingWeights('xavier-uniform', 'normal', 'normal-scaled')],
    ...(['he-uniform', 'he-normal'] as const).map((kind) => [
      `starting weights ${kind}`,
      startingWeights(kind),
    ]),
  ];
  return Object.fromEntries([...ofKernels, ...ofTrainings, ...ofFeatures, ...ofWeights]);
}
