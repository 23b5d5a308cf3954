/**
 * The order of an epoch's training rows. All trials of a replicate see the same one, so a thread keeps those it has drawn.
 * Not here: random numbers (random.ts), mini-batches (train-epoch.ts).
 */
import type { Address } from '../kernel/layout.ts';
import { randomStream, shuffle } from '../random.ts';
import type { Thread } from './evaluate.ts';
import type { Training } from './train.ts';

/** The orders that a thread has drawn for trainings like this one, by epoch; undefined where they would take too much memory. */
export type DrawnOrders = (training: Training) => Map<number, Uint32Array> | undefined;

/** What the orders kept by a thread take at most: 100 epochs of 10,000 rows. */
const mostBytes = 2 ** 22;
/** What an order takes beside its rows, as measured: of few rows it is most of it. */
const objectBytes = 256;

export function drawnOrders(): DrawnOrders {
  const known = new Map<string, Map<number, Uint32Array>>();
  let keptBytes = 0;
  return ({ seed, orderPurpose, replicate, epochs, training: { from, to } }) => {
    const bytes = (4 * (to - from) + objectBytes) * epochs;
    if (bytes > mostBytes) return undefined;
    const key = `${seed}/${orderPurpose}/${replicate}/${epochs}/${from}/${to}`;
    let orders = known.get(key);
    if (orders === undefined) {
      if (keptBytes + bytes > mostBytes) {
        known.clear();
        keptBytes = 0;
      }
      keptBytes += bytes;
      orders = new Map();
      known.set(key, orders);
    }
    return orders;
  };
}

/** Gives uint32 row numbers of an epoch's training rows, in the order of its mini-batches. */
export function rowOrder(thread: Thread, training: Training): (epoch: number) => Address {
  const { from, to } = training.training;
  if (training.rowOrder === 'natural') return () => training.naturalOrder + 4 * from;
  const { buffer, scratch } = thread;
  const order = new Uint32Array(buffer, scratch.order, to - from);
  const drawn = thread.drawnOrders?.(training);
  return (epoch) => {
    const known = drawn?.get(epoch);
    if (known !== undefined) {
      order.set(known);
      return scratch.order;
    }
    shuffle(order, randomStream(training.seed, training.orderPurpose, training.replicate, epoch));
    if (from > 0) for (let i = 0; i < order.length; i++) order[i] = (order[i] as number) + from;
    drawn?.set(epoch, order.slice());
    return scratch.order;
  };
}
