// The first layer's gradient from rows kept as lists of their non-blank inputs.
import { more } from './math';
import { Tile0, Tile1, Tile2, Tile3, Tile4, Tile5, Tile6, Tile7, Tile8, valueAt, vectorsOf } from './tiles';

export function updateSparse(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  stride: u32, deltas: usize, inputs: u32, weights: usize, biases: usize, scratch: usize,
): void {
  if (table) updateAs<u8>(order, count, start, index, value, table, stride, deltas, inputs, weights, biases, scratch);
  else updateAs<f32>(order, count, start, index, value, table, stride, deltas, inputs, weights, biases, scratch);
}

function updateAs<V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  stride: u32, deltas: usize, inputs: u32, weights: usize, biases: usize, scratch: usize,
): void {
  const rowBytes: usize = stride << 2;
  let c: usize = 0;
  if (stride >= WIDE) {
    c = rowBytes & ~127;
    updateColumns<V>(order, count, start, index, value, table, rowBytes, c, deltas, inputs, weights, biases, scratch);
  }
  for (; c < rowBytes; c += 128) {
    const d = deltas + c, w = weights + c, b = biases + c;
    switch ((rowBytes - c) >> 4) {
      case 1: updateTile<Tile1, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      case 2: updateTile<Tile2, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      case 3: updateTile<Tile3, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      case 4: updateTile<Tile4, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      case 5: updateTile<Tile5, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      case 6: updateTile<Tile6, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      case 7: updateTile<Tile7, V>(order, count, start, index, value, table, rowBytes, d, w, b); break;
      default: updateTile<Tile8, V>(order, count, start, index, value, table, rowBytes, d, w, b);
    }
  }
}

/** From this stride on updates go input by input: sorting a batch's entries costs as much as some 30 units' sums. */
const WIDE: u32 = 96;

/** Rows whose entries are sorted at a time; kernels.ts sizes the scratch by it. */
const CHUNK: u32 = 128;

/**
 * Entries sorted by input, so that an input's sums stay in registers over all rows: row by row, each entry would read and
 * write its weights, which lie so far apart that they thrash the cache. Columns of units up to `width` bytes, 128 at a time.
 * The scratch holds where each input's entries end, the deltas of one tile side by side, and the entries: where in those
 * their row is, and their value.
 */
function updateColumns<V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  rowBytes: usize, width: usize, deltas: usize, inputs: u32, weights: usize, biases: usize, scratch: usize,
): void {
  const ends = scratch, packed = (ends + (<usize>inputs << 2) + 63) & ~63, entries = packed + (<usize>CHUNK << 7);
  for (let done: u32 = 0; done < count; done += CHUNK) {
    const rows = min(count - done, CHUNK), first = order + (<usize>done << 2), d = deltas + <usize>done * rowBytes;
    sortByInput<V>(first, rows, start, index, value, table, inputs, ends, packed, entries);
    for (let c: usize = 0; c < width; c += 128) {
      let b0 = v128.load(biases + c), b1 = v128.load(biases + c, 16), b2 = v128.load(biases + c, 32), b3 = v128.load(biases + c, 48);
      let b4 = v128.load(biases + c, 64), b5 = v128.load(biases + c, 80), b6 = v128.load(biases + c, 96), b7 = v128.load(biases + c, 112);
      let from = d + c;
      for (let to = packed, end = packed + (<usize>rows << 7); to < end; to += 128, from += rowBytes) {
        const d0 = v128.load(from), d1 = v128.load(from, 16), d2 = v128.load(from, 32), d3 = v128.load(from, 48);
        const d4 = v128.load(from, 64), d5 = v128.load(from, 80), d6 = v128.load(from, 96), d7 = v128.load(from, 112);
        b0 = f32x4.add(b0, d0), b1 = f32x4.add(b1, d1), b2 = f32x4.add(b2, d2), b3 = f32x4.add(b3, d3);
        b4 = f32x4.add(b4, d4), b5 = f32x4.add(b5, d5), b6 = f32x4.add(b6, d6), b7 = f32x4.add(b7, d7);
        storeEight(to, d0, d1, d2, d3, d4, d5, d6, d7);
      }
      storeEight(biases + c, b0, b1, b2, b3, b4, b5, b6, b7);
      let entry = entries;
      for (let i: usize = 0; i < inputs; i++) {
        const end = load<u32>(ends + (i << 2));
        if (entry == end) continue;
        const w = weights + i * rowBytes + c;
        let s0 = v128.load(w), s1 = v128.load(w, 16), s2 = v128.load(w, 32), s3 = v128.load(w, 48);
        let s4 = v128.load(w, 64), s5 = v128.load(w, 80), s6 = v128.load(w, 96), s7 = v128.load(w, 112);
        do {
          const at = <usize>load<u32>(entry), x = v128.load32_splat(entry, 4);
          s0 = more(s0, x, v128.load(at)), s1 = more(s1, x, v128.load(at, 16));
          s2 = more(s2, x, v128.load(at, 32)), s3 = more(s3, x, v128.load(at, 48));
          s4 = more(s4, x, v128.load(at, 64)), s5 = more(s5, x, v128.load(at, 80));
          s6 = more(s6, x, v128.load(at, 96)), s7 = more(s7, x, v128.load(at, 112));
          entry += 8;
        } while (entry < end);
        storeEight(w, s0, s1, s2, s3, s4, s5, s6, s7);
      }
    }
  }
}

