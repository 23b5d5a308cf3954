// Dense products, C = S + A B: each tile of C, 4 rows x 2 vectors or less, stays in registers over all steps of its sums.
// forwardDense, updateDense and the deltas of hidden layers differ only in where A, B and S lie and how far apart; deltas have
// no S, and are multiplied by the slope of their activation.
import { one } from './constants';

/** What a product is multiplied by at its end. A new activation has a name here, a slope below and an export at the end. */
const NOTHING: u32 = 0, SIGMOID: u32 = 1, TANH: u32 = 2, RELU: u32 = 3;

/** The slope of an activation where it is h. */
@inline
function slopeAt(activation: u32, h: v128): v128 {
  if (activation == SIGMOID) return f32x4.mul(h, f32x4.sub(one, h));
  if (activation == TANH) return f32x4.sub(one, f32x4.mul(h, h));
  return v128.and(f32x4.gt(h, f32x4.splat(0)), one);
}

@inline
function tile(
  rows: u32, vectors: u32, slope: u32, steps: u32,
  a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  s: usize, sRow: usize, c: usize, cRow: usize,
): void {
  let c00 = i32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  if (slope == NOTHING) {
    c00 = v128.load(s);
    if (vectors > 1) c01 = v128.load(s, 16);
    if (rows > 1) {
      const s1 = s + sRow, s2 = s1 + sRow, s3 = s2 + sRow;
      c10 = v128.load(s1);
      c20 = v128.load(s2);
      c30 = v128.load(s3);
      if (vectors > 1) {
        c11 = v128.load(s1, 16);
        c21 = v128.load(s2, 16);
        c31 = v128.load(s3, 16);
      }
    }
  }
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  for (; steps; steps--) {
    const b0 = v128.load(b);
    let b1 = b0;
    if (vectors > 1) b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (vectors > 1) c01 = f32x4.add(c01, f32x4.mul(x, b1));
    a += aStep;
    if (rows > 1) {
      x = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(x, b0));
      if (vectors > 1) c11 = f32x4.add(c11, f32x4.mul(x, b1));
      x = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(x, b0));
      if (vectors > 1) c21 = f32x4.add(c21, f32x4.mul(x, b1));
      x = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(x, b0));
      if (vectors > 1) c31 = f32x4.add(c31, f32x4.mul(x, b1));
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
    }
    b += bStep;
  }
  put(slope, vectors, c, c00, c01);
  if (rows > 1) {
    const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
    put(slope, vectors, c1, c10, c11);
    put(slope, vectors, c2, c20, c21);
    put(slope, vectors, c3, c30, c31);
  }
}

/** Both vectors before both stores: V8 makes one 256-bit operation of each two, where that is on, if no load lies between. */
@inline
function put(slope: u32, vectors: u32, to: usize, sum0: v128, sum1: v128): void {
  if (slope != NOTHING) {
    const h0 = v128.load(to);
    let h1 = h0;
    if (vectors > 1) h1 = v128.load(to, 16);
    sum0 = f32x4.mul(sum0, slopeAt(slope, h0));
    sum1 = f32x4.mul(sum1, slopeAt(slope, h1));
  }
  v128.store(to, sum0);
  if (vectors > 1) v128.store(to, sum1, 16);
}

@inline
function product(
  slope: u32, rows: u32, steps: u32, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  s: usize, sRow: usize, c: usize, cRow: usize,
): void {
  let column: usize = 0;
  for (; column + 32 <= cRow; column += 32) {
    let row: usize = 0;
    for (; row + 4 <= rows; row += 4) {
      tile(4, 2, slope, steps, a + row * aRow, aRow, aStep, b + column, bStep, s + row * sRow + column, sRow, c + row * cRow + column, cRow);
    }
    for (; row < rows; row++) {
      tile(1, 2, slope, steps, a + row * aRow, aRow, aStep, b + column, bStep, s + row * sRow + column, sRow, c + row * cRow + column, cRow);
    }
  }
  if (column < cRow) {
    let row: usize = 0;
    for (; row + 4 <= rows; row += 4) {
      tile(4, 1, slope, steps, a + row * aRow, aRow, aStep, b + column, bStep, s + row * sRow + column, sRow, c + row * cRow + column, cRow);
    }
    for (; row < rows; row++) {
      tile(1, 1, slope, steps, a + row * aRow, aRow, aStep, b + column, bStep, s + row * sRow + column, sRow, c + row * cRow + column, cRow);
    }
  }
}

