// A tile of the first layer: 1 to 12 vectors of 4 units, whose sums stay in registers while a row's entries pass by. How many it
// has is always known to the compiler, which keeps only what a tile of that width needs.

import { more } from './math';

// One row of a tile of each width. What is generic in it becomes a function of its own for each, so that an engine compiles for
// speed only the widths in use: all of them in one function took it three times as long, while rows passed by slowly.
@unmanaged export class Tile0 {}
@unmanaged export class Tile1 extends Tile0 { v0: v128; }
@unmanaged export class Tile2 extends Tile1 { v1: v128; }
@unmanaged export class Tile3 extends Tile2 { v2: v128; }
@unmanaged export class Tile4 extends Tile3 { v3: v128; }
@unmanaged export class Tile5 extends Tile4 { v4: v128; }
@unmanaged export class Tile6 extends Tile5 { v5: v128; }
@unmanaged export class Tile7 extends Tile6 { v6: v128; }
@unmanaged export class Tile8 extends Tile7 { v7: v128; }
@unmanaged export class Tile9 extends Tile8 { v8: v128; }
@unmanaged export class Tile10 extends Tile9 { v9: v128; }
@unmanaged export class Tile11 extends Tile10 { v10: v128; }
@unmanaged export class Tile12 extends Tile11 { v11: v128; }

@inline
export function vectorsOf<Tile>(): u32 {
  return <u32>offsetof<Tile>() >> 4;
}

/** The value of an entry: a float32 (V is f32), or the one that `table` has for a byte (V is u8), which leaves the caches to the weights. */
@inline
export function valueAt<V>(at: usize, table: usize): v128 {
  return sizeof<V>() == 4 ? v128.load32_splat(at) : v128.load32_splat(table + (<usize>load<u8>(at) << 2));
}

/**
 * A row's sums from `sums` on, with its entries, to `output`, for a tile of 8 vectors or less: weights lie `vectors` wide, side by side.
 * Entry by entry, for sum by sum takes a tenth longer: the engine leaves the order as it is.
 */
@inline
export function sumRow<Tile, V>(
  i: usize, v: usize, rowEnd: usize, table: usize, weights: usize, sums: usize, output: usize,
): void {
  const vectors = vectorsOf<Tile>();
  let s0 = v128.load(sums), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  if (vectors > 1) s1 = v128.load(sums, 16);
  if (vectors > 2) s2 = v128.load(sums, 32);
  if (vectors > 3) s3 = v128.load(sums, 48);
  if (vectors > 4) s4 = v128.load(sums, 64);
  if (vectors > 5) s5 = v128.load(sums, 80);
  if (vectors > 6) s6 = v128.load(sums, 96);
  if (vectors > 7) s7 = v128.load(sums, 112);
  for (; v + 3 * sizeof<V>() < rowEnd; v += 4 * sizeof<V>(), i += 8) {
    const x0 = valueAt<V>(v, table), w0 = rowAt<Tile>(weights, load<u16>(i));
    s0 = more(s0, x0, v128.load(w0));
    if (vectors > 1) s1 = more(s1, x0, v128.load(w0, 16));
    if (vectors > 2) s2 = more(s2, x0, v128.load(w0, 32));
    if (vectors > 3) s3 = more(s3, x0, v128.load(w0, 48));
    if (vectors > 4) s4 = more(s4, x0, v128.load(w0, 64));
    if (vectors > 5) s5 = more(s5, x0, v128.load(w0, 80));
    if (vectors > 6) s6 = more(s6, x0, v128.load(w0, 96));
    if (vectors > 7) s7 = more(s7, x0, v128.load(w0, 112));
    const x1 = valueAt<V>(v + sizeof<V>(), table), w1 = rowAt<Tile>(weights, load<u16>(i, 2));
    s0 = more(s0, x1, v128.load(w1));
    if (vectors > 1) s1 = more(s1, x1, v128.load(w1, 16));
    if (vectors > 2) s2 = more(s2, x1, v128.load(w1, 32));
    if (vectors > 3) s3 = more(s3, x1, v128.load(w1, 48));
    if (vectors > 4) s4 = more(s4, x1, v128.load(w1, 64));
    if (vectors > 5) s5 = more(s5, x1, v128.load(w1, 80));
    if (vectors > 6) s6 = more(s6, x1, v128.load(w1, 96));
    if (vectors > 7) s7 = more(s7, x1, v128.load(w1, 112));
    const x2 = valueAt<V>(v + 2 * sizeof<V>(), table), w2 = rowAt<Tile>(weights, load<u16>(i, 4));
    s0 = more(s0, x2, v128.load(w2));
    if (vectors > 1) s1 = more(s1, x2, v128.load(w2, 16));
    if (vectors > 2) s2 = more(s2, x2, v128.load(w2, 32));
    if (vectors > 3) s3 = more(s3, x2, v128.load(w2, 48));
    if (vectors > 4) s4 = more(s4, x2, v128.load(w2, 64));
    if (vectors > 5) s5 = more(s5, x2, v128.load(w2, 80));
    if (vectors > 6) s6 = more(s6, x2, v128.load(w2, 96));
    if (vectors > 7) s7 = more(s7, x2, v128.load(w2, 112));
    const x3 = valueAt<V>(v + 3 * sizeof<V>(), table), w3 = rowAt<Tile>(weights, load<u16>(i, 6));
    s0 = more(s0, x3, v128.load(w3));
    if (vectors > 1) s1 = more(s1, x3, v128.load(w3, 16));
    if (vectors > 2) s2 = more(s2, x3, v128.load(w3, 32));
    if (vectors > 3) s3 = more(s3, x3, v128.load(w3, 48));
    if (vectors > 4) s4 = more(s4, x3, v128.load(w3, 64));
    if (vectors > 5) s5 = more(s5, x3, v128.load(w3, 80));
    if (vectors > 6) s6 = more(s6, x3, v128.load(w3, 96));
    if (vectors > 7) s7 = more(s7, x3, v128.load(w3, 112));
  }
  for (; v < rowEnd; v += sizeof<V>(), i += 2) {
    const x = valueAt<V>(v, table), w = rowAt<Tile>(weights, load<u16>(i));
    s0 = more(s0, x, v128.load(w));
    if (vectors > 1) s1 = more(s1, x, v128.load(w, 16));
    if (vectors > 2) s2 = more(s2, x, v128.load(w, 32));
    if (vectors > 3) s3 = more(s3, x, v128.load(w, 48));
    if (vectors > 4) s4 = more(s4, x, v128.load(w, 64));
    if (vectors > 5) s5 = more(s5, x, v128.load(w, 80));
    if (vectors > 6) s6 = more(s6, x, v128.load(w, 96));
    if (vectors > 7) s7 = more(s7, x, v128.load(w, 112));
  }
  storeSums(vectors, output, s0, s1, s2, s3, s4, s5, s6, s7, s7, s7, s7, s7);
}

