// Outputs that are numbers: deltas and squared errors against the targets of rows.
export function squaredDeltas(order: usize, targets: usize, count: u32, units: u32, stride: u32, outputs: usize): void {
  const rowBytes: usize = stride << 2, unitCount = i32x4.splat(units), factor = f32x4.splat(<f32>(2 / <f64>units));
  for (const end = order + (count << 2); order < end; order += 4) {
    let target = targets + <usize>load<u32>(order) * rowBytes, column = i32x4(0, 1, 2, 3);
    for (const rowEnd = outputs + rowBytes; outputs < rowEnd; outputs += 16, target += 16) {
      const delta = f32x4.mul(factor, f32x4.sub(v128.load(outputs), v128.load(target)));
      v128.store(outputs, v128.and(i32x4.lt_s(column, unitCount), delta));
      column = i32x4.add(column, i32x4.splat(4));
    }
  }
}

export function squaredErrors(
  targets: usize, count: u32, units: u32, stride: u32, outputs: usize, sums: usize,
): void {
  const rowBytes: usize = stride << 2, unitCount = i32x4.splat(units);
  memory.fill(sums, 0, rowBytes << 1);
  for (const end = outputs + <usize>count * rowBytes; outputs < end; ) {
    let sum = sums, column = i32x4(0, 1, 2, 3);
    for (const rowEnd = outputs + rowBytes; outputs < rowEnd; outputs += 16, targets += 16, sum += 32) {
      const error = v128.and(i32x4.lt_s(column, unitCount), f32x4.sub(v128.load(outputs), v128.load(targets)));
      const low = f64x2.promote_low_f32x4(error);
      const high = f64x2.promote_low_f32x4(i32x4.shuffle(error, error, 2, 3, 2, 3));
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(low, low)));
      v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.mul(high, high)), 16);
      column = i32x4.add(column, i32x4.splat(4));
    }
  }
}
