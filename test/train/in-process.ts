/** Trainings in this process: small data sets, plans, and memory laid out as the pool lays it out. */
import { type LoadedData, outputsOf } from '../../src/data/dataset.ts';
import { allocate } from '../../src/execute/network/memory.ts';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { referenceKernels } from '../../src/kernel/reference.ts';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import { type EpochMetrics, epochOf } from '../../src/metric.ts';
import { randomStream } from '../../src/random.ts';
import { arenaBlocks, control, controlWords, place, requests } from '../../src/train/arena.ts';
import {
  bestEpochOf,
  checkpointOf,
  correctRowsAt,
  readyArena,
  reportsOf,
  weightsAt,
} from '../../src/train/arena-state.ts';
import type { Thread } from '../../src/train/evaluate.ts';
import { parameterCount } from '../../src/train/model.ts';
import { plainDescent } from '../../src/train/optimizer.ts';
import { type Training, type TrainingEnd, type TrainingPlan, train } from '../../src/train/train.ts';
import type { Checkpoint, TrainedWeights } from '../../src/trial.ts';

export type KernelsOn = (memory: WebAssembly.Memory) => Kernels;

const module = loadKernelModule();
export const onSimd: KernelsOn = (memory) => simdKernels(module, memory);
export const onReference: KernelsOn = ({ buffer }) => referenceKernels(buffer);

interface Rows {
  readonly inputs: number;
  readonly classes: number;
  readonly training: number;
  readonly validation: number;
  /** The share of pixels that are not 0. */
  readonly density: number;
}

/** Random pictures that can be learnt: the label is the class whose pixel, among the first ones, is the brightest. */
export function randomRows(given: Partial<Rows> = {}): LoadedData {
  const settings = { inputs: 9, classes: 3, training: 40, validation: 30, density: 0.4, ...given };
  const { inputs, classes, training, validation, density } = settings;
  const random = randomStream(7, 'search', 0, 0);
  const count = training + validation;
  const pixels = Uint8Array.from({ length: count * inputs }, () =>
    random.uniform() < density ? 1 + random.below(255) : 0,
  );
  const labels = Uint8Array.from({ length: count }, (_, row) => {
    const seen = pixels.subarray(row * inputs, row * inputs + Math.min(classes, inputs));
    return seen.indexOf(Math.max(...seen));
  });
  const entries = pixels.filter((pixel) => pixel > 0).length;
  return {
    ...{ inputs, classes, values: pixels, labels, hash: 'random rows' },
    encoding: { kind: 'pictures', rows: 1, columns: inputs, pixels: '0-1' },
    training: { from: 0, to: training },
    validation: { from: training, to: count },
    test: undefined,
    ...{ entries, density: entries / pixels.length },
  };
}

/** The same rows with numbers to learn in place of classes: the brightness of two of their pixels, and of one times the other. */
export function withTargets({ classes: _, ...data }: LoadedData): LoadedData {
  const { values, inputs, labels } = data;
  const pixel = (row: number, input: number) => (values[row * inputs + (input % inputs)] as number) / 255;
  const targets = Float32Array.from({ length: 3 * labels.length }, (_, at) => {
    const [row, target] = [Math.floor(at / 3), at % 3];
    return target === 2 ? pixel(row, 0) * pixel(row, 1) : pixel(row, target) - 0.5;
  });
  const columns = Array.from({ length: inputs }, (_, input) => String(input));
  return {
    ...{ ...data, classes: 0, targets, labels: new Uint8Array(labels.length) },
    values: Float32Array.from(values, (value) => value / 255),
    encoding: {
      ...{ kind: 'table', columns, offsets: columns.map(() => 0), divisors: columns.map(() => 255) },
      targets: ['first', 'second', 'product'].map((name, at) => ({ name, offset: 0.5, divisor: 1 + at })),
    },
  };
}

type PlanSettings = Partial<Omit<TrainingPlan, 'sizes' | 'training' | 'evaluation'>> & {
  readonly hidden?: readonly number[];
};

