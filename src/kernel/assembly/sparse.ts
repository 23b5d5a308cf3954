// The first layer on rows kept as lists of their non-blank inputs.
// A tile is up to 8 vectors of 4 units; its sums stay in registers while a row's entries pass by. `vectors` is always a
// literal, so that the compiler keeps only what that width needs.

export function forwardSparse(
  order: usize, count: u32, start: usize, index: usize, value: usize,
  stride: u32, weights: usize, biases: usize, output: usize,
): void {
  const rowBytes: usize = stride << 2;
  for (let done: usize = 0; done < rowBytes; ) {
    const left = (rowBytes - done) >> 4;
    const w = weights + done, b = biases + done, o = output + done;
    if (left >= 8 && left != 9) { forwardTile(8, order, count, start, index, value, rowBytes, w, b, o); done += 128; }
    else if (left == 7) { forwardTile(7, order, count, start, index, value, rowBytes, w, b, o); done += 112; }
    else if (left == 6) { forwardTile(6, order, count, start, index, value, rowBytes, w, b, o); done += 96; }
    else if (left >= 5) { forwardTile(5, order, count, start, index, value, rowBytes, w, b, o); done += 80; }
    else if (left == 4) { forwardTile(4, order, count, start, index, value, rowBytes, w, b, o); done += 64; }
    else if (left == 3) { forwardTile(3, order, count, start, index, value, rowBytes, w, b, o); done += 48; }
    else if (left == 2) { forwardTile(2, order, count, start, index, value, rowBytes, w, b, o); done += 32; }
    else { forwardTile(1, order, count, start, index, value, rowBytes, w, b, o); done += 16; }
  }
}

// @ts-ignore: decorator
@inline
function forwardTile(
  vectors: u32, order: usize, count: u32, start: usize, index: usize, value: usize,
  rowBytes: usize, weights: usize, biases: usize, output: usize,
): void {
  for (const end = order + (count << 2); order < end; order += 4) {
    const row = start + (<usize>load<u32>(order) << 2);
    const first = <usize>load<u32>(row);
    let v = value + (first << 2);
    const last = value + (<usize>load<u32>(row, 4) << 2);
    let i = index + (first << 1);
    let s0 = v128.load(biases), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    if (vectors > 1) s1 = v128.load(biases, 16);
    if (vectors > 2) s2 = v128.load(biases, 32);
    if (vectors > 3) s3 = v128.load(biases, 48);
    if (vectors > 4) s4 = v128.load(biases, 64);
    if (vectors > 5) s5 = v128.load(biases, 80);
    if (vectors > 6) s6 = v128.load(biases, 96);
    if (vectors > 7) s7 = v128.load(biases, 112);
    for (; v < last; v += 4, i += 2) {
      const x = v128.load32_splat(v);
      const w = weights + <usize>load<u16>(i) * rowBytes;
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(w)));
      if (vectors > 1) s1 = f32x4.add(s1, f32x4.mul(x, v128.load(w, 16)));
      if (vectors > 2) s2 = f32x4.add(s2, f32x4.mul(x, v128.load(w, 32)));
      if (vectors > 3) s3 = f32x4.add(s3, f32x4.mul(x, v128.load(w, 48)));
      if (vectors > 4) s4 = f32x4.add(s4, f32x4.mul(x, v128.load(w, 64)));
      if (vectors > 5) s5 = f32x4.add(s5, f32x4.mul(x, v128.load(w, 80)));
      if (vectors > 6) s6 = f32x4.add(s6, f32x4.mul(x, v128.load(w, 96)));
      if (vectors > 7) s7 = f32x4.add(s7, f32x4.mul(x, v128.load(w, 112)));
    }
    v128.store(output, s0);
    if (vectors > 1) v128.store(output, s1, 16);
    if (vectors > 2) v128.store(output, s2, 32);
    if (vectors > 3) v128.store(output, s3, 48);
    if (vectors > 4) v128.store(output, s4, 64);
    if (vectors > 5) v128.store(output, s5, 80);
    if (vectors > 6) v128.store(output, s6, 96);
    if (vectors > 7) v128.store(output, s7, 112);
    output += rowBytes;
  }
}

