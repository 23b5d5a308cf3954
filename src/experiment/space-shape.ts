/**
 * How a space is written, parameter by parameter: a list, or a range with its scale, its step and its condition.
 * Not here: what shows only where parameters are looked at together (space-faults.ts), and what a space is (space/).
 */
import * as z from 'zod';
import { limits } from './limits.ts';
import { group, later, listOf, must, oneOf } from './shapes.ts';

const scalar = z.union([z.number(), z.string(), z.boolean()], must('be a number, a text, true or false'));

/** Any value that a parameter can have. */
const anyValue = z.union(
  [scalar, z.array(scalar).readonly()],
  must('be a number, a text, true or false, or a list of them'),
);

const when = z
  .record(
    z.string(),
    z.union([anyValue, z.array(anyValue).readonly()]),
    must('name one other parameter and the values of it that are meant, such as { solver: "qr" }'),
  )
  .optional()
  .describe('Only where another parameter has this value, or one of these: { solver: qr }.');

// A setting at its default is left out, so that equal spaces are equal texts and have equal hashes.
const unless =
  <Given>(usual: Given) =>
  (given: Given | undefined) =>
    given === usual ? undefined : given;

const scale = oneOf('linear', 'log')
  .optional()
  .transform(unless<'linear' | 'log'>('linear'))
  .describe('log: each power of ten gets as many trials as another.');

const pair = (end: z.ZodType<number>, what: string) =>
  z.tuple([end, end], must(`be a pair of ${what}, such as [1, 10]`));

const number = z.number(must('be a finite number'));
const wholeNumber = z.int(must('be a whole number'));
/** Below it, float32 and float64 alike have no number but 0. */
const least = Number.MIN_VALUE;

const aboveNothing = must('be a number greater than 0');
const step = z
  .number(aboveNothing)
  .min(least, aboveNothing)
  .optional()
  .describe('Only the first number, that and a step, and so on.');

const countable = must('be a whole number greater than 0');
const wholeStep = z
  .int(countable)
  .min(1, countable)
  .optional()
  .transform(unless(1))
  .describe('Only every so many of them.');

const floatAxis = (end: z.ZodType<number>) =>
  group({
    float: pair(end, 'numbers').describe('Numbers from the first to the second.'),
    scale,
    step,
    when,
  });

const intAxis = (end: z.ZodType<number>) =>
  group({
    int: pair(end, 'whole numbers').describe('Whole numbers from the first to the second.'),
    scale,
    step: wholeStep,
    when,
  });

/** Of the forms that a faulty parameter may have been meant as, the first counts where as much is wrong with each. */
const axis = (value: z.ZodType, what: string, ranges: readonly z.ZodType[], said: string) => {
  const { min, max } = limits.axisValues;
  const list = listOf(value, limits.axisValues, what);
  const chosen = group({ choice: list.describe('The values to try.'), when });
  return z.union([list, ...ranges, chosen], must(`be a list of ${min} to ${max} ${what}${said}`));
};

/** A parameter that can be anything. */
export const axisOfAny = later(() =>
  axis(
    anyValue,
    'values',
    [floatAxis(number), intAxis(wholeNumber)],
    ', { float: [min, max] } or { int: [min, max] }',
  ),
);

/** A parameter whose every value must be as `value` says; of numbers it may be a range. */
export function axisOfValues(value: z.ZodType, what: string) {
  if (value instanceof z.ZodNumberFormat)
    return axis(value, what, [intAxis(value)], ' or { int: [min, max] }');
  if (value instanceof z.ZodNumber)
    return axis(value, what, [floatAxis(value), intAxis(value)], ' or { float: [min, max] }');
  return axis(value, what, [], '');
}
