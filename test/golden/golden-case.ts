/** Golden trainings: numbers that PyTorch's autograd computed in float64, and how close ours come to them. */

import { loadData } from '../../src/data/dataset.ts';
import { allocate } from '../../src/execute/network/memory.ts';
import type { Activation } from '../../src/kernel/activations.ts';
import type { Kernels, LayerParameters } from '../../src/kernel/kernels.ts';
import { epochOf } from '../../src/metric.ts';
import { arenaBlocks, place, scratchBlocks } from '../../src/train/arena.ts';
import { parametersAt, readyArena, reportsOf } from '../../src/train/arena-state.ts';
import { backward, forward } from '../../src/train/backprop.ts';
import {
  layersAt,
  type NetworkFunctions,
  networkAt,
  parameterBlocks,
  unpadParameters,
} from '../../src/train/model.ts';
import { type Optimizer, type Penalty, plainDescent } from '../../src/train/optimizer.ts';
import { type Output, outputs as outputFacts } from '../../src/train/outputs.ts';
import type { Schedule } from '../../src/train/schedule.ts';
import { type TrainingPlan, train } from '../../src/train/train.ts';

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
  readonly output?: Output;
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
  readonly curve: readonly {
    readonly epoch: number;
    readonly trainLoss: number;
    readonly trainAccuracy: number;
    readonly validationLoss: number;
    readonly validationAccuracy: number;
  }[];
}

