/**
 * Protocol Buffers, as far as ONNX needs them: fields of whole numbers, texts, bytes and nested messages.
 * Not here: reading, negative numbers, packed lists.
 * https://protobuf.dev/programming-guides/encoding/
 */

/** One field as it is written: its tag, then its value. */
export type Field = Uint8Array;

/** A whole number from 0 to 2^53 - 1: int32, int64, enum. */
export const numberField = (field: number, value: number): Field =>
  Buffer.from([...varint(field * 8), ...varint(value)]);

/** A text (UTF-8), bytes, or a message given as the list of its fields. */
export function bytesField(field: number, value: string | Uint8Array | readonly Field[]): Field {
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value)
      : value instanceof Uint8Array
        ? value
        : Buffer.concat(value);
  // Wire type 2: a length, then so many bytes.
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  // Not by shifts: they would cut the number to 32 bits.
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
