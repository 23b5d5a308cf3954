/**
 * Whether the kernels still compute what reference.ts does once the engine has compiled them for speed: one block of rows
 * measured and one mini-batch's step, in the shape and with the numbers of the training that goes on.
 * Not here: the check before anything runs (kernel/start-check.ts).
 */
import { errors } from '../errors.ts';
import { type Kernels, tiledBytes } from '../kernel/kernels.ts';
import type { Address, LayerParameters } from '../kernel/layout.ts';
import { referenceKernels } from '../kernel/reference.ts';
import { evaluationBlockRows, momentsAt, stateCount } from './arena.ts';
import { backward, forward } from './backprop.ts';
import { measurementBlocks, type Thread, targetsIn } from './evaluate.ts';
import { layersAt, networkAt, paddedCount } from './model.ts';
import { decayedAfter, descend } from './optimizer.ts';
import { outputs as outputFacts } from './outputs.ts';
import type { Training } from './train.ts';

/**
 * Rows and numbers that are checked: two tiles of four rows, and as much of a step. Plain loops are not compiled yet by then
 * and take some 0.1 us a product: more would be felt at a run's start.
 */
const mostRows = 8;
const mostProducts = 2_000_000;
const mostFloats = 2_048;

/** Calls of a kernel, each of a mini-batch or a block of rows, after which an engine has compiled it for speed. */
const optimisedAfter = 70;

/**
 * Gives the check of a training that its thread is to call after each epoch. It looks once a network shape when that has been
 * compiled for speed, and at the end of a shape's first training where that is too short.
 */
export function selfCheck(): (thread: Thread, training: Training) => (epoch: number) => void {
  const shapes = new Map<string, { calls: number; checked: 'no' | 'early' | 'optimised' }>();
  return (thread, training) => {
    const shape = shapeOf(training);
    const known = shapes.get(shape) ?? { calls: 0, checked: 'no' };
    shapes.set(shape, known);
    const [batches, blocks] = [
      Math.ceil(rowsOf(training) / training.params.batchSize),
      measurementBlocks(training),
    ];
    return (epoch) => {
      const calls = known.calls + batches;
      const isOptimised = calls >= optimisedAfter;
      const isDue =
        known.checked !== 'optimised' &&
        (isOptimised || (known.checked === 'no' && epoch === training.epochs));
      // Noted only once it has passed: where it failed, the shape's next training fails as well.
      if (isDue) {
        expectEqualTraining(thread, training);
        known.checked = isOptimised ? 'optimised' : 'early';
      }
      // This epoch is measured after this.
      known.calls = calls + blocks;
    };
  };
}

const shapeOf = (training: Training): string =>
  JSON.stringify([
    training.sizes,
    training.activation,
    training.output,
    training.optimizer.kind,
    training.dropout > 0,
    training.classWeights !== undefined,
    training.penalty,
  ]);

const rowsOf = ({ training: { from, to } }: Training): number => to - from;

/**
 * Runs kernels and reference side by side between two epochs, and leaves everything as it was.
 * @throws ERR_MACHINE with the name of the kernel that gives other bits
 */
export function expectEqualTraining(thread: Thread, training: Training): void {
  const { buffer, scratch } = thread;
  const { arena, sizes, rows, naturalOrder, params, optimizer } = training;
  const floats = paddedCount(sizes);
  const parameters = new Uint8Array(buffer, arena.parameters, 4 * stateCount(training));
  const before = parameters.slice();
  const kernels = bothKernels(thread, training);
  const network = networkAt(training, arena.parameters);
  const most = Math.max(1, Math.min(mostRows, Math.floor(mostProducts / floats), rowsOf(training)));
  const block = { order: naturalOrder + 4 * training.training.from, count: most };
  const keys = training.sizes.slice(1, -1).map(() => [1, 2] as const);
  const batch = {
    ...{ ...block, count: Math.min(most, params.batchSize) },
    dropout: training.dropout > 0 ? { rate: training.dropout, keys, firstRow: 0 } : undefined,
    classWeights: training.classWeights && scratch.classWeights,
  };
  try {
    expectEqualFirstRows(thread, training, block);
    const outputs = forward(kernels, network, rows, block, scratch);
    // The kernels promise equal bits on finite numbers only; a training without them ends as diverged.
    const activations = new Float32Array(
      buffer,
      scratch.activations,
      (scratch.gradient - scratch.activations) / 4,
    );
    if (!activations.every(Number.isFinite)) return;
    const labels = rows.labels + training.training.from;
    const last = network.layers.at(-1) as LayerParameters;
    const facts = outputFacts[network.output];
    if (facts.learns === 'numbers') {
      const answers = targetsIn(rows).rows + 4 * last.stride * training.training.from;
      kernels[facts.loss](answers, block.count, last, outputs, scratch.logs);
    } else {
      kernels[facts.loss](labels, block.count, last, outputs, scratch.logs, scratch.predictions);
      kernels.countEqual(labels, scratch.predictions, block.count);
    }
    backward(kernels, network, rows, batch, layersAt(sizes, scratch.gradient), scratch);
    const stepped = {
      ...{ parameters: arena.parameters, gradient: scratch.gradient },
      ...{ moments: momentsAt(arena.parameters, training), floats: Math.min(floats, mostFloats) },
    };
    const step = { learningRate: params.learningRate, divisor: 1, decayed: decayedAfter(optimizer, 1) };
    descend(kernels, stepped, { ...training, ...step });
  } finally {
    parameters.set(before);
    new Uint8Array(buffer, scratch.gradient, 4 * floats).fill(0);
  }
}

