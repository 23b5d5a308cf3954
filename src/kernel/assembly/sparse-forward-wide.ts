// The first layer's sums where it is wider than one tile. The weights of a tile lie a whole row apart, which thrashes the caches,
// so they are read from where they lie side by side, tile by tile: whoever has many blocks of rows for the same weights lays them out
// once, and for the others those of some inputs are copied at a time, and a part of many rows passes by while they stay in cache.
import { more } from './math';
import { sumPart, Tile5, Tile6, Tile7, Tile8, Tile9, Tile10, Tile11, Tile12, valueAt } from './tiles';

/** Inputs that are summed over at a time, at most: what a tile has of their weights is not much more than a first cache. */
const MOST_INPUTS: u32 = 400;

/** Rows that pass by at most. kernels.ts sizes the scratch by both. */
const ROWS: u32 = 256;

/** Vectors of the widest tile: V8 has registers for its sums, and a vector costs less the more share what an entry costs. */
const MOST_VECTORS: u32 = 12;

/** How many tiles there are, and how many vectors the next one has where so many are left: an even number, for 256-bit operations. */
@inline
function tilesOf(vectors: u32): u32 {
  return (vectors + MOST_VECTORS - 1) / MOST_VECTORS;
}
@inline
function nextTile(vectors: u32, tiles: u32): u32 {
  return min(vectors, ((vectors + 1 >> 1) + tiles - 1) / tiles << 1);
}

/**
 * Tile by tile, and in it part by part, so that a tile's sums lie side by side until its last part: in the output they are a whole
 * row apart, which leaves them little room in the caches. The scratch holds where the parts of each row begin and end, a column of
 * rows for each part and one for the last ends, then the sums of a tile, then its copied weights, where they are not `tiled`.
 */
export function forwardWide<V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  inputs: u32, rowBytes: usize, weights: usize, biases: usize, output: usize, scratch: usize, tiled: usize,
): void {
  const parts = (inputs + MOST_INPUTS - 1) / MOST_INPUTS;
  const sums = scratch + <usize>(parts + 1) * (4 * ROWS), copy = sums + 16 * MOST_VECTORS * ROWS;
  splitRows(order, count, start, index, inputs, parts, scratch);
  let tiles = tilesOf(<u32>rowBytes >> 4);
  for (let c: usize = 0; c < rowBytes; tiles--) {
    const vectors = nextTile(<u32>(rowBytes - c >> 4), tiles), width = <usize>vectors << 4;
    let from = biases + c, fromRow: usize = 0, bounds = scratch, done: u32 = 0;
    for (let left = parts; left > 0; left--, bounds += 4 * ROWS) {
      const some = (inputs - done + left - 1) / left, isLast = left == 1;
      let w = copy - <usize>done * width;
      if (tiled) w = tiled + c * inputs;
      else copyTile(weights + <usize>done * rowBytes + c, rowBytes, some, width, copy);
      const to = isLast ? output + c : sums, toRow = isLast ? rowBytes : width;
      addTiles<V>(vectors, bounds, count, index, value, table, w, from, fromRow, to, toRow);
      from = sums, fromRow = width;
      done += some;
    }
    c += width;
  }
}

export function tileWeights(inputs: u32, stride: u32, weights: usize, to: usize): void {
  const rowBytes: usize = stride << 2;
  let tiles = tilesOf(stride >> 2);
  for (let c: usize = 0; c < rowBytes; tiles--) {
    const width = <usize>nextTile(<u32>(rowBytes - c >> 4), tiles) << 4;
    copyTile(weights + c, rowBytes, inputs, width, to);
    to += <usize>inputs * width;
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
    let c: usize = 0;
    for (; c + 16 < width; c += 32, to += 32) {
      const w0 = v128.load(from + c), w1 = v128.load(from + c, 16);
      v128.store(to, w0);
      v128.store(to, w1, 16);
    }
    if (c < width) {
      v128.store(to, v128.load(from + c));
      to += 16;
    }
  }
}

/** A layer is split evenly, so no tile has less than 5 vectors. */
function addTiles<V>(
  vectors: u32, bounds: usize, count: u32, index: usize, value: usize, table: usize, weights: usize, from: usize, fromRow: usize, to: usize, toRow: usize,
): void {
  switch (vectors) {
    case 5: return addTile<Tile5, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    case 6: return addTile<Tile6, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    case 7: return addTile<Tile7, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    case 8: return addTile<Tile8, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    case 9: return addTile<Tile9, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    case 10: return addTile<Tile10, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    case 11: return addTile<Tile11, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
    default: addTile<Tile12, V>(bounds, count, index, value, table, weights, from, fromRow, to, toRow);
  }
}

/** Adds a part of each row to the sums at `from`, to `to`. */
function addTile<Tile, V>(
  bounds: usize, count: u32, index: usize, value: usize, table: usize, weights: usize, from: usize, fromRow: usize, to: usize, toRow: usize,
): void {
  for (const end = bounds + (count << 2); bounds < end; bounds += 4, from += fromRow, to += toRow) {
    const first = <usize>load<u32>(bounds), last = <usize>load<u32>(bounds, 4 * ROWS);
    sumPart<Tile, V>(index + (first << 1), value + first * sizeof<V>(), value + last * sizeof<V>(), table, weights, from, to);
  }
}

/** Rows too few to copy weights for: four entries at a time are added to all sums of a row, which lie in the output meanwhile. */
export function forwardFew<V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  rowBytes: usize, weights: usize, biases: usize, output: usize,
): void {
  const half = rowBytes >> 1;
  for (const end = order + (count << 2); order < end; order += 4, output += rowBytes) {
    const row = start + (<usize>load<u32>(order) << 2);
    const first = <usize>load<u32>(row), last = <usize>load<u32>(row, 4);
    let i = index + (first << 1);
    let v = value + first * sizeof<V>();
    const rowEnd = value + last * sizeof<V>(), outputEnd = output + rowBytes;
    memory.copy(output, biases, rowBytes);
    for (; v + 3 * sizeof<V>() < rowEnd; v += 4 * sizeof<V>(), i += 8) {
      const x0 = valueAt<V>(v, table), x1 = valueAt<V>(v + sizeof<V>(), table);
      const x2 = valueAt<V>(v + 2 * sizeof<V>(), table), x3 = valueAt<V>(v + 3 * sizeof<V>(), table);
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
    for (; v < rowEnd; v += sizeof<V>(), i += 2) {
      const x = valueAt<V>(v, table);
      let w = weights + <usize>load<u16>(i) * half;
      for (let to = output; to < outputEnd; to += 16, w += 16) {
        v128.store(to, more(v128.load(to), x, v128.load(w)));
      }
    }
  }
}

/** sum + x0 w0 + x1 w1 + x2 w2 + x3 w3, in this order */
@inline
function addFour(
  sum: v128, x0: v128, x1: v128, x2: v128, x3: v128, w0: v128, w1: v128, w2: v128, w3: v128,
): v128 {
  return more(more(more(more(sum, x0, w0), x1, w1), x2, w2), x3, w3);
}
