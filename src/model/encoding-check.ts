/** An encoding that comes back from a disk: trusted only after every field is checked. */
import { shown } from '../errors.ts';
import { type Encoding, inputsOf } from '../train/encoding.ts';

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
const isListOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] =>
  Array.isArray(value) && value.every(isItem);
const isText = (value: unknown): value is string => typeof value === 'string';
const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
const isDivisor = (value: unknown): value is number => isFiniteNumber(value) && value !== 0;

/**
 * `value` as the encoding of a network with these layer sizes.
 * @param refuse is given the fault as the rest of a sentence that begins with the file; it throws
 */
export function checkedEncoding(
  value: unknown,
  sizes: readonly number[],
  refuse: (fault: string) => never,
): Encoding {
  const encoding = encodingOf(value);
  if (encoding === undefined) return refuse(`has ${shown(value)} as encoding of its inputs`);
  const inputs = inputsOf(encoding);
  if (inputs !== sizes[0]) {
    return refuse(`has an encoding of ${inputs} inputs, but its network has ${sizes[0]}`);
  }
  if (encoding.classes !== undefined && encoding.classes.length !== sizes.at(-1)) {
    return refuse(`names ${encoding.classes.length} classes, but its network has ${sizes.at(-1)} outputs`);
  }
  return encoding;
}

function encodingOf(value: unknown): Encoding | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, rows, columns, pixels, offsets, divisors, classes } = value as Record<string, unknown>;
  if (kind === 'pictures' && isCount(rows) && isCount(columns) && (pixels === '0-1' || pixels === 'raw')) {
    if (classes === undefined) return Object.freeze({ kind, rows, columns, pixels });
    return isListOf(classes, isText) ? Object.freeze({ kind, rows, columns, pixels, classes }) : undefined;
  }
  if (
    kind === 'table' &&
    isListOf(columns, isText) &&
    isListOf(offsets, isFiniteNumber) &&
    isListOf(divisors, isDivisor) &&
    isListOf(classes, isText) &&
    offsets.length === columns.length &&
    divisors.length === columns.length
  ) {
    return Object.freeze({ kind, columns, offsets, divisors, classes });
  }
  return undefined;
}
