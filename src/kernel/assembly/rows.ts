// Bytes of pictures become rows: 16 at a time, most of which are blank.

const blank = i8x16.splat(0);

/** One bit for each byte that is not 0. */
@inline
function marked(bytes: usize): u32 {
  return i8x16.bitmask(i8x16.ne(v128.load(bytes), blank));
}

export function countMarked(bytes: usize, count: u32): u32 {
  let marks: u32 = 0;
  for (const end = bytes + (count & ~15); bytes < end; bytes += 16) marks += popcnt(marked(bytes));
  return marks + popcnt(marked(bytes) & ((1 << (count & 15)) - 1));
}

export function placeMarked(
  bytes: usize, rows: u32, inputs: u32, start: usize, index: usize, value: usize, entry: u32,
): u32 {
  index += entry << 1;
  value += entry;
  const first = value;
  for (let row: u32 = 0; row < rows; row++, bytes += inputs) {
    for (let input: u32 = 0; input < inputs; input += 16) {
      let marks = marked(bytes + input);
      if (inputs - input < 16) marks &= (1 << (inputs - input)) - 1;
      for (; marks != 0; marks &= marks - 1) {
        const at = input + ctz(marks);
        store<u8>(value, load<u8>(bytes + at));
        store<u16>(index, at << 1);
        value++;
        index += 2;
      }
    }
    store<u32>(start, entry + <u32>(value - first), 4);
    start += 4;
  }
  return entry + <u32>(value - first);
}