/** A plan for these rows, with the settings that a test is not about filled in. */
export function planFor(data: LoadedData, { hidden = [5], ...settings }: PlanSettings = {}): TrainingPlan {
  return {
    ...{
      sizes: [data.inputs, ...hidden, outputsOf(data)],
      training: data.training,
      evaluation: data.validation,
    },
    ...{
      activation: 'sigmoid',
      output: 'sigmoid',
      params: { learningRate: 0.1, batchSize: 8 },
      epochs: 4,
      reduction: 'sum',
      penalty: 'none',
      lambda: 0,
      optimizer: plainDescent,
      schedule: { kind: 'constant' },
      warmup: 0,
      dropout: 0,
      classWeights: undefined,
      patience: 0,
    },
    ...{
      rowOrder: 'shuffled',
      seed: 1,
      replicate: 0,
      orderPurpose: 'row order',
      bestBy: 'validationAccuracy',
      modelEpoch: 'best',
    },
    ...settings,
  };
}

/** The starting weights of a plan unless a test has its own: every number random, biases too. */
export function randomStart({ sizes, seed }: TrainingPlan): Float32Array {
  const random = randomStream(seed, 'search', 1, 0);
  return Float32Array.from({ length: parameterCount(sizes) }, () => random.normal());
}

/** A training that can be run in steps, and the threads it can run on. */
export interface Prepared {
  readonly memory: WebAssembly.Memory;
  readonly training: Training;
  readonly threads: readonly Thread[];
}

/** Lays a training out, ready for its next epoch: the first with starting weights, a later one with a checkpoint. */
export function prepare(
  data: LoadedData,
  plan: TrainingPlan,
  start: Float32Array | Checkpoint = randomStart(plan),
  kernelsOn = onSimd,
  threads = 1,
): Prepared {
  const { batchSize } = plan.params;
  const shared = allocate(data, [{ ...plan, batchSize }], threads, 1);
  const { memory, rows, naturalOrder } = shared;
  const arena = place(arenaBlocks(plan), shared.arenas[0] as number);
  const from =
    start instanceof Float32Array
      ? ({ from: 'weights', parameters: start } as const)
      : ({ from: 'checkpoint', checkpoint: start } as const);
  readyArena(memory.buffer, arena, plan, from);
  return {
    memory,
    training: { ...plan, rows, naturalOrder, arena },
    threads: shared.scratches.map((_, seat) => ({
      kernels: kernelsOn(memory),
      buffer: memory.buffer,
      scratch: shared.scratchOn(seat, { ...plan, batchSize }),
      board: shared.board,
    })),
  };
}

/** What a training has left in its arena. */
export interface Trained {
  readonly end: TrainingEnd;
  readonly curve: readonly EpochMetrics[];
  readonly bestEpoch: number;
  readonly best: TrainedWeights;
  readonly last: TrainedWeights;
  /** Which evaluation rows the model gets right, once the training has finished. */
  readonly correct: Uint8Array;
}

/** Runs a training on `thread` until it ends. */
export function run({ training, threads }: Prepared, thread = threads[0] as Thread): Trained {
  const end = train(thread, training);
  const { arena, sizes } = training;
  const { buffer } = thread;
  return {
    end,
    curve: reportsOf(buffer, arena, training).map(
      (report) => epochOf(training.bestBy, report) as EpochMetrics,
    ),
    bestEpoch: bestEpochOf(buffer, arena),
    best: weightsAt(buffer, arena.best, sizes),
    last: weightsAt(buffer, arena.parameters, sizes),
    correct: correctRowsAt(buffer, arena, training.evaluation),
  };
}

/** Lays a training out and runs it. */
export const trainHere = (
  data: LoadedData,
  plan: TrainingPlan,
  start?: Float32Array,
  kernelsOn?: KernelsOn,
): Trained => run(prepare(data, plan, start, kernelsOn));

/** A copy of a training's state, to go on from elsewhere. */
export function checkpoint({ training, threads }: Prepared): Checkpoint {
  const [{ buffer }] = threads as [Thread];
  return checkpointOf(buffer, training.arena, training);
}

/** Makes a training go on while its last epoch is measured, as it does when other threads assist it. */
export function assistedBy(assistants: number, { training, threads }: Prepared): void {
  const [{ buffer }] = threads as [Thread];
  Atomics.store(controlWords(buffer, training.arena), control.assistants, assistants);
}

/** Asks a training to stop at its next mini-batch, or to go on. */
export function request({ training, threads }: Prepared, word: keyof typeof requests): void {
  const [{ buffer }] = threads as [Thread];
  Atomics.store(controlWords(buffer, training.arena), control.request, requests[word]);
}
