import t from 'tap';
import { bytesField, numberField } from '../../src/export/protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

t.test('whole numbers are as short as they can be, and may be larger than 32 bits', async (t) => {
  // https://protobuf.dev/programming-guides/encoding/ has 150 in field 1 as 08 96 01.
  for (const [value, wanted] of [
    [0, '0800'],
    [127, '087f'],
    [128, '088001'],
    [150, '089601'],
    [16_384, '08808001'],
    [2 ** 35, '08808080808001'],
    [2 ** 53 - 1, '08ffffffffffffff0f'],
  ] as const)
    t.equal(hex(numberField(1, value)), wanted, String(value));
  t.equal(hex(numberField(16, 1)), '800101', 'a field beyond 15 takes two bytes');
});

t.test('texts, bytes and messages have their length before them', async (t) => {
  // The same page: "testing" in field 2, and 150 in a message in field 3.
  t.equal(hex(bytesField(2, 'testing')), '120774657374696e67');
  t.equal(hex(bytesField(3, [numberField(1, 150)])), '1a03089601');
  t.equal(hex(bytesField(2, 'ä')), '1202c3a4', 'in bytes, not in letters');
  t.equal(hex(bytesField(1, new Uint8Array(200)).subarray(0, 3)), '0ac801');
});
