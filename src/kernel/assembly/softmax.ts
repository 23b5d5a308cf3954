// The output layer of a softmax: probabilities, deltas and loss of pre-activations against one-hot labels.
import { exponentials } from './exponentials';
import { logOf1Plus } from './math';
import { largestColumn, largestOf, sumOf } from './outputs';

export function softmax(count: u32, units: u32, stride: u32, outputs: usize): void {
  const rowBytes: usize = stride << 2, end = outputs + <usize>count * rowBytes, unitCount = i32x4.splat(units);
  for (let row = outputs; row < end; row += rowBytes) belowLargest(row, rowBytes, unitCount, row);
  exponentials(outputs, outputs, count * stride);
  for (let row = outputs; row < end; row += rowBytes) {
    const rowEnd = row + rowBytes;
    let sum = f32x4.splat(0);
    for (let at = row; at < rowEnd; at += 16) sum = f32x4.add(sum, v128.load(at));
    sum = sumOf(sum);
    for (let at = row; at < rowEnd; at += 16) v128.store(at, f32x4.div(v128.load(at), sum));
  }
}

export function softmaxDeltas(order: usize, labels: usize, count: u32, units: u32, stride: u32, outputs: usize): void {
  softmax(count, units, stride, outputs);
  for (const end = order + (count << 2); order < end; order += 4, outputs += stride << 2) {
    const at = outputs + (<usize>load<u8>(labels + load<u32>(order)) << 2);
    store<f32>(at, load<f32>(at) - <f32>1);
  }
}

export function softmaxLoss(
  labels: usize, count: u32, units: u32, stride: u32, outputs: usize, exps: usize, predictions: usize,
): f64 {
  const rowBytes: usize = stride << 2, unitCount = i32x4.splat(units), zero = f32x4.splat(0);
  const rowsBytes = <usize>count * rowBytes;
  for (let at: usize = 0, row: usize = 0; at < rowsBytes; at += rowBytes, row++) {
    store<u8>(predictions + row, belowLargest(outputs + at, rowBytes, unitCount, exps + at));
  }
  exponentials(exps, exps, count * stride);
  let total: f64 = 0;
  for (const end = labels + count; labels < end; labels++, predictions++) {
    const predicted = <u32>load<u8>(predictions), best = i32x4.splat(predicted);
    const below = load<f32>(outputs + (predicted << 2)) - load<f32>(outputs + (<usize>load<u8>(labels) << 2));
    let column = i32x4(0, 1, 2, 3), sum = zero;
    for (const rowEnd = outputs + rowBytes; outputs < rowEnd; outputs += 16, exps += 16) {
      const others = v128.andnot(v128.load(exps), i32x4.eq(column, best));
      // a * 0 is NaN where a is not finite.
      const finite = v128.and(i32x4.lt_s(column, unitCount), f32x4.mul(v128.load(outputs), zero));
      sum = f32x4.add(sum, f32x4.add(others, finite));
      column = i32x4.add(column, i32x4.splat(4));
    }
    const rest = f32x4.extract_lane(sumOf(sum), 0);
    total += <f64>(below + (logOf1Plus(rest) + rest * <f32>0));
  }
  return total;
}

/** A row's numbers less the largest of them, -infinity in its padding; returns the first column that holds the largest. */
@inline
function belowLargest(row: usize, rowBytes: usize, unitCount: v128, to: usize): u32 {
  const none = f32x4.splat(-Infinity);
  let column = i32x4(0, 1, 2, 3), best = none, bestColumn = i32x4.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const a = v128.load(row + at);
    const better = v128.and(i32x4.lt_s(column, unitCount), f32x4.gt(a, best));
    best = v128.bitselect(a, best, better);
    bestColumn = v128.bitselect(column, bestColumn, better);
    column = i32x4.add(column, i32x4.splat(4));
  }
  const most = largestOf(best);
  column = i32x4(0, 1, 2, 3);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const less = f32x4.sub(v128.load(row + at), most);
    v128.store(to + at, v128.bitselect(less, none, i32x4.lt_s(column, unitCount)));
    column = i32x4.add(column, i32x4.splat(4));
  }
  return largestColumn(best, bestColumn);
}
