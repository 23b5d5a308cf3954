// Numbers that drop out, and the weights of rows.

/** Mixes the bits of a number such that each decides about every other (lowbias32, Wellons 2018). */
@inline
function mixed(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb_352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(<i32>0x846c_a68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

export function drop(
  from: usize, to: usize, floats: u32, first: u32, key0: u32, key1: u32, threshold: u32, scale: f32,
): void {
  const key = i32x4.splat(key1), least = i32x4.splat(threshold), factor = f32x4.splat(scale);
  let number = i32x4.add(i32x4.splat(first + key0), i32x4(0, 1, 2, 3));
  for (const end = from + (floats << 2); from < end; from += 16, to += 16) {
    const kept = i32x4.ge_u(mixed(v128.xor(mixed(number), key)), least);
    v128.store(to, v128.and(kept, f32x4.mul(v128.load(from), factor)));
    number = i32x4.add(number, i32x4.splat(4));
  }
}

export function weighRows(order: usize, labels: usize, count: u32, stride: u32, deltas: usize, weights: usize): void {
  for (const end = order + (count << 2); order < end; order += 4) {
    const weight = v128.load32_splat(weights + (<usize>load<u8>(labels + load<u32>(order)) << 2));
    for (const rowEnd = deltas + (stride << 2); deltas < rowEnd; deltas += 16) {
      v128.store(deltas, f32x4.mul(v128.load(deltas), weight));
    }
  }
}
