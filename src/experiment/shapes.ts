/**
 * What the schema is written with: each kind of value says in words what is allowed and what came.
 * Not here: any key of a definition.
 */
import * as z from 'zod';
import { shown } from '../errors.ts';

// Code generated for a shape pays where it is checked thousands of times; a definition is checked once, and half as fast.
z.config({ jitless: true });

/** A shape that is built where it is first asked for: building one takes longer than checking by it. */
export const later = <Shape>(build: () => Shape): (() => Shape) => {
  let built: Shape | undefined;
  return () => {
    built ??= build();
    return built;
  };
};

/** A group of keys, whatever is in it. */
export type Part = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a shape says of a value that does not fit it: `must be a name, but got 5`. @param what is allowed: `be a name` */
export const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `must ${what}, but got ${shown(input)}`,
});

/** A number with both ends of its range, which go into one call: each on a shape copies it. */
export const ranged = <Shape extends z.ZodNumber>(
  shape: (told: ReturnType<typeof must>) => Shape,
  min: number,
  max: number,
  what: string,
): Shape => {
  const told = must(what);
  return shape(told).check(z.gte(min, told), z.lte(max, told));
};

export const whole = ({ min, max }: { min: number; max: number }) =>
  ranged(z.int, min, max, `be a whole number from ${min} to ${max}`);

/** A number of a range, both ends included. */
export const between = ({ min, max }: { min: number; max: number }) =>
  ranged(z.number, min, max, `be a number from ${min} to ${max}`);

export const yesOrNo = () => z.boolean(must('be true or false'));

/** A learning rate that rounds to 0 in float32 would train nothing. */
export const positive = () => ranged(z.number, 2 ** -149, 3.4e38, 'be a finite number greater than 0');

/** An object with these keys and no other. */
export const group = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const keys = Object.keys(shape).filter((key) => !key.startsWith('$'));
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'invalid_type' ? `must ${keysInWords(shape, keys)}, but got ${shown(input)}` : undefined,
  });
};

/** More keys than this that may be left out are counted, not named. */
const mostNamed = 6;
/** Where none is needed, that many. */
const mostListed = 12;

function keysInWords(shape: z.ZodRawShape, keys: readonly string[]): string {
  const isOptional = (key: string) => z.safeParse(shape[key] as z.core.$ZodType, undefined).success;
  const [needed, others] = [keys.filter((key) => !isOptional(key)), keys.filter(isOptional)];
  if (needed.length === 0)
    return others.length > mostListed
      ? `be a group of keys, such as ${others[0]}`
      : `be a group with any of the keys ${others.join(', ')}`;
  const held = `hold the ${needed.length === 1 ? 'key' : 'keys'} ${needed.join(', ')}`;
  if (others.length === 0) return held;
  const more = keys.length > mostNamed ? `${others.length} others` : others.join(', ');
  return `${held} and may hold ${more}`;
}

export const oneOf = <const Name extends string>(...names: readonly Name[]) =>
  z.enum(names, must(`be ${names.map(shown).join(' or ')}`));

export const listOf = <Item extends z.ZodType>(
  item: Item,
  { min, max }: { min: number; max: number },
  what: string,
) => {
  const told = must(`be a list of ${min} to ${max} ${what}`);
  return z.array(item, told).check(z.minLength(min, told), z.maxLength(max, told)).readonly();
};

export const sha256Text = () =>
  z.string().regex(/^[0-9a-f]{64}$/, must('be a SHA-256 as 64 hexadecimal digits'));

export const filePath = (what: string) =>
  z.string(must(`be the path of ${what}`)).min(1, { error: `must be the path of ${what}, but is empty` });

/** Longer than any training, and still a number that timers can take. */
export const seconds = (min: number) =>
  ranged(z.number, min, 1_000_000, `be a number of seconds from ${min} to 1000000`);
