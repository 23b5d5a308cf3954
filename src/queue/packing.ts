/**
 * A head of JSON and parts of bytes behind it, as one run of bytes: equal contents give equal bytes, so equal hashes.
 * Not here: what heads and parts mean (answers.ts).
 */
import { endianness } from 'node:os';
import type { Report } from '../trial.ts';

/** More than any head has. */
const mostHeadBytes = 1024 * 1024;

/** uint32 of the head's length, the head with its parts' lengths, the parts. */
export function pack(head: object, parts: readonly Uint8Array[]): Uint8Array {
  const text = Buffer.from(JSON.stringify({ ...head, parts: parts.map(({ length }) => length) }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...parts]);
}

export interface Unpacked {
  readonly head: unknown;
  readonly parts: readonly Uint8Array[];
}

/** Undefined for bytes that are nothing of the kind. */
export function unpack(bytes: Uint8Array): Unpacked | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < 4) return undefined;
  const from = 4 + buffer.readUInt32LE();
  if (from > Math.min(buffer.length, mostHeadBytes)) return undefined;
  let given: { readonly parts?: unknown } | null;
  try {
    given = JSON.parse(buffer.toString('utf8', 4, from)) as typeof given;
  } catch {
    return undefined;
  }
  const lengths = given?.parts;
  if (!Array.isArray(lengths) || !lengths.every((length) => Number.isSafeInteger(length) && length >= 0))
    return undefined;
  if (lengths.reduce((sum: number, length: number) => sum + length, from) !== buffer.length) return undefined;
  const { parts: _, ...head } = given as object & { parts: unknown };
  let at = from;
  const parts = lengths.map((length: number) => {
    at += length;
    // A copy: a part must not keep all the others in memory, and begins where any array may.
    return Uint8Array.from(buffer.subarray(at - length, at));
  });
  return { head, parts };
}

/** float64, little-endian: (reports, 1 + metrics), the step first. */
export function packReports(reports: readonly Report[]): Uint8Array {
  const numbers = Float64Array.from(reports.flatMap(({ step, values }) => [step, ...values]));
  return littleEndian(new Uint8Array(numbers.buffer));
}

/** How many reports of that many metrics the bytes hold. */
export const reportCount = (bytes: Uint8Array, metrics: number): number => bytes.length / (8 * (1 + metrics));

/** Undefined unless these are reports of that many metrics, with ascending steps and finite values. */
export function unpackReports(bytes: Uint8Array, metrics: number): readonly Report[] | undefined {
  const width = 1 + metrics;
  if (bytes.length % (8 * width) !== 0) return undefined;
  const numbers = new Float64Array(littleEndian(Uint8Array.from(bytes)).buffer);
  const reports: Report[] = [];
  let last = 0;
  for (let at = 0; at < numbers.length; at += width) {
    const step = numbers[at] as number;
    const values = [...numbers.subarray(at + 1, at + width)];
    if (!Number.isSafeInteger(step) || step <= last || !values.every(Number.isFinite)) return undefined;
    last = step;
    reports.push({ step, values });
  }
  return reports;
}

function littleEndian(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (endianness() === 'BE') Buffer.from(bytes.buffer).swap64();
  return bytes;
}
