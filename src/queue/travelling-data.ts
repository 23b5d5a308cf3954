/** Rows on their way to another machine, as bytes and back. Not here: when they travel, and where they are kept there. */
import * as z from 'zod';
import type { LoadedData } from '../data/dataset.ts';
import { type Encoding, maxClasses, targetsOf } from '../train/encoding.ts';
import { pack, unpack } from './packing.ts';

const count = z.int().min(0);
const range = z.strictObject({ from: count, to: count });

/** What stands beside the values and labels. The encoding is only carried along: no training looks at it. */
const head = z.strictObject({
  ...{ inputs: z.int().min(1), classes: count.max(maxClasses), hash: z.string(), entries: count },
  ...{ density: z.number(), training: range, validation: range, test: range.optional() },
  folds: z.array(z.strictObject({ training: range, validation: range })).optional(),
  encoding: z.looseObject({ kind: z.string() }) as unknown as z.ZodType<Encoding>,
  type: z.enum(['uint8', 'float32']),
});

/** Whatever is added to rows travels too, and is refused where nobody knows it yet: other rows would be other bits. */
export function packData({
  values,
  labels,
  targets,
  remarks: _,
  splitRows: __,
  marks: ___,
  ...rest
}: LoadedData): Uint8Array {
  const type = values instanceof Float32Array ? 'float32' : 'uint8';
  const bytesOf = (part: Uint8Array | Float32Array) =>
    new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  const parts = [bytesOf(values), labels, ...(targets === undefined ? [] : [bytesOf(targets)])];
  return pack({ ...rest, type }, parts);
}

/** Undefined for bytes that are not rows, or whose ranges lie outside of them. */
export function unpackData(bytes: Uint8Array): LoadedData | undefined {
  const unpacked = unpack(bytes);
  const read = head.safeParse(unpacked?.head);
  const [part, labels, answers] = unpacked?.parts ?? [];
  if (!read.success || part === undefined || labels === undefined) return undefined;
  const { type, test, ...rest } = read.data;
  if (type === 'float32' && part.length % 4 !== 0) return undefined;
  const values = type === 'float32' ? new Float32Array(part.buffer as ArrayBuffer) : part;
  const width = targetsOf(rest.encoding)?.length;
  if ((width === undefined) !== (answers === undefined)) return undefined;
  const targets = answers && new Float32Array(answers.buffer as ArrayBuffer);
  const folds = (rest.folds ?? []).flatMap(({ training, validation }) => [training, validation]);
  const ranges = [rest.training, rest.validation, ...folds, ...(test === undefined ? [] : [test])];
  const isWhole =
    values.length === labels.length * rest.inputs &&
    (targets === undefined
      ? labels.every((label) => label < rest.classes)
      : targets.length === labels.length * (width ?? 0)) &&
    ranges.every(({ from, to }) => from <= to && to <= labels.length);
  const loaded = { ...rest, test, values, labels };
  return isWhole ? { ...loaded, ...(targets === undefined ? {} : { targets }) } : undefined;
}
