// The first layer's sums where it is wider than one tile. The weights of a tile lie a whole row apart, which thrashes the caches,
// so those of some inputs are copied side by side, a tile at a time, and a part of many rows passes by while they stay in cache.
import { storeEight } from './sparse-update';
import { addFour, sumRow, Tile4, Tile5, Tile6, Tile7, Tile8 } from './tiles';

/** Inputs whose weights are copied at a time, at most: what a tile has of them is not much more than a first cache. */
const MOST_INPUTS: u32 = 400;

/** Bytes of the scratch before the copy: where the part of each of 256 rows begins and ends. kernels.ts sizes the scratch by both. */
const PARTS: usize = 8 * 256;

export function forwardWide(
  order: usize, count: u32, start: usize, index: usize, value: usize,
  inputs: u32, rowBytes: usize, weights: usize, biases: usize, output: usize, scratch: usize,
): void {
  const parts = scratch, copy = scratch + PARTS;
  for (let k: usize = 0; k < count; k++) {
    store<u32>(parts + (k << 3), load<u32>(start + (<usize>load<u32>(order + (k << 2)) << 2)), 4);
    memory.copy(output + k * rowBytes, biases, rowBytes);
  }
  let left = (inputs + MOST_INPUTS - 1) / MOST_INPUTS;
  for (let done: u32 = 0; done < inputs; left--) {
    const some = (inputs - done + left - 1) / left;
    nextParts(order, count, start, index, (done + some) << 1, parts);
    let tiles = <u32>(rowBytes + 127) >> 7;
    for (let c: usize = 0; c < rowBytes; tiles--) {
      const vectors = (<u32>(rowBytes - c >> 4) + tiles - 1) / tiles, width = <usize>vectors << 4;
      copyTile(weights + <usize>done * rowBytes + c, rowBytes, some, width, copy);
      addTiles(vectors, parts, count, index, value, copy - <usize>done * width, output + c, rowBytes);
      c += width;
    }
    done += some;
  }
}

/** Each row's part becomes its entries from where that ended to the first one of an input whose index is `bound` or more. */
function nextParts(order: usize, count: u32, start: usize, index: usize, bound: u32, parts: usize): void {
  for (const end = order + (count << 2); order < end; order += 4, parts += 8) {
    const first = load<u32>(parts, 4), rowEnd = load<u32>(start + (<usize>load<u32>(order) << 2), 4);
    let i = index + (<usize>first << 1);
    const last = index + (<usize>rowEnd << 1);
    while (i + 14 < last && load<u16>(i, 14) < bound) i += 16;
    while (i < last && load<u16>(i) < bound) i += 2;
    store<u32>(parts, first);
    store<u32>(parts, <u32>(i - index >> 1), 4);
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
  vectors: u32, parts: usize, count: u32, index: usize, value: usize, weights: usize, output: usize, rowBytes: usize,
): void {
  switch (vectors) {
    case 4: return addTile<Tile4>(parts, count, index, value, weights, output, rowBytes);
    case 5: return addTile<Tile5>(parts, count, index, value, weights, output, rowBytes);
    case 6: return addTile<Tile6>(parts, count, index, value, weights, output, rowBytes);
    case 7: return addTile<Tile7>(parts, count, index, value, weights, output, rowBytes);
    default: addTile<Tile8>(parts, count, index, value, weights, output, rowBytes);
  }
}

function addTile<Tile>(
  parts: usize, count: u32, index: usize, value: usize, weights: usize, output: usize, rowBytes: usize,
): void {
  for (const end = parts + (count << 3); parts < end; parts += 8, output += rowBytes) {
    const first = <usize>load<u32>(parts), last = <usize>load<u32>(parts, 4);
    sumRow<Tile>(false, index + (first << 1), value + (first << 2), value + (last << 2), weights, output, output);
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