/** Many rows may go another way through the first layer than few, whose numbers must be the same. */
function expectEqualFirstRows(
  { kernels, buffer, scratch }: Thread,
  training: Training,
  few: { order: Address; count: number },
): void {
  const { rows } = training;
  const [first] = networkAt(training, training.arena.parameters).layers as [LayerParameters];
  if (rows.form.kind !== 'sparse') return;
  const sparse = rows.form.rows;
  const outputs = new Uint8Array(buffer, scratch.activations, 4 * first.stride * few.count);
  kernels.forwardSparse(few.order, few.count, sparse, first, scratch.activations, scratch.wide);
  const wanted = outputs.slice();
  const many = Math.min(rowsOf(training), evaluationBlockRows);
  kernels.forwardSparse(few.order, many, sparse, first, scratch.activations, scratch.wide);
  if (!areEqual(outputs, wanted)) throw errors.otherArithmetic('forwardSparse', 'optimised');
  if (tiledBytes(first.inputs, first.stride) === 0) return;
  kernels.tileWeights(first, scratch.tiled);
  const layer = { ...first, tiled: scratch.tiled };
  kernels.forwardSparse(few.order, many, sparse, layer, scratch.activations, scratch.wide);
  if (!areEqual(outputs, wanted)) throw errors.otherArithmetic('tileWeights', 'optimised');
}

/** Each kernel twice on the same numbers: by the reference, then by the thread's own, whose bytes must be equal. */
function bothKernels({ kernels, buffer, scratch }: Thread, training: Training): Kernels {
  const { arena } = training;
  const reference = referenceKernels(buffer);
  // All that a kernel must write as the reference does: the scratch from its inputs on.
  const from = scratch.inputs;
  const places = [
    new Uint8Array(buffer, from, scratch.end - from),
    new Uint8Array(buffer, arena.parameters, 4 * stateCount(training)),
  ];
  const room = () => places.map(({ length }) => new Uint8Array(length));
  const [before, wantedBytes] = [room(), room()];
  const copy = (from: readonly Uint8Array[], to: readonly Uint8Array[]): void => {
    for (const [index, bytes] of from.entries()) to[index]?.set(bytes);
  };
  const twice = Object.keys(kernels).map((name) => {
    const run = (by: Kernels, given: unknown[]): unknown =>
      (by[name as keyof Kernels] as (...given: unknown[]) => unknown)(...given);
    return [
      name,
      (...given: unknown[]) => {
        copy(places, before);
        const wanted = run(reference, given);
        copy(places, wantedBytes);
        copy(before, places);
        const found = run(kernels, given);
        const isEqual = places.every((bytes, index) => areEqual(bytes, wantedBytes[index] as Uint8Array));
        if (!isEqual || !Object.is(found, wanted)) throw errors.otherArithmetic(name, 'optimised');
        return found;
      },
    ];
  });
  return Object.fromEntries(twice) as Kernels;
}

/** Whether two blocks of float32 have equal bytes; engines are free in sign and payload of NaN. */
function areEqual(some: Uint8Array, others: Uint8Array): boolean {
  if (Buffer.compare(some, others) === 0) return true;
  const floatsOf = ({ buffer, byteOffset, length }: Uint8Array) =>
    new Float32Array(buffer, byteOffset, length / 4);
  const wanted = floatsOf(others);
  return floatsOf(some).every((float, index) => Object.is(float, wanted[index]));
}