/** The largest deviations of a case; relative, but for the accuracy's difference. */
export interface Deviation {
  readonly firstLoss: number;
  readonly gradient: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** What is allowed where a case does not say how far float32 strays. */
export const tolerance: Deviation = { firstLoss: 1e-6, gradient: 1e-4, loss: 1e-4, accuracy: 0.0005 };

/** What a case is allowed: 20 times what PyTorch's own float32 run strays, and never less than the last digits of a sum. */
export function toleranceOf({ float32 }: Pick<GoldenCase, 'float32'>): Deviation {
  if (float32 === undefined) return tolerance;
  const loss = Math.max(20 * float32.loss, 1e-5);
  return {
    firstLoss: loss,
    gradient: tolerance.gradient,
    loss,
    accuracy: Math.max(tolerance.accuracy, float32.accuracy),
  };
}

/** Trains a case on the MNIST-shaped IDX files in `folder` and tells how far it is from the golden numbers. */
export async function deviationOf(
  golden: GoldenCase,
  folder: string,
  kernelsOn: (memory: WebAssembly.Memory) => Kernels,
): Promise<Deviation> {
  const { sizes, learningRate, batchSize, reduction, epochs } = golden;
  const [classes, inputs] = [sizes.at(-1) as number, sizes[0] as number];
  const data = await loadData({
    ...{ source: 'idx', folder, classes, pixels: '0-1' },
    ...{ train: golden.rows, validation: golden.validation },
  });
  if (data.inputs !== inputs)
    throw new Error(`${golden.name} has ${inputs} inputs, but the files ${data.inputs}.`);
  const plan: TrainingPlan = {
    ...{ sizes, training: data.training, evaluation: data.validation, epochs, reduction },
    params: { learningRate, batchSize },
    ...functionsOf(golden),
    ...{ penalty: golden.penalty ?? 'none', lambda: golden.lambda ?? 0 },
    ...{ optimizer: optimizerOf(golden), schedule: golden.schedule ?? { kind: 'constant' }, warmup: 0 },
    ...{ dropout: 0, classWeights: undefined, patience: 0 },
    ...{ rowOrder: 'natural', seed: 0, replicate: 0 },
    ...{ orderPurpose: 'row order', bestBy: 'validationAccuracy', modelEpoch: 'best' },
  };
  const shared = allocate(data, [{ ...plan, batchSize }], 1, 1);
  const { buffer } = shared.memory;
  const arena = place(arenaBlocks(plan), shared.arenas[0] as number);
  const trainingRows = data.training.to;
  const scratch = place(scratchBlocks({ sizes, batchSize, trainingRows }), shared.scratches[0] as number);
  const thread = { kernels: kernelsOn(shared.memory), buffer, scratch, board: shared.board };
  const training = { ...plan, rows: shared.rows, naturalOrder: shared.naturalOrder, arena };
  const start = formulaWeights(sizes, golden.scale);

  readyArena(buffer, arena, plan, { from: 'weights', parameters: start });
  const network = networkAt(plan, arena.parameters);
  const batch = { order: shared.naturalOrder, count: Math.min(batchSize, trainingRows) };
  const outputs = forward(thread.kernels, network, shared.rows, batch, scratch).at(-1) as number;
  const lastLayer = network.layers.at(-1) as LayerParameters;
  const { kernels } = thread;
  // Natural order leaves the scratch for row orders unused: room for as many predictions as a batch has rows.
  const { labels } = shared.rows;
  const facts = outputFacts[plan.output];
  if (facts.learns === 'numbers') throw new Error('No golden file holds a network of numbers.');
  const measure = kernels[facts.loss];
  const firstLoss = measure(labels, batch.count, lastLayer, outputs, scratch.logs, scratch.order);
  backward(kernels, network, shared.rows, batch, layersAt(sizes, scratch.gradient), scratch);
  const gradient = unpadParameters(sizes, parametersAt(buffer, scratch.gradient, sizes));

  train(thread, training);
  const curve = reportsOf(buffer, arena, plan).map((report) => epochOf('validationAccuracy', report));
  const { firstBatch } = golden;
  return {
    firstLoss: relative(firstLoss / batch.count, firstBatch.lossMean),
    gradient: gradientDeviation(gradient, sizes, firstBatch),
    loss: Math.max(
      ...golden.curve.flatMap(({ epoch, trainLoss, validationLoss }) => [
        relative(curve[epoch - 1]?.trainingLoss, trainLoss),
        relative(curve[epoch - 1]?.evaluationLoss, validationLoss),
      ]),
    ),
    accuracy: Math.max(
      ...golden.curve.flatMap(({ epoch, trainAccuracy, validationAccuracy }) => [
        Math.abs((curve[epoch - 1]?.trainingAccuracy ?? Number.NaN) - trainAccuracy),
        Math.abs((curve[epoch - 1]?.evaluationAccuracy ?? Number.NaN) - validationAccuracy),
      ]),
    ),
  };
}

const functionsOf = ({ activation = 'sigmoid', output = 'sigmoid' }: GoldenCase): NetworkFunctions => ({
  activation,
  output,
});

/** What its maker leaves out is at its default there. */
function optimizerOf({ optimizer = plainDescent }: GoldenCase): Optimizer {
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
  return { ...(optimizer.kind === 'sgd' ? plainDescent : adam), ...optimizer } as Optimizer;
}

/** W[k][i][j] = scale * sin(12.9898 (i + 1) + 78.233 (j + 1) + k), biases 0: the formula of the golden files. */
export function formulaWeights(sizes: readonly number[], scale: number): Float32Array {
  const values: number[] = [];
  for (const [index, { rows, cols }] of parameterBlocks(sizes).entries()) {
    const isBiases = index % 2 === 1;
    for (let i = 1; i <= rows; i++) {
      for (let j = 1; j <= cols; j++) {
        values.push(isBiases ? 0 : scale * Math.sin(12.9898 * i + 78.233 * j + index / 2));
      }
    }
  }
  return Float32Array.from(values);
}

function gradientDeviation(
  gradient: Float32Array,
  sizes: readonly number[],
  golden: GoldenCase['firstBatch'],
): number {
  let offset = 0;
  const blocks = parameterBlocks(sizes).map(({ rows, cols }) => {
    const block = gradient.subarray(offset, offset + rows * cols);
    offset += rows * cols;
    return block;
  });
  const units = sizes[1] as number;
  // Not Math.hypot(...block): a wide layer has more numbers than a call can have arguments.
  const norm = (block: Float32Array = new Float32Array()) =>
    Math.sqrt(block.reduce((sum, value) => sum + value ** 2, 0));
  const [firstWeights, firstBiases] = blocks;
  const [lastWeights, lastBiases] = blocks.slice(-2);
  return Math.max(
    ...golden.gradFirstLayer.map(([i, j, value]) => relative(firstWeights?.[i * units + j], value)),
    relative(norm(firstWeights), golden.gradFirstLayerNorm),
    relative(norm(lastWeights), golden.gradLastLayerNorm),
    ...golden.gradFirstBias.map((value, j) => relative(firstBiases?.[j], value)),
    ...golden.gradLastBias.map((value, j) => relative(lastBiases?.[j], value)),
  );
}

const relative = (got: number | undefined, wanted: number): number =>
  wanted === 0 ? Math.abs(got ?? Number.NaN) : Math.abs((got ?? Number.NaN) - wanted) / Math.abs(wanted);

/** Whether every deviation is within what the case is allowed; NaN is not. */
export function isWithin(deviation: Deviation, golden: Pick<GoldenCase, 'float32'> = {}): boolean {
  const allowed = toleranceOf(golden);
  // The difference of two shares is rounded: one row of 2,000 must not be a little more than 0.0005.
  const rounding = 1e-12;
  return (Object.keys(allowed) as (keyof Deviation)[]).every(
    (key) => deviation[key] <= allowed[key] + rounding,
  );
}