/** Counting sort: entries (address of the row in `packed`, value) by input, and within one by row; ends[input] is where its entries end. */
function sortByInput<V>(
  order: usize, rows: u32, start: usize, index: usize, value: usize, table: usize, inputs: u32, ends: usize, packed: usize,
  entries: usize,
): void {
  memory.fill(ends, 0, <usize>inputs << 2);
  const orderEnd = order + (<usize>rows << 2);
  for (let k = order; k < orderEnd; k += 4) {
    const row = start + (<usize>load<u32>(k) << 2);
    let i = index + (<usize>load<u32>(row) << 1);
    for (const end = index + (<usize>load<u32>(row, 4) << 1); i < end; i += 2) {
      const at = ends + (<usize>load<u16>(i) << 1);
      store<u32>(at, load<u32>(at) + 8);
    }
  }
  let next = entries;
  for (let at = ends, end = ends + (<usize>inputs << 2); at < end; at += 4) {
    const bytes = load<u32>(at);
    store<u32>(at, <u32>next);
    next += bytes;
  }
  for (let k = order; k < orderEnd; k += 4, packed += 128) {
    const row = start + (<usize>load<u32>(k) << 2);
    const first = <usize>load<u32>(row);
    let i = index + (first << 1), v = value + first * sizeof<V>();
    for (const end = index + (<usize>load<u32>(row, 4) << 1); i < end; i += 2, v += sizeof<V>()) {
      const at = ends + (<usize>load<u16>(i) << 1), to = load<u32>(at);
      store<u32>(to, <u32>packed);
      store<f32>(to, sizeof<V>() == 4 ? load<f32>(v) : load<f32>(table + (<usize>load<u8>(v) << 2)), 4);
      store<u32>(at, to + 8);
    }
  }
}

@inline
export function storeEight(
  to: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128,
): void {
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
  v128.store(to, s4, 64);
  v128.store(to, s5, 80);
  v128.store(to, s6, 96);
  v128.store(to, s7, 112);
}

function updateTile<Tile, V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  rowBytes: usize, deltas: usize, weights: usize, biases: usize,
): void {
  const vectors = vectorsOf<Tile>();
  const half = rowBytes >> 1;
  for (const end = order + (count << 2); order < end; order += 4, deltas += rowBytes) {
    const row = start + (<usize>load<u32>(order) << 2);
    const first = <usize>load<u32>(row), last = <usize>load<u32>(row, 4);
    let i = index + (first << 1);
    let v = value + first * sizeof<V>();
    let d0 = v128.load(deltas), d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
    if (vectors > 1) d1 = v128.load(deltas, 16);
    if (vectors > 2) d2 = v128.load(deltas, 32);
    if (vectors > 3) d3 = v128.load(deltas, 48);
    if (vectors > 4) d4 = v128.load(deltas, 64);
    if (vectors > 5) d5 = v128.load(deltas, 80);
    if (vectors > 6) d6 = v128.load(deltas, 96);
    if (vectors > 7) d7 = v128.load(deltas, 112);
    addRow(vectors, biases, f32x4.splat(1), d0, d1, d2, d3, d4, d5, d6, d7);
    const rowEnd = value + last * sizeof<V>();
    for (; v + 3 * sizeof<V>() < rowEnd; v += 4 * sizeof<V>(), i += 8) {
      addRow(vectors, weights + <usize>load<u16>(i) * half, valueAt<V>(v, table), d0, d1, d2, d3, d4, d5, d6, d7);
      addRow(vectors, weights + <usize>load<u16>(i, 2) * half, valueAt<V>(v + sizeof<V>(), table), d0, d1, d2, d3, d4, d5, d6, d7);
      addRow(vectors, weights + <usize>load<u16>(i, 4) * half, valueAt<V>(v + 2 * sizeof<V>(), table), d0, d1, d2, d3, d4, d5, d6, d7);
      addRow(vectors, weights + <usize>load<u16>(i, 6) * half, valueAt<V>(v + 3 * sizeof<V>(), table), d0, d1, d2, d3, d4, d5, d6, d7);
    }
    for (; v < rowEnd; v += sizeof<V>(), i += 2) {
      addRow(vectors, weights + <usize>load<u16>(i) * half, valueAt<V>(v, table), d0, d1, d2, d3, d4, d5, d6, d7);
    }
  }
}

/**
 * to(j) += x * d(j). Two sums, then their two stores: V8 makes 256-bit operations of such pairs, where that is on, and of
 * none with a load between the stores.
 */
@inline
function addRow(
  vectors: u32, to: usize, x: v128, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, d6: v128, d7: v128,
): void {
  addPair<Tile0>(min(vectors, 2), to, x, d0, d1);
  if (vectors > 2) addPair<Tile2>(min(vectors - 2, 2), to, x, d2, d3);
  if (vectors > 4) addPair<Tile4>(min(vectors - 4, 2), to, x, d4, d5);
  if (vectors > 6) addPair<Tile6>(min(vectors - 6, 2), to, x, d6, d7);
}

/** What is before it is a type, for only literals become a part of an address and cost no addition. */
@inline
function addPair<Before>(vectors: u32, to: usize, x: v128, d0: v128, d1: v128): void {
  const s0 = more(v128.load(to, offsetof<Before>()), x, d0);
  if (vectors == 1) return v128.store(to, s0, offsetof<Before>());
  const s1 = more(v128.load(to, offsetof<Before>() + 16), x, d1);
  v128.store(to, s0, offsetof<Before>());
  v128.store(to, s1, offsetof<Before>() + 16);
}
