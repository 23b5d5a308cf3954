import t from 'tap';
import { weightsSha256 } from '../../src/train/weights-hash.ts';

t.test('the hash is SHA-256 over little-endian float32', async (t) => {
  // printf '\x00\x00\x80\x3f\x00\x00\x00\x80' | sha256sum
  t.equal(
    weightsSha256(Float32Array.of(1, -0)),
    '0cd40d287b3669a987311a242f957a55c86c626a988a6f0136e0b627684c9fdb',
  );
});

t.test('the sign of zero counts, the buffer behind a view does not', async (t) => {
  t.not(weightsSha256(Float32Array.of(0)), weightsSha256(Float32Array.of(-0)));
  const shared = new Float32Array(new SharedArrayBuffer(16));
  shared.set([9, 1, -0, 9]);
  t.equal(weightsSha256(shared.subarray(1, 3)), weightsSha256(Float32Array.of(1, -0)));
});
