/**
 * How a space is written, parameter by parameter: a list, or a range with its scale, its step and its condition.
 * Not here: what shows only where parameters are looked at together (space-faults.ts), and what a space is (space/).
 */
import * as z from 'zod';
import { shown } from '../errors.ts';
import { limits } from './limits.ts';
import { group, later, listOf, oneOf } from './shapes.ts';

const scalar = z.union([z.number(), z.string(), z.boolean()], {
  error: (issue) => `must be a number, a text, true or false, but got ${shown(issue.input)}`,
});

/** Any value that a parameter can have. */
const anyValue = z.union([scalar, z.array(scalar).readonly()], {
  error: (issue) =>
    `must be a number, a text, true or false, or a list of them, but got ${shown(issue.input)}`,
});

const when = z
  .record(z.string(), z.union([anyValue, z.array(anyValue).readonly()]), {
    error: (issue) =>
      `must name one other parameter and the values of it that are meant, such as { solver: "qr" }, but got ${shown(issue.input)}`,
  })
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
  z.tuple([end, end], {
    error: (issue) => `must be a pair of ${what}, such as [1, 10], but got ${shown(issue.input)}`,
  });

const stepError = (what: string) => (issue: { input?: unknown }) =>
  `must be a ${what} greater than 0, but got ${shown(issue.input)}`;

const number = z.number({ error: (issue) => `must be a finite number, but got ${shown(issue.input)}` });
const wholeNumber = z.int({ error: (issue) => `must be a whole number, but got ${shown(issue.input)}` });
/** Below it, float32 and float64 alike have no number but 0. */
const least = Number.MIN_VALUE;

const step = z
  .number({ error: stepError('number') })
  .min(least, { error: stepError('number') })
  .optional()
  .describe('Only the first number, that and a step, and so on.');

const wholeStep = z
  .int({ error: stepError('whole number') })
  .min(1, { error: stepError('whole number') })
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

const refused = (what: string, ranges: string) => (issue: { input?: unknown }) =>
  `must be a list of ${limits.axisValues.min} to ${limits.axisValues.max} ${what}${ranges}, but got ${shown(issue.input)}`;

/** Of the forms that a faulty parameter may have been meant as, the first counts where as much is wrong with each. */
const axis = (value: z.ZodType, what: string, ranges: readonly z.ZodType[], said: string) => {
  const list = listOf(value, limits.axisValues, what);
  const chosen = group({ choice: list.describe('The values to try.'), when });
  return z.union([list, ...ranges, chosen], { error: refused(what, said) });
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
