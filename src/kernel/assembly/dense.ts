// Dense products, C = S + A B: each tile of C, 5 rows x 2 vectors or less, stays in registers over all steps of its sums.
// forwardDense, updateDense and the deltas of hidden layers differ only in where A, B and S lie: a step's numbers of A follow
// each other in all of them, for an update turns its inputs first; and of B two columns of vectors at a time are put side by
// side first, because in a wide layer the rows of B thrash the first cache. So all addresses of a step are known offsets.
import { one, splatted } from './constants';
import { more } from './math';

/** Steps of a sum that are taken at a time: what is read again for every tile stays in the first cache. kernels.ts has it too. */
const AT_A_TIME: u32 = 256;

/** Bytes of a step in the scratch: two vectors. */
const STEP: u32 = 32;

/** What a product is multiplied by at its end. A new activation has a name here, a slope below and an export at the end. */
const NOTHING: u32 = 0, SIGMOID: u32 = 1, TANH: u32 = 2, RELU: u32 = 3;

/** The sum times the slope of an activation where it is h. */
@inline
function sloped(activation: u32, sum: v128, at: usize, ones: v128): v128 {
  const h = v128.load(at);
  if (activation == SIGMOID) return f32x4.mul(sum, f32x4.mul(h, f32x4.sub(ones, h)));
  if (activation == TANH) return f32x4.mul(sum, f32x4.sub(ones, f32x4.mul(h, h)));
  return f32x4.mul(sum, v128.and(f32x4.gt(h, f32x4.splat(0)), ones));
}

/**
 * A tile of C. Rows that C does not have are its last one again, which does no harm: all is read before anything is written.
 * Its steps stand in the order in which a processor needs them, and V8, with registers for one of them, keeps it. But asc's highest
 * level would put all steps of each sum together, as if it had room for the numbers of all: hence level 2.
 */
