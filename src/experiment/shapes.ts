/**
 * What the schema is written with: each kind of value says in words what is allowed and what came.
 * Not here: any key of a definition.
 */
import { z } from 'zod';
import { shown } from '../errors.ts';

// Code generated for a shape pays where it is checked thousands of times; a definition is checked once, and half as fast.
z.config({ jitless: true });

export const whole = ({ min, max }: { min: number; max: number }) => {
  const error = (issue: { input?: unknown }) =>
    `must be a whole number from ${min} to ${max}, but got ${shown(issue.input)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

export const positive = () => {
  const error = (issue: { input?: unknown }) =>
    `must be a finite number greater than 0, but got ${shown(issue.input)}`;
  // A learning rate that rounds to 0 in float32 would train nothing.
  return z
    .number({ error })
    .min(2 ** -149, { error })
    .max(3.4e38, { error });
};

/** An object with these keys and no other. */
export const group = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const keys = Object.keys(shape).filter((key) => !key.startsWith('$'));
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'invalid_type' ? `must hold the keys ${keys.join(', ')}, but got ${shown(input)}` : undefined,
  });
};

export const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names, {
    error: (issue) => `must be ${names.map(shown).join(' or ')}, but got ${shown(issue.input)}`,
  });

export const listOf = <Item extends z.ZodType>(
  item: Item,
  { min, max }: { min: number; max: number },
  what: string,
) => {
  const error = (issue: { input?: unknown }) =>
    `must be a list of ${min} to ${max} ${what}, but got ${shown(issue.input)}`;
  return z.array(item, { error }).min(min, { error }).max(max, { error }).readonly();
};

export const filePath = (what: string) =>
  z
    .string({ error: (issue) => `must be the path of ${what}, but got ${shown(issue.input)}` })
    .min(1, { error: `must be the path of ${what}, but is empty` });

/** Longer than any training, and still a number that timers can take. */
export const seconds = (min: number) => {
  const error = (issue: { input?: unknown }) =>
    `must be a number of seconds from ${min} to 1000000, but got ${shown(issue.input)}`;
  return z.number({ error }).min(min, { error }).max(1_000_000, { error });
};
