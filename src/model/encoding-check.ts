/** An encoding that comes back from a disk: trusted only after every field is checked. */
import { shown } from '../errors.ts';
import { type Encoding, inputsOf, type TableField, type Target, targetsOf } from '../train/encoding.ts';

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1;
const isListOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] =>
  Array.isArray(value) && value.every(isItem);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
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
  const targets = targetsOf(encoding);
  if (targets !== undefined && targets.length !== sizes.at(-1)) {
    return refuse(`names ${targets.length} targets, but its network has ${sizes.at(-1)} outputs`);
  }
  return encoding;
}

function encodingOf(value: unknown): Encoding | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, rows, columns, pixels, offsets, divisors, classes, targets, fields } = value;
  if (kind === 'pictures' && isCount(rows) && isCount(columns) && (pixels === '0-1' || pixels === 'raw')) {
    if (classes === undefined) return Object.freeze({ kind, rows, columns, pixels });
    return isListOf(classes, isText) ? Object.freeze({ kind, rows, columns, pixels, classes }) : undefined;
  }
  if (
    kind === 'table' &&
    isListOf(columns, isText) &&
    isListOf(offsets, isFiniteNumber) &&
    isListOf(divisors, isDivisor) &&
    (targets === undefined ? isListOf(classes, isText) : isListOf(targets, isTarget)) &&
    offsets.length === columns.length &&
    divisors.length === columns.length
  ) {
    const answers =
      targets === undefined ? { classes: classes as string[] } : { targets: targets as Target[] };
    if (fields === undefined) return Object.freeze({ kind, columns, offsets, divisors, ...answers });
    const known = fieldsOf(fields, columns.length);
    return known && Object.freeze({ kind, columns, fields: known, offsets, divisors, ...answers });
  }
  return undefined;
}

function isTarget(value: unknown): value is Target {
  const { name, offset, divisor } = Object(value) as Record<string, unknown>;
  return isText(name) && isFiniteNumber(offset) && isDivisor(divisor);
}

/** Undefined where these are no fields, or have another number of inputs. */
function fieldsOf(value: unknown, inputs: number): TableField[] | undefined {
  if (!isListOf(value, isField)) return undefined;
  const sum = value.reduce((sum, field) => sum + ('categories' in field ? field.categories.length : 1), 0);
  return sum === inputs ? value : undefined;
}

function isField(value: unknown): value is TableField {
  if (!isRecord(value)) return false;
  const { name, categories, missing } = value;
  if (!isText(name)) return false;
  if (categories === undefined) return missing === undefined || isFiniteNumber(missing);
  if (!isListOf(categories, isText) || categories.length === 0) return false;
  return missing === undefined || (isText(missing) && categories.includes(missing));
}