@inline
function tile(
  slope: u32, vectors: u32, rows: u32, steps: u32, a: usize, aRow: usize, b: usize, s: usize, sRow: usize, c: usize, cRow: usize,
  ones: v128,
): void {
  const last: usize = rows - 1, row2 = min<usize>(2, last), row3 = min<usize>(3, last), row4 = min<usize>(4, last);
  const row1 = min<usize>(1, last);
  let s00 = i32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00, s40 = s00, s41 = s00;
  if (slope == NOTHING) {
    const s1 = s + row1 * sRow, s2 = s + row2 * sRow, s3 = s + row3 * sRow, s4 = s + row4 * sRow;
    s00 = v128.load(s), s10 = v128.load(s1), s20 = v128.load(s2), s30 = v128.load(s3), s40 = v128.load(s4);
    if (vectors > 1) {
      s01 = v128.load(s, 16), s11 = v128.load(s1, 16), s21 = v128.load(s2, 16), s31 = v128.load(s3, 16), s41 = v128.load(s4, 16);
    }
  }
  let a1 = a + row1 * aRow, a2 = a + row2 * aRow, a3 = a + row3 * aRow, a4 = a + row4 * aRow;
  let x = s00, w0 = s00, w1 = s00;
  for (const end = a + (<usize>(steps & ~3) << 2); a < end; a += 16, a1 += 16, a2 += 16, a3 += 16, a4 += 16, b += 128) {
    w0 = v128.load(b);
    if (vectors > 1) w1 = v128.load(b, 16);
    x = v128.load32_splat(a), s00 = more(s00, x, w0);
    if (vectors > 1) s01 = more(s01, x, w1);
    x = v128.load32_splat(a1), s10 = more(s10, x, w0);
    if (vectors > 1) s11 = more(s11, x, w1);
    x = v128.load32_splat(a2), s20 = more(s20, x, w0);
    if (vectors > 1) s21 = more(s21, x, w1);
    x = v128.load32_splat(a3), s30 = more(s30, x, w0);
    if (vectors > 1) s31 = more(s31, x, w1);
    x = v128.load32_splat(a4), s40 = more(s40, x, w0);
    if (vectors > 1) s41 = more(s41, x, w1);
    w0 = v128.load(b, 32);
    if (vectors > 1) w1 = v128.load(b, 48);
    x = v128.load32_splat(a, 4), s00 = more(s00, x, w0);
    if (vectors > 1) s01 = more(s01, x, w1);
    x = v128.load32_splat(a1, 4), s10 = more(s10, x, w0);
    if (vectors > 1) s11 = more(s11, x, w1);
    x = v128.load32_splat(a2, 4), s20 = more(s20, x, w0);
    if (vectors > 1) s21 = more(s21, x, w1);
    x = v128.load32_splat(a3, 4), s30 = more(s30, x, w0);
    if (vectors > 1) s31 = more(s31, x, w1);
    x = v128.load32_splat(a4, 4), s40 = more(s40, x, w0);
    if (vectors > 1) s41 = more(s41, x, w1);
    w0 = v128.load(b, 64);
    if (vectors > 1) w1 = v128.load(b, 80);
    x = v128.load32_splat(a, 8), s00 = more(s00, x, w0);
    if (vectors > 1) s01 = more(s01, x, w1);
    x = v128.load32_splat(a1, 8), s10 = more(s10, x, w0);
    if (vectors > 1) s11 = more(s11, x, w1);
    x = v128.load32_splat(a2, 8), s20 = more(s20, x, w0);
    if (vectors > 1) s21 = more(s21, x, w1);
    x = v128.load32_splat(a3, 8), s30 = more(s30, x, w0);
    if (vectors > 1) s31 = more(s31, x, w1);
    x = v128.load32_splat(a4, 8), s40 = more(s40, x, w0);
    if (vectors > 1) s41 = more(s41, x, w1);
    w0 = v128.load(b, 96);
    if (vectors > 1) w1 = v128.load(b, 112);
    x = v128.load32_splat(a, 12), s00 = more(s00, x, w0);
    if (vectors > 1) s01 = more(s01, x, w1);
    x = v128.load32_splat(a1, 12), s10 = more(s10, x, w0);
    if (vectors > 1) s11 = more(s11, x, w1);
    x = v128.load32_splat(a2, 12), s20 = more(s20, x, w0);
    if (vectors > 1) s21 = more(s21, x, w1);
    x = v128.load32_splat(a3, 12), s30 = more(s30, x, w0);
    if (vectors > 1) s31 = more(s31, x, w1);
    x = v128.load32_splat(a4, 12), s40 = more(s40, x, w0);
    if (vectors > 1) s41 = more(s41, x, w1);
  }
  for (const end = a + (<usize>(steps & 3) << 2); a < end; a += 4, a1 += 4, a2 += 4, a3 += 4, a4 += 4, b += STEP) {
    w0 = v128.load(b);
    if (vectors > 1) w1 = v128.load(b, 16);
    x = v128.load32_splat(a), s00 = more(s00, x, w0);
    if (vectors > 1) s01 = more(s01, x, w1);
    x = v128.load32_splat(a1), s10 = more(s10, x, w0);
    if (vectors > 1) s11 = more(s11, x, w1);
    x = v128.load32_splat(a2), s20 = more(s20, x, w0);
    if (vectors > 1) s21 = more(s21, x, w1);
    x = v128.load32_splat(a3), s30 = more(s30, x, w0);
    if (vectors > 1) s31 = more(s31, x, w1);
    x = v128.load32_splat(a4), s40 = more(s40, x, w0);
    if (vectors > 1) s41 = more(s41, x, w1);
  }
  const c1 = c + row1 * cRow, c2 = c + row2 * cRow, c3 = c + row3 * cRow, c4 = c + row4 * cRow;
  if (slope != NOTHING) {
    s00 = sloped(slope, s00, c, ones), s10 = sloped(slope, s10, c1, ones), s20 = sloped(slope, s20, c2, ones), s30 = sloped(slope, s30, c3, ones);
    s40 = sloped(slope, s40, c4, ones);
    if (vectors > 1) {
      s01 = sloped(slope, s01, c + 16, ones), s11 = sloped(slope, s11, c1 + 16, ones), s21 = sloped(slope, s21, c2 + 16, ones);
      s31 = sloped(slope, s31, c3 + 16, ones), s41 = sloped(slope, s41, c4 + 16, ones);
    }
  }
  put(vectors, c, s00, s01), put(vectors, c1, s10, s11), put(vectors, c2, s20, s21), put(vectors, c3, s30, s31), put(vectors, c4, s40, s41);
}

@inline
function put(vectors: u32, to: usize, sum0: v128, sum1: v128): void {
  v128.store(to, sum0);
  if (vectors > 1) v128.store(to, sum1, 16);
}

/** C = S + A B over `cRow` bytes of columns. */
@inline
function product(
  slope: u32, rows: u32, steps: u32, a: usize, aRow: usize, b: usize, s: usize, sRow: usize, c: usize, cRow: usize,
  scratch: usize,
): void {
  const ones = splatted(one);
  for (const end = c + cRow - 16; c < end; c += STEP, b += STEP, s += STEP) {
    let from = b;
    for (let to = scratch, filled = scratch + steps * STEP; to < filled; to += STEP, from += cRow) {
      put(2, to, v128.load(from), v128.load(from, 16));
    }
    let left = rows, ak = a, sk = s, ck = c;
    for (; left >= 5; left -= 5, ak += 5 * aRow, sk += 5 * sRow, ck += 5 * cRow) {
      tile(slope, 2, 5, steps, ak, aRow, scratch, sk, sRow, ck, cRow, ones);
    }
    if (left) tile(slope, 2, left, steps, ak, aRow, scratch, sk, sRow, ck, cRow, ones);
  }
  if (cRow & 16) {
    let left = rows, ak = a, sk = s, ck = c;
    for (let to = scratch, filled = scratch + steps * STEP; to < filled; to += STEP, b += cRow) v128.store(to, v128.load(b));
    for (; left >= 5; left -= 5, ak += 5 * aRow, sk += 5 * sRow, ck += 5 * cRow) {
      tile(slope, 1, 5, steps, ak, aRow, scratch, sk, sRow, ck, cRow, ones);
    }
    if (left) tile(slope, 1, left, steps, ak, aRow, scratch, sk, sRow, ck, cRow, ones);
  }
}