function plainProduct(
  rows: u32, steps: u32, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  s: usize, sRow: usize, c: usize, cRow: usize,
): void {
  product(NOTHING, rows, steps, a, aRow, aStep, b, bStep, s, sRow, c, cRow);
}

/** Inputs that forwardDense takes at a time: their weights under a tile stay in cache while all rows pass by. */
const INPUTS_AT_A_TIME: u32 = 256;

export function forwardDense(
  input: usize, inputStride: u32, count: u32, inputs: u32, stride: u32, weights: usize, biases: usize, output: usize,
): void {
  const aRow: usize = inputStride << 2, rowBytes: usize = stride << 2;
  let s = biases, sRow: usize = 0;
  for (let done: u32 = 0; done < inputs; done += INPUTS_AT_A_TIME) {
    const steps = min(inputs - done, INPUTS_AT_A_TIME), a = input + (done << 2), b = weights + <usize>done * rowBytes;
    plainProduct(count, steps, a, aRow, 4, b, rowBytes, s, sRow, output, rowBytes);
    s = output;
    sRow = rowBytes;
  }
}

export function updateDense(
  input: usize, inputStride: u32, count: u32, deltas: usize, inputs: u32, stride: u32, weights: usize, biases: usize,
): void {
  const rowBytes: usize = stride << 2;
  plainProduct(inputs, count, input, 4, inputStride << 2, deltas, rowBytes, weights, rowBytes, weights, rowBytes);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let sum = v128.load(biases + column), d = deltas + column;
    for (let k: u32 = 0; k < count; k++, d += rowBytes) sum = f32x4.add(sum, v128.load(d));
    v128.store(biases + column, sum);
  }
}

export function sigmoidDeltas(
  nextDeltas: usize, nextUnits: u32, nextStride: u32, transposed: usize, count: u32, stride: u32, activations: usize,
): void {
  product(SIGMOID, count, nextUnits, nextDeltas, nextStride << 2, 4, transposed, stride << 2, 0, 0, activations, stride << 2);
}

export function tanhDeltas(
  nextDeltas: usize, nextUnits: u32, nextStride: u32, transposed: usize, count: u32, stride: u32, activations: usize,
): void {
  product(TANH, count, nextUnits, nextDeltas, nextStride << 2, 4, transposed, stride << 2, 0, 0, activations, stride << 2);
}

export function reluDeltas(
  nextDeltas: usize, nextUnits: u32, nextStride: u32, transposed: usize, count: u32, stride: u32, activations: usize,
): void {
  product(RELU, count, nextUnits, nextDeltas, nextStride << 2, 4, transposed, stride << 2, 0, 0, activations, stride << 2);
}

export function transpose(inputs: u32, units: u32, stride: u32, weights: usize, to: usize): void {
  const toStride = (inputs + 3) & ~3;
  // 16 inputs at a time: as many weights as a cache line of `to` holds.
  for (let first: u32 = 0; first < toStride; first += 16) {
    const last = min(first + 16, toStride);
    for (let unit: u32 = 0; unit < units; unit++) {
      for (let input = first; input < last; input++) {
        const w: f32 = input < inputs ? load<f32>(weights + ((input * stride + unit) << 2)) : 0;
        store<f32>(to + ((unit * toStride + input) << 2), w);
      }
    }
  }
}
