// The output layer of sigmoids: deltas and loss of pre-activations against one-hot labels.
import { one } from './constants';
import { exponentials, logarithms } from './exponentials';
import { expMinusAbs, sigmoidOf } from './math';

export function outputDeltas(order: usize, labels: usize, count: u32, units: u32, stride: u32, outputs: usize): void {
  const unitCount = i32x4.splat(units);
  for (const end = order + (count << 2); order < end; order += 4) {
    const label = i32x4.splat(load<u8>(labels + load<u32>(order)));
    let column = i32x4(0, 1, 2, 3);
    for (const rowEnd = outputs + (stride << 2); outputs < rowEnd; outputs += 16) {
      const y = v128.and(i32x4.eq(column, label), one);
      const a = v128.load(outputs);
      const delta = f32x4.sub(sigmoidOf(a, expMinusAbs(a), one), y);
      v128.store(outputs, v128.and(i32x4.lt_s(column, unitCount), delta));
      column = i32x4.add(column, i32x4.splat(4));
    }
  }
}

export function loss(
  labels: usize, count: u32, units: u32, stride: u32, outputs: usize, logs: usize, predictions: usize,
): f64 {
  exponentials(outputs, logs, count * stride);
  logarithms(logs, count * stride);

  const zero = f32x4.splat(0), unitCount = i32x4.splat(units);
  let total: f64 = 0;
  for (const end = labels + count; labels < end; labels++, predictions++) {
    const label = i32x4.splat(load<u8>(labels));
    let column = i32x4(0, 1, 2, 3);
    let sum = zero, best = f32x4.splat(-Infinity), bestColumn = i32x4.splat(0);
    for (const rowEnd = outputs + (stride << 2); outputs < rowEnd; outputs += 16, logs += 16) {
      const a = v128.load(outputs);
      const real = i32x4.lt_s(column, unitCount);
      const ay = v128.and(i32x4.eq(column, label), a);
      const term = f32x4.add(f32x4.sub(f32x4.pmax(a, zero), ay), v128.load(logs));
      // a * 0 is NaN where a is infinite: without it an infinite pre-activation of the right sign would cost nothing.
      sum = f32x4.add(sum, v128.and(real, f32x4.add(term, f32x4.mul(a, zero))));
      const better = v128.and(real, f32x4.gt(a, best));
      best = v128.bitselect(a, best, better);
      bestColumn = v128.bitselect(column, bestColumn, better);
      column = i32x4.add(column, i32x4.splat(4));
    }
    total += <f64>f32x4.extract_lane(sumOf(sum), 0);
    store<u8>(predictions, largestColumn(best, bestColumn));
  }
  return total;
}

/** The lowest column among the lanes that hold the maximum. */
@inline
export function largestColumn(best: v128, bestColumn: v128): u32 {
  const most = largestOf(best);
  let lowest = v128.bitselect(bestColumn, i32x4.splat(-1), f32x4.eq(best, most));
  lowest = i32x4.min_u(lowest, i32x4.shuffle(lowest, lowest, 1, 0, 3, 2));
  lowest = i32x4.min_u(lowest, i32x4.shuffle(lowest, lowest, 2, 3, 0, 1));
  return i32x4.extract_lane(lowest, 0);
}

/** The largest lane, in all lanes. */
@inline
export function largestOf(lanes: v128): v128 {
  const pairs = f32x4.pmax(lanes, i32x4.shuffle(lanes, lanes, 1, 0, 3, 2));
  return f32x4.pmax(pairs, i32x4.shuffle(pairs, pairs, 2, 3, 0, 1));
}

/** (lane 0 + lane 1) + (lane 2 + lane 3), in all lanes. */
@inline
export function sumOf(lanes: v128): v128 {
  const pairs = f32x4.add(lanes, i32x4.shuffle(lanes, lanes, 1, 0, 3, 2));
  return f32x4.add(pairs, i32x4.shuffle(pairs, pairs, 2, 3, 0, 1));
}
