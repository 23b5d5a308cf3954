// One operation on every number of a block, four at a time.

export function relu(values: usize, floats: u32): void {
  const zero = f32x4.splat(0);
  for (const end = values + (floats << 2); values < end; values += 16) {
    // pmax, unlike max, leaves NaN and -0 as they are, and is one instruction on x86.
    v128.store(values, f32x4.pmax(v128.load(values), zero));
  }
}

export function descend(parameters: usize, gradient: usize, floats: u32, factor: f32): void {
  const f = f32x4.splat(factor), zero = f32x4.splat(0);
  for (const end = parameters + (floats << 2); parameters < end; parameters += 16, gradient += 16) {
    v128.store(parameters, f32x4.add(v128.load(parameters), f32x4.mul(f, v128.load(gradient))));
    v128.store(gradient, zero);
  }
}

export function decayL2(values: usize, floats: u32, factor: f32): void {
  const f = f32x4.splat(factor);
  for (const end = values + (floats << 2); values < end; values += 16) {
    const x = v128.load(values);
    v128.store(values, f32x4.add(x, f32x4.mul(f, x)));
  }
}

export function decayL1(values: usize, floats: u32, factor: f32): void {
  const f = f32x4.splat(factor), zero = f32x4.splat(0), one = f32x4.splat(1), minusZero = f32x4.splat(-0.0);
  for (const end = values + (floats << 2); values < end; values += 16) {
    const x = v128.load(values);
    const sign = v128.and(f32x4.ne(x, zero), v128.or(one, v128.and(x, minusZero)));
    v128.store(values, f32x4.add(x, f32x4.mul(f, sign)));
  }
}

export function gather(order: usize, count: u32, rows: usize, stride: u32, to: usize): void {
  const rowBytes: usize = stride << 2;
  for (const end = order + (count << 2); order < end; order += 4, to += rowBytes) {
    memory.copy(to, rows + <usize>load<u32>(order) * rowBytes, rowBytes);
  }
}

export function countEqual(bytes: usize, others: usize, count: u32): u32 {
  const end = bytes + count;
  let equal: u32 = 0;
  for (; bytes + 15 < end; bytes += 16, others += 16) {
    equal += popcnt(i8x16.bitmask(i8x16.eq(v128.load(bytes), v128.load(others))));
  }
  for (; bytes < end; bytes++, others++) equal += u32(load<u8>(bytes) == load<u8>(others));
  return equal;
}