export function updateSparse(
  order: usize, count: u32, start: usize, index: usize, value: usize,
  stride: u32, deltas: usize, weights: usize, biases: usize,
): void {
  const rowBytes: usize = stride << 2;
  for (let done: usize = 0; done < rowBytes; ) {
    const left = (rowBytes - done) >> 4;
    const w = weights + done, b = biases + done, d = deltas + done;
    if (left >= 8 && left != 9) { updateTile(8, order, count, start, index, value, rowBytes, d, w, b); done += 128; }
    else if (left == 7) { updateTile(7, order, count, start, index, value, rowBytes, d, w, b); done += 112; }
    else if (left == 6) { updateTile(6, order, count, start, index, value, rowBytes, d, w, b); done += 96; }
    else if (left >= 5) { updateTile(5, order, count, start, index, value, rowBytes, d, w, b); done += 80; }
    else if (left == 4) { updateTile(4, order, count, start, index, value, rowBytes, d, w, b); done += 64; }
    else if (left == 3) { updateTile(3, order, count, start, index, value, rowBytes, d, w, b); done += 48; }
    else if (left == 2) { updateTile(2, order, count, start, index, value, rowBytes, d, w, b); done += 32; }
    else { updateTile(1, order, count, start, index, value, rowBytes, d, w, b); done += 16; }
  }
}

// @ts-ignore: decorator
@inline
function updateTile(
  vectors: u32, order: usize, count: u32, start: usize, index: usize, value: usize,
  rowBytes: usize, deltas: usize, weights: usize, biases: usize,
): void {
  for (const end = order + (count << 2); order < end; order += 4) {
    const row = start + (<usize>load<u32>(order) << 2);
    const first = <usize>load<u32>(row);
    let v = value + (first << 2);
    const last = value + (<usize>load<u32>(row, 4) << 2);
    let i = index + (first << 1);
    let d0 = v128.load(deltas), d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
    if (vectors > 1) d1 = v128.load(deltas, 16);
    if (vectors > 2) d2 = v128.load(deltas, 32);
    if (vectors > 3) d3 = v128.load(deltas, 48);
    if (vectors > 4) d4 = v128.load(deltas, 64);
    if (vectors > 5) d5 = v128.load(deltas, 80);
    if (vectors > 6) d6 = v128.load(deltas, 96);
    if (vectors > 7) d7 = v128.load(deltas, 112);
    v128.store(biases, f32x4.add(v128.load(biases), d0));
    if (vectors > 1) v128.store(biases, f32x4.add(v128.load(biases, 16), d1), 16);
    if (vectors > 2) v128.store(biases, f32x4.add(v128.load(biases, 32), d2), 32);
    if (vectors > 3) v128.store(biases, f32x4.add(v128.load(biases, 48), d3), 48);
    if (vectors > 4) v128.store(biases, f32x4.add(v128.load(biases, 64), d4), 64);
    if (vectors > 5) v128.store(biases, f32x4.add(v128.load(biases, 80), d5), 80);
    if (vectors > 6) v128.store(biases, f32x4.add(v128.load(biases, 96), d6), 96);
    if (vectors > 7) v128.store(biases, f32x4.add(v128.load(biases, 112), d7), 112);
    for (; v < last; v += 4, i += 2) {
      const x = v128.load32_splat(v);
      const w = weights + <usize>load<u16>(i) * rowBytes;
      v128.store(w, f32x4.add(v128.load(w), f32x4.mul(x, d0)));
      if (vectors > 1) v128.store(w, f32x4.add(v128.load(w, 16), f32x4.mul(x, d1)), 16);
      if (vectors > 2) v128.store(w, f32x4.add(v128.load(w, 32), f32x4.mul(x, d2)), 32);
      if (vectors > 3) v128.store(w, f32x4.add(v128.load(w, 48), f32x4.mul(x, d3)), 48);
      if (vectors > 4) v128.store(w, f32x4.add(v128.load(w, 64), f32x4.mul(x, d4)), 64);
      if (vectors > 5) v128.store(w, f32x4.add(v128.load(w, 80), f32x4.mul(x, d5)), 80);
      if (vectors > 6) v128.store(w, f32x4.add(v128.load(w, 96), f32x4.mul(x, d6)), 96);
      if (vectors > 7) v128.store(w, f32x4.add(v128.load(w, 112), f32x4.mul(x, d7)), 112);
    }
    deltas += rowBytes;
  }
}
