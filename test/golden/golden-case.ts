/** A golden training, trained by us: the numbers of its file, each beside ours. */

import { loadData } from '../../src/data/dataset.ts';
import { allocate } from '../../src/execute/network/memory.ts';
import type { Kernels } from '../../src/kernel/kernels.ts';
import type { LayerParameters } from '../../src/kernel/layout.ts';
import { type EpochMetrics, epochOf } from '../../src/metric.ts';
import { arenaBlocks, place } from '../../src/train/arena.ts';
import { parametersAt, readyArena, reportsOf } from '../../src/train/arena-state.ts';
import { backward, forward } from '../../src/train/backprop.ts';
import {
  layersAt,
  type NetworkFunctions,
  networkAt,
  parameterBlocks,
  unpadParameters,
} from '../../src/train/model.ts';
import { type Optimizer, plainDescent } from '../../src/train/optimizer.ts';
import { outputs as outputFacts } from '../../src/train/outputs.ts';
import { type TrainingPlan, train } from '../../src/train/train.ts';
import type { Figure } from './deviation.ts';
import type { GoldenCase, GoldenEpoch } from './golden-file.ts';

/** Trains a case on the MNIST-shaped IDX files in `folder`. */
export async function figuresOf(
  golden: GoldenCase,
  folder: string,
  kernelsOn: (memory: WebAssembly.Memory) => Kernels,
): Promise<Figure[]> {
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
  const scratch = shared.scratchOn(0, { ...plan, batchSize });
  const thread = { kernels: kernelsOn(shared.memory), buffer, scratch, board: shared.board };
  const training = { ...plan, rows: shared.rows, naturalOrder: shared.naturalOrder, arena };
  const start = formulaWeights(sizes, golden.scale);

  readyArena(buffer, arena, plan, { from: 'weights', parameters: start });
  const network = networkAt(plan, arena.parameters);
  const batch = { order: shared.naturalOrder, count: Math.min(batchSize, trainingRows) };
  const outputs = forward(thread.kernels, network, shared.rows, batch, scratch);
  const lastLayer = network.layers.at(-1) as LayerParameters;
  const { kernels } = thread;
  // Natural order leaves the scratch for row orders unused: room for as many predictions as a batch has rows.
  const { labels } = shared.rows;
  const facts = outputFacts[golden.output ?? 'sigmoid'];
  const measure = kernels[facts.loss];
  const firstLoss = measure(labels, batch.count, lastLayer, outputs, scratch.logs, scratch.order);
  backward(kernels, network, shared.rows, batch, layersAt(sizes, scratch.gradient), scratch);
  const gradient = unpadParameters(sizes, parametersAt(buffer, scratch.gradient, sizes));

  train(thread, training);
  const curve = reportsOf(buffer, arena, plan).map((report) => epochOf('validationAccuracy', report));
  return [
    {
      kind: 'firstLoss',
      name: 'lossMean',
      ours: firstLoss / batch.count,
      theirs: golden.firstBatch.lossMean,
    },
    ...gradientFigures(gradient, sizes, golden.firstBatch),
    ...golden.curve.flatMap((theirs) => curveFigures(curve[theirs.epoch - 1], theirs)),
  ];
}

/** An epoch that was never trained has no numbers. */
function curveFigures(ours: EpochMetrics | undefined, theirs: GoldenEpoch): Figure[] {
  const figure = (kind: Figure['kind'], name: keyof GoldenEpoch, number = Number.NaN): Figure => ({
    ...{ kind, name: `${name} of epoch ${theirs.epoch}`, ours: number, theirs: theirs[name] },
  });
  return [
    figure('loss', 'trainLoss', ours?.trainingLoss),
    figure('loss', 'validationLoss', ours?.evaluationLoss),
    figure('accuracy', 'trainAccuracy', ours?.trainingAccuracy),
    figure('accuracy', 'validationAccuracy', ours?.evaluationAccuracy),
  ];
}

const functionsOf = ({ activation = 'sigmoid', output = 'sigmoid' }: GoldenCase): NetworkFunctions => ({
  activation,
  output,
});

/** What a file leaves out is at PyTorch's default. */
function optimizerOf({ optimizer = plainDescent }: GoldenCase): Optimizer {
  const weightDecay = optimizer.kind === 'adamw' ? 0.01 : 0;
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay };
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

function gradientFigures(
  gradient: Float32Array,
  sizes: readonly number[],
  golden: GoldenCase['firstBatch'],
): Figure[] {
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
  const figure = (name: string, theirs: number, ours = Number.NaN, least = 0): Figure => ({
    ...{ kind: 'gradient', name, ours, theirs, least },
  });
  const biases = (name: 'gradFirstBias' | 'gradLastBias', ours: Float32Array | undefined) => {
    const squares = golden[name].map((value) => value ** 2);
    const usual = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    return golden[name].map((value, j) => figure(`${name} at ${j}`, value, ours?.[j], usual * leastShare));
  };
  const usual = golden.gradFirstLayerNorm / Math.sqrt(firstWeights?.length ?? 0);
  return [
    ...golden.gradFirstLayer.map(([i, j, value]) =>
      figure(`gradFirstLayer at [${i}, ${j}]`, value, firstWeights?.[i * units + j], usual * leastShare),
    ),
    figure('gradFirstLayerNorm', golden.gradFirstLayerNorm, norm(firstWeights)),
    figure('gradLastLayerNorm', golden.gradLastLayerNorm, norm(lastWeights)),
    ...biases('gradFirstBias', firstBiases),
    ...biases('gradLastBias', lastBiases),
  ];
}

/**
 * Of a gradient's usual size (the root of its mean square) in a layer. The bias of a class that is foreseen as often as it comes has
 * a sum of 250 terms that is 0.002 where the others are 7: PyTorch's own float32 is 2.5e-4 of it off.
 */
const leastShare = 0.1;
