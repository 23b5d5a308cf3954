// The first layer's sums where it is wider than one tile. The weights of a tile lie a whole row apart, which thrashes the caches,
// so those of some inputs are copied side by side, a tile at a time, and a part of many rows passes by while they stay in cache.
import { storeEight } from './sparse-update';
import { addFour, sumRow, Tile4, Tile5, Tile6, Tile7, Tile8 } from './tiles';

/** Inputs whose weights are copied at a time, at most: what a tile has of them is not much more than a first cache. */
const MOST_INPUTS: u32 = 400;

/** Rows that pass by at most. kernels.ts sizes the scratch by both. */
const ROWS: u32 = 256;

/**
 * Tile by tile, and in it part by part, so that a tile's sums lie side by side until its last part: in the output they are a whole
 * row apart, which leaves them little room in the caches. The scratch holds where the parts of each row begin and end, a column of
 * rows for each part and one for the last ends, then the sums of a tile, then its copied weights.
 */
export function forwardWide(
  order: usize, count: u32, start: usize, index: usize, value: usize,
  inputs: u32, rowBytes: usize, weights: usize, biases: usize, output: usize, scratch: usize,
): void {
  const parts = (inputs + MOST_INPUTS - 1) / MOST_INPUTS;
  const sums = scratch + <usize>(parts + 1) * (4 * ROWS), copy = sums + 128 * ROWS;
  splitRows(order, count, start, index, inputs, parts, scratch);
  let tiles = <u32>(rowBytes + 127) >> 7;
  for (let c: usize = 0; c < rowBytes; tiles--) {
    const vectors = (<u32>(rowBytes - c >> 4) + tiles - 1) / tiles, width = <usize>vectors << 4;
    let from = biases + c, fromRow: usize = 0, bounds = scratch, done: u32 = 0;
    for (let left = parts; left > 0; left--, bounds += 4 * ROWS) {
      const some = (inputs - done + left - 1) / left, isLast = left == 1;
      copyTile(weights + <usize>done * rowBytes + c, rowBytes, some, width, copy);
      const to = isLast ? output + c : sums, toRow = isLast ? rowBytes : width;
      addTiles(vectors, bounds, count, index, value, copy - <usize>done * width, from, fromRow, to, toRow);
      from = sums, fromRow = width;
      done += some;
    }
    c += width;
  }
}

/** Notes for each part of the inputs the number of each row's first entry in it, and behind the last part where the rows end. */
function splitRows(order: usize, count: u32, start: usize, index: usize, inputs: u32, parts: u32, bounds: usize): void {
  for (const end = order + (count << 2); order < end; order += 4, bounds += 4) {
    const row = start + (<usize>load<u32>(order) << 2), rowEnd = load<u32>(row, 4), last = index + (<usize>rowEnd << 1);
    let i = index + (<usize>load<u32>(row) << 1), at = bounds, done: u32 = 0;
    for (let left = parts; left > 1; left--, at += 4 * ROWS) {
      store<u32>(at, <u32>(i - index >> 1));
      done += (inputs - done + left - 1) / left;
      while (i + 14 < last && load<u16>(i, 14) < done << 1) i += 16;
      while (i < last && load<u16>(i) < done << 1) i += 2;
    }
    store<u32>(at, <u32>(i - index >> 1));
    store<u32>(at + 4 * ROWS, rowEnd);
  }
}

function copyTile(from: usize, rowBytes: usize, inputs: u32, width: usize, to: usize): void {
  for (const end = to + <usize>inputs * width; to < end; from += rowBytes) {
    if (width == 128) {
      storeEight(
        to, v128.load(from), v128.load(from, 16), v128.load(from, 32), v128.load(from, 48),
        v128.load(from, 64), v128.load(from, 80), v128.load(from, 96), v128.load(from, 112),
      );
      to += 128;
    } else {
      for (let c: usize = 0; c < width; c += 16, to += 16) v128.store(to, v128.load(from + c));
    }
  }
}

/** A layer is split evenly, so no tile has less than 4 vectors. */
function addTiles(
  vectors: u32, bounds: usize, count: u32, index: usize, value: usize, weights: usize, from: usize, fromRow: usize, to: usize, toRow: usize,
): void {
  switch (vectors) {
    case 4: return addTile<Tile4>(bounds, count, index, value, weights, from, fromRow, to, toRow);
    case 5: return addTile<Tile5>(bounds, count, index, value, weights, from, fromRow, to, toRow);
    case 6: return addTile<Tile6>(bounds, count, index, value, weights, from, fromRow, to, toRow);
    case 7: return addTile<Tile7>(bounds, count, index, value, weights, from, fromRow, to, toRow);
    default: addTile<Tile8>(bounds, count, index, value, weights, from, fromRow, to, toRow);
  }
}

/** Adds a part of each row to the sums at `from`, to `to`. */
function addTile<Tile>(
  bounds: usize, count: u32, index: usize, value: usize, weights: usize, from: usize, fromRow: usize, to: usize, toRow: usize,
): void {
  for (const end = bounds + (count << 2); bounds < end; bounds += 4, from += fromRow, to += toRow) {
    const first = <usize>load<u32>(bounds), last = <usize>load<u32>(bounds, 4 * ROWS);
    sumRow<Tile>(false, index + (first << 1), value + (first << 2), value + (last << 2), weights, from, to);
  }
}

/** Rows too few to copy weights for: four entries at a time are added to all sums of a row, which lie in the output meanwhile. */
export function forwardFew(
  order: usize, count: u32, start: usize, index: usize, value: usize,
  rowBytes: usize, weights: usize, biases: usize, output: usize,
): void {
  const half = rowBytes >> 1;
  for (const end = order + (count << 2); order < end; order += 4, output += rowBytes) {
    const row = start + (<usize>load<u32>(order) << 2);
    const first = <usize>load<u32>(row), last = <usize>load<u32>(row, 4);
    let i = index + (first << 1);
    let v = value + (first << 2);
    const rowEnd = value + (last << 2), outputEnd = output + rowBytes;
    memory.copy(output, biases, rowBytes);
    for (; v + 12 < rowEnd; v += 16, i += 8) {
      const x0 = v128.load32_splat(v), x1 = v128.load32_splat(v, 4);
      const x2 = v128.load32_splat(v, 8), x3 = v128.load32_splat(v, 12);
      let w0 = weights + <usize>load<u16>(i) * half, w1 = weights + <usize>load<u16>(i, 2) * half;
      let w2 = weights + <usize>load<u16>(i, 4) * half, w3 = weights + <usize>load<u16>(i, 6) * half;
      let to = output;
      for (; to + 16 < outputEnd; to += 32, w0 += 32, w1 += 32, w2 += 32, w3 += 32) {
        const s0 = addFour(v128.load(to), x0, x1, x2, x3, v128.load(w0), v128.load(w1), v128.load(w2), v128.load(w3));
        const s1 = addFour(v128.load(to, 16), x0, x1, x2, x3, v128.load(w0, 16), v128.load(w1, 16), v128.load(w2, 16), v128.load(w3, 16));
        v128.store(to, s0);
        v128.store(to, s1, 16);
      }
      if (to < outputEnd) {
        v128.store(to, addFour(v128.load(to), x0, x1, x2, x3, v128.load(w0), v128.load(w1), v128.load(w2), v128.load(w3)));
      }
    }
    for (; v < rowEnd; v += 4, i += 2) {
      const x = v128.load32_splat(v);
      let w = weights + <usize>load<u16>(i) * half;
      for (let to = output; to < outputEnd; to += 16, w += 16) {
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(x, v128.load(w))));
      }
    }
  }
}
