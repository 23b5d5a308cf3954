// The first layer's sums of rows kept as lists of their non-blank inputs.
import { forwardFew, forwardWide } from './sparse-forward-wide';
import { sumRow, Tile1, Tile2, Tile3, Tile4, Tile5, Tile6, Tile7, Tile8, vectorsOf } from './tiles';

/** Units of the widest tile. */
const ONE_TILE: u32 = 32;

/** Rows whose entries are fetched at a time. */
const AHEAD: u32 = 32;

/** Rows that wider layers take at a time, for which their weights are copied once; and fewest for which that is worth it. */
const MOST_ROWS: u32 = 256, FEW_ROWS: u32 = 64;

export function forwardSparse(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  inputs: u32, stride: u32, weights: usize, biases: usize, output: usize, scratch: usize, tiled: usize,
): void {
  if (table) forwardAs<u8>(order, count, start, index, value, table, inputs, stride, weights, biases, output, scratch, tiled);
  else forwardAs<f32>(order, count, start, index, value, table, inputs, stride, weights, biases, output, scratch, tiled);
}

function forwardAs<V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  inputs: u32, stride: u32, weights: usize, biases: usize, output: usize, scratch: usize, tiled: usize,
): void {
  const rowBytes: usize = stride << 2, isWide = stride > ONE_TILE, most = isWide ? MOST_ROWS : AHEAD;
  for (let done: u32 = 0; done < count; done += most) {
    const rows = min(count - done, most), first = order + (<usize>done << 2), to = output + <usize>done * rowBytes;
    fetchScattered<V>(first, rows, start, index, value);
    if (!isWide) forwardRows<V>(first, rows, start, index, value, table, stride, weights, biases, to);
    else if (rows < FEW_ROWS) forwardFew<V>(first, rows, start, index, value, table, rowBytes, weights, biases, to);
    else forwardWide<V>(first, rows, start, index, value, table, inputs, rowBytes, weights, biases, to, scratch, tiled);
  }
}

/**
 * Reads a byte of each cache line of rows that do not follow the row before them: no processor looks ahead for shuffled rows. Here
 * their lines are waited for side by side; in the sums it would be one after the other. Engines keep these loads: they might trap.
 */
function fetchScattered<V>(order: usize, count: u32, start: usize, index: usize, value: usize): void {
  let before: u32 = load<u32>(order) - 1;
  for (const end = order + (count << 2); order < end; order += 4) {
    const number = load<u32>(order);
    if (number != before + 1) {
      const row = start + (<usize>number << 2);
      const first = <usize>load<u32>(row), last = <usize>load<u32>(row, 4);
      for (let at = value + first * sizeof<V>(), rowEnd = value + last * sizeof<V>(); at < rowEnd; at += 64) load<u8>(at);
      for (let at = index + (first << 1), rowEnd = index + (last << 1); at < rowEnd; at += 64) load<u8>(at);
    }
    before = number;
  }
}

function forwardRows<V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  stride: u32, weights: usize, biases: usize, output: usize,
): void {
  switch (stride >> 2) {
    case 1: return forwardTile<Tile1, V>(order, count, start, index, value, table, weights, biases, output);
    case 2: return forwardTile<Tile2, V>(order, count, start, index, value, table, weights, biases, output);
    case 3: return forwardTile<Tile3, V>(order, count, start, index, value, table, weights, biases, output);
    case 4: return forwardTile<Tile4, V>(order, count, start, index, value, table, weights, biases, output);
    case 5: return forwardTile<Tile5, V>(order, count, start, index, value, table, weights, biases, output);
    case 6: return forwardTile<Tile6, V>(order, count, start, index, value, table, weights, biases, output);
    case 7: return forwardTile<Tile7, V>(order, count, start, index, value, table, weights, biases, output);
    default: forwardTile<Tile8, V>(order, count, start, index, value, table, weights, biases, output);
  }
}

function forwardTile<Tile, V>(
  order: usize, count: u32, start: usize, index: usize, value: usize, table: usize,
  weights: usize, biases: usize, output: usize,
): void {
  for (const end = order + (count << 2); order < end; order += 4, output += vectorsOf<Tile>() << 4) {
    const row = start + (<usize>load<u32>(order) << 2);
    const first = <usize>load<u32>(row), last = <usize>load<u32>(row, 4);
    sumRow<Tile, V>(index + (first << 1), value + first * sizeof<V>(), value + last * sizeof<V>(), table, weights, biases, output);
  }
}