/**
 * The same of a part of a row, for a tile of 4 vectors or more. One entry a step: a part's few lose more by the ends of two loops, which
 * processors cannot foresee.
 */
@inline
export function sumPart<Tile, V>(
  i: usize, v: usize, rowEnd: usize, table: usize, weights: usize, sums: usize, output: usize,
): void {
  const vectors = vectorsOf<Tile>();
  let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
  let s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0;
  if (vectors > 4) s4 = v128.load(sums, 64);
  if (vectors > 5) s5 = v128.load(sums, 80);
  if (vectors > 6) s6 = v128.load(sums, 96);
  if (vectors > 7) s7 = v128.load(sums, 112);
  if (vectors > 8) s8 = v128.load(sums, 128);
  if (vectors > 9) s9 = v128.load(sums, 144);
  if (vectors > 10) s10 = v128.load(sums, 160);
  if (vectors > 11) s11 = v128.load(sums, 176);
  for (; v < rowEnd; v += sizeof<V>(), i += 2) {
    const x = valueAt<V>(v, table), w = rowAt<Tile>(weights, load<u16>(i));
    s0 = more(s0, x, v128.load(w));
    s1 = more(s1, x, v128.load(w, 16));
    s2 = more(s2, x, v128.load(w, 32));
    s3 = more(s3, x, v128.load(w, 48));
    if (vectors > 4) s4 = more(s4, x, v128.load(w, 64));
    if (vectors > 5) s5 = more(s5, x, v128.load(w, 80));
    if (vectors > 6) s6 = more(s6, x, v128.load(w, 96));
    if (vectors > 7) s7 = more(s7, x, v128.load(w, 112));
    if (vectors > 8) s8 = more(s8, x, v128.load(w, 128));
    if (vectors > 9) s9 = more(s9, x, v128.load(w, 144));
    if (vectors > 10) s10 = more(s10, x, v128.load(w, 160));
    if (vectors > 11) s11 = more(s11, x, v128.load(w, 176));
  }
  storeSums(vectors, output, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11);
}

/** The first `vectors` of the sums, side by side. */
@inline
function storeSums(
  vectors: u32, to: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128, s8: v128, s9: v128,
  s10: v128, s11: v128,
): void {
  v128.store(to, s0);
  if (vectors > 1) v128.store(to, s1, 16);
  if (vectors > 2) v128.store(to, s2, 32);
  if (vectors > 3) v128.store(to, s3, 48);
  if (vectors > 4) v128.store(to, s4, 64);
  if (vectors > 5) v128.store(to, s5, 80);
  if (vectors > 6) v128.store(to, s6, 96);
  if (vectors > 7) v128.store(to, s7, 112);
  if (vectors > 8) v128.store(to, s8, 128);
  if (vectors > 9) v128.store(to, s9, 144);
  if (vectors > 10) v128.store(to, s10, 160);
  if (vectors > 11) v128.store(to, s11, 176);
}

/**
 * Where row n / 2 of weights lies that are `vectors` wide: at 16 * vectors * n / 2, in the additions that an x86 address
 * takes, which can multiply by 8 at most. Shifts and multiplications take the ports that the sums wait for.
 */
@inline
function rowAt<Tile>(base: usize, n: usize): usize {
  const vectors = vectorsOf<Tile>();
  if (vectors == 1) return base + (n << 3);
  if (vectors == 2) return base + ((n + n) << 3);
  if (vectors == 3) return base + (((n << 1) + n) << 3);
  if (vectors == 4) return base + ((n << 2) << 3);
  if (vectors == 5) return base + (((n << 2) + n) << 3);
  if (vectors == 6) return base + (((n << 2) + (n << 1)) << 3);
  if (vectors == 7) return base + (((n << 3) - n) << 3);
  if (vectors == 8) return base + (n << 6);
  if (vectors == 9) return base + (((n << 3) + n) << 3);
  if (vectors == 10) return base + (((n << 3) + (n << 1)) << 3);
  if (vectors == 11) return base + (((n << 3) + (n << 1) + n) << 3);
  return base + (((n << 3) + (n << 2)) << 3);
}