function plainProduct(
  rows: u32, steps: u32, a: usize, aRow: usize, b: usize, s: usize, sRow: usize, c: usize, cRow: usize, scratch: usize,
): void {
  product(NOTHING, rows, steps, a, aRow, b, s, sRow, c, cRow, scratch);
}

export function forwardDense(
  input: usize, inputStride: u32, count: u32, inputs: u32, stride: u32, weights: usize, biases: usize, output: usize,
  scratch: usize,
): void {
  const aRow: usize = inputStride << 2, rowBytes: usize = stride << 2;
  let s = biases, sRow: usize = 0;
  for (let done: u32 = 0; done < inputs; done += AT_A_TIME) {
    const steps = min(inputs - done, AT_A_TIME), b = weights + <usize>done * rowBytes;
    plainProduct(count, steps, input + (done << 2), aRow, b, s, sRow, output, rowBytes, scratch);
    s = output;
    sRow = rowBytes;
  }
}

export function updateDense(
  input: usize, inputStride: u32, count: u32, deltas: usize, inputs: u32, stride: u32, weights: usize, biases: usize,
  scratch: usize,
): void {
  const inputRow: usize = inputStride << 2, rowBytes: usize = stride << 2, turned = scratch + AT_A_TIME * STEP;
  for (let done: u32 = 0; done < count; done += AT_A_TIME) {
    const steps = min(count - done, AT_A_TIME), d = deltas + <usize>done * rowBytes;
    transpose(steps, inputs, inputStride, input + <usize>done * inputRow, turned);
    plainProduct(inputs, steps, turned, ((steps + 3) & ~3) << 2, d, weights, rowBytes, weights, rowBytes, scratch);
  }
  for (const end = deltas + <usize>count * rowBytes; deltas < end; ) {
    for (let bias = biases, last = biases + rowBytes; bias < last; bias += 16, deltas += 16) {
      v128.store(bias, f32x4.add(v128.load(bias), v128.load(deltas)));
    }
  }
}

export function sigmoidDeltas(
  nextDeltas: usize, nextUnits: u32, nextStride: u32, transposed: usize, count: u32, stride: u32, activations: usize,
  scratch: usize,
): void {
  product(SIGMOID, count, nextUnits, nextDeltas, nextStride << 2, transposed, 0, 0, activations, stride << 2, scratch);
}

export function tanhDeltas(
  nextDeltas: usize, nextUnits: u32, nextStride: u32, transposed: usize, count: u32, stride: u32, activations: usize,
  scratch: usize,
): void {
  product(TANH, count, nextUnits, nextDeltas, nextStride << 2, transposed, 0, 0, activations, stride << 2, scratch);
}

export function reluDeltas(
  nextDeltas: usize, nextUnits: u32, nextStride: u32, transposed: usize, count: u32, stride: u32, activations: usize,
  scratch: usize,
): void {
  product(RELU, count, nextUnits, nextDeltas, nextStride << 2, transposed, 0, 0, activations, stride << 2, scratch);
}

export function transpose(inputs: u32, units: u32, stride: u32, weights: usize, to: usize): void {
  const rowBytes: usize = stride << 2, toRow: usize = ((inputs + 3) & ~3) << 2;
  // 16 inputs at a time: as many weights as a cache line of `to` holds.
  for (let first: u32 = 0; first < inputs; first += 16) {
    const last = min(first + 16, inputs);
    for (let unit: u32 = 0; unit < units; unit += 4) {
      let from = weights + <usize>first * rowBytes + (unit << 2), at = to + <usize>unit * toRow + (first << 2);
      for (let input = first; input < last; input += 4, from += 4 * rowBytes, at += 16) {
        if (input + 4 <= inputs && unit + 4 <= units) {
          turnFour(from, rowBytes, at, toRow);
        } else {
          for (let j: u32 = 0; j < min(units - unit, 4); j++) {
            for (let i: u32 = 0; i < 4; i++) {
              const w: f32 = input + i < inputs ? load<f32>(from + <usize>i * rowBytes + (j << 2)) : 0;
              store<f32>(at + <usize>j * toRow + (i << 2), w);
            }
          }
        }
      }
    }
  }
}

/** 4 x 4 numbers. */
@inline
function turnFour(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromRow), r2 = v128.load(from + 2 * fromRow), r3 = v128.load(from + 3 * fromRow);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(to + toRow, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(to + 2 * toRow, i64x2.shuffle(high01, high23, 0, 2));
  v128.store(to + 3 * toRow, i64x2.shuffle(high01, high23, 1, 3));
}
