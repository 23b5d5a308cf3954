/**
 * One pass over the training rows, mini-batch by mini-batch. What stays the same from one epoch to the next is looked up once.
 * Not here: gradients (backprop.ts), steps (optimizer.ts), what happens between epochs (train.ts).
 */
import type { Address } from '../kernel/layout.ts';
import { randomStream } from '../random.ts';
import { control, controlWords, momentsAt, requests, rowsInPart } from './arena.ts';
import { type BatchDropout, backward } from './backprop.ts';
import type { Thread } from './evaluate.ts';
import { layersAt, networkAt, paddedCount } from './model.ts';
import { decayedAfter, decayedOnce, descend } from './optimizer.ts';
import { rowOrder } from './row-order.ts';
import { learningRateAt } from './schedule.ts';
import type { Training } from './train.ts';

/** Trains an epoch, counted from 1; where it is asked to stop, the weights are left somewhere within it. */
export type TrainEpoch = (epoch: number) => 'trained' | 'stopped';

export function epochTrainer(thread: Thread, training: Training): TrainEpoch {
  const { kernels, buffer, scratch } = thread;
  const { arena, sizes, rows, params, reduction, optimizer, penalty, lambda, dropout: rate } = training;
  const { batchSize } = params;
  const words = controlWords(buffer, arena);
  const network = networkAt(training, arena.parameters);
  const gradient = layersAt(sizes, scratch.gradient);
  const stepped = {
    ...{ parameters: arena.parameters, gradient: scratch.gradient },
    ...{ moments: momentsAt(arena.parameters, training), floats: paddedCount(sizes) },
  };
  const scheduled = { ...training, ...params };
  const count = training.training.to - training.training.from;
  const batches = Math.ceil(count / batchSize);
  const partRows = rowsInPart(sizes);
  const orderOf = rowOrder(thread, training);
  const classWeights = placeClassWeights(thread, training);

  return (epoch) => {
    const order = orderOf(epoch);
    const learningRate = learningRateAt(epoch, scheduled);
    let decayed = decayedAfter(optimizer, (epoch - 1) * batches);
    const keysOf = dropoutKeys(training, epoch);
    for (let first = 0; first < count; first += batchSize) {
      const end = Math.min(first + batchSize, count);
      const keys = keysOf();
      // The gradient is summed row by row, so the parts of a mini-batch give the bits of the whole.
      for (let from = first; from < end; from += partRows) {
        // A trial must stop within a part, and the count tells a watchdog that the thread is alive.
        if (Atomics.load(words, control.request) === requests.stop) return 'stopped';
        Atomics.add(words, control.parts, 1);
        const dropout = keys && { rate, keys, firstRow: from - first };
        const part = {
          order: order + 4 * from,
          count: Math.min(partRows, end - from),
          dropout,
          classWeights,
        };
        backward(kernels, network, rows, part, gradient, scratch);
      }
      const divisor = reduction === 'sum' ? 1 : end - first;
      decayed = decayedOnce(optimizer, decayed);
      descend(kernels, stepped, { optimizer, learningRate, divisor, penalty, lambda, decayed });
    }
    return 'trained';
  };
}

/** Gives the keys of each hidden layer's masks, mini-batch by mini-batch; undefined without dropout. */
function dropoutKeys(training: Training, epoch: number): () => BatchDropout['keys'] | undefined {
  const { dropout, seed, orderPurpose, replicate, sizes } = training;
  if (dropout === 0) return () => undefined;
  const purpose = orderPurpose === 'row order' ? 'dropout' : 'final dropout';
  const random = randomStream(seed, purpose, replicate, epoch);
  return () => sizes.slice(1, -1).map(() => [random.uint32(), random.uint32()] as const);
}

/** Writes the weights of classes where the kernels find them. */
function placeClassWeights({ buffer, scratch }: Thread, { classWeights }: Training): Address | undefined {
  if (classWeights === undefined) return undefined;
  new Float32Array(buffer, scratch.classWeights, classWeights.length).set(classWeights);
  return scratch.classWeights;
}
