/**
 * The parameters of a W&B sweep file as the axes of a space; nested ones get dotted names.
 * Distributions without bounds are refused, with the bounds that hold nearly all of them: a search here has a space to search.
 */
import * as z from 'zod';
import { shown } from '../errors.ts';
import { exp } from '../exact/exp.ts';
import type { Axis } from '../space/definition.ts';
import { limits } from './limits.ts';
import { faultsIn } from './shape-faults.ts';
import { group, listOf, must, oneOf } from './shapes.ts';

const number = z.number(must('be a number')).optional();

const scalar = z.union([z.number(), z.string(), z.boolean()]);
const value = z.union(
  [scalar, z.array(scalar)],
  must('be a number, a text, true or false, or a list of them'),
);

const distributions = [
  ...([
    'constant',
    'categorical',
    'int_uniform',
    'uniform',
    'q_uniform',
    'log_uniform',
    'log_uniform_values',
  ] as const),
  ...(['q_log_uniform', 'q_log_uniform_values', 'inv_log_uniform', 'inv_log_uniform_values'] as const),
  ...(['normal', 'q_normal', 'log_normal', 'q_log_normal', 'beta', 'q_beta'] as const),
] as const;

const parameterShape = group({
  value: value.optional(),
  values: listOf(value, limits.axisValues, 'values').optional(),
  distribution: oneOf(...distributions).optional(),
  ...{ min: number, max: number, q: number, mu: number, sigma: number, a: number, b: number },
  probabilities: z.unknown().optional(),
  parameters: z.unknown().optional(),
});

type Given = z.output<typeof parameterShape>;

export type Axes = Readonly<Record<string, Axis>>;

/** @param parameters with whole numbers as bigint */
export function axesOf(parameters: unknown): { readonly axes: Axes; readonly faults: readonly string[] } {
  const found = foundIn(parameters, 'parameters', '');
  const byName = Map.groupBy(found, ({ name }) => name);
  const twice = [...byName].flatMap(([name, [first, second]]) =>
    first === undefined || second === undefined
      ? []
      : `${second.path} must have a name of its own, but ${first.path} is called ${shown(name)} too: rename one of them.`,
  );
  const axes = found.flatMap(({ name, axis }) => (axis === undefined ? [] : [[name, axis] as const]));
  return { axes: Object.fromEntries(axes), faults: [...found.flatMap(({ faults }) => faults), ...twice] };
}

interface Found {
  readonly name: string;
  readonly path: string;
  /** Undefined where it has faults that leave none. */
  readonly axis: Axis | undefined;
  readonly faults: readonly string[];
}

function foundIn(parameters: unknown, path: string, prefix: string): Found[] {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return [];
  return Object.entries(parameters).flatMap(([key, parameter]) => {
    const [inner, name] = [`${path}.${key}`, `${prefix}${key}`];
    return isNested(parameter)
      ? foundIn(parameter.parameters, `${inner}.parameters`, `${name}.`)
      : [{ name, path: inner, ...axisOf(parameter, inner) }];
  });
}

const isNested = (parameter: unknown): parameter is { readonly parameters: unknown } =>
  typeof parameter === 'object' && parameter !== null && 'parameters' in parameter;

function axisOf(parameter: unknown, path: string): Pick<Found, 'axis' | 'faults'> {
  const { min, max } = (parameter ?? {}) as Record<string, unknown>;
  const isWhole = typeof min === 'bigint' && typeof max === 'bigint';
  const plain = numbersOf(parameter);
  const faults = faultsIn(parameterShape, plain).map(
    (fault) =>
      `${path}${fault.startsWith('the definition') ? fault.slice('the definition'.length) : `.${fault}`}`,
  );
  const given = parameterShape.safeParse(plain).data;
  if (given === undefined) return { axis: undefined, faults };
  const distribution = distributionOf(given, isWhole);
  const axis = translated(given, distribution);
  if (typeof axis === 'string') return { axis: undefined, faults: [...faults, `${path}${axis}`] };
  const unused = unusedKeys(given, distribution).map((key) => `${path}.${key} ${notFor(distribution, key)}`);
  return { axis, faults: [...faults, ...unused] };
}

type Distribution = (typeof distributions)[number];

function distributionOf({ distribution, value, values }: Given, isWhole: boolean): Distribution {
  if (distribution !== undefined) return distribution;
  if (values !== undefined) return 'categorical';
  if (value !== undefined) return 'constant';
  return isWhole ? 'int_uniform' : 'uniform';
}

/** What would be ignored: a trial would get other values than its file seems to say. */
function unusedKeys(given: Given, distribution: Distribution): string[] {
  const ofRange = ['min', 'max', ...(distribution.startsWith('q_') ? ['q'] : [])];
  const used = { constant: ['value'], categorical: ['values'] }[distribution as string] ?? ofRange;
  return Object.keys(given).filter((key) => key !== 'distribution' && !used.includes(key));
}

function notFor(distribution: Distribution, key: string): string {
  const quantised = distributions.find((other) => key === 'q' && other === `q_${distribution}`);
  const instead = quantised === undefined ? '' : `, or write distribution: ${quantised}`;
  return `is not for the distribution ${distribution}: take it out${instead}.`;
}

/** The axis, or what is wrong as the rest of a sentence that begins with the parameter's path. */
function translated(given: Given, distribution: Distribution): Axis | string {
  const { value, values, min, max, probabilities } = given;
  if (probabilities !== undefined)
    return '.probabilities is not supported: leave it out, and each value is as likely as another.';
  const range = min !== undefined || max !== undefined;
  switch (distribution) {
    case 'constant':
      return value === undefined ? '.value must be the value, but it is missing.' : [value];
    case 'categorical':
      return values ?? '.values must be the values to try, but it is missing.';
    case 'normal':
    case 'q_normal':
      return unbounded(given, distribution, 'uniform', (x) => x);
    case 'log_normal':
    case 'q_log_normal':
      return unbounded(given, distribution, 'log_uniform_values', exp);
    case 'beta':
    case 'q_beta':
      return `.distribution ${distribution} is not supported: write distribution: uniform with min: 0 and max: 1.`;
    default:
      if (min === undefined || max === undefined)
        return range
          ? `.${min === undefined ? 'min' : 'max'} must be the other end of the range, but it is missing.`
          : ' must have value, values, or min and max, but has none of them.';
      // As W&B itself refuses them.
      if (min >= max)
        return `.max must be greater than min, ${min}, but got ${max}${min === max ? `: write value: ${min}` : ''}.`;
      return ranged(distribution, min, max, given.q ?? 1);
  }
}

type Ranged = Exclude<
  NonNullable<Given['distribution']>,
  'constant' | 'categorical' | 'normal' | 'q_normal' | 'log_normal' | 'q_log_normal' | 'beta' | 'q_beta'
>;

function ranged(distribution: Ranged, min: number, max: number, q: number): Axis | string {
  switch (distribution) {
    case 'int_uniform':
      return { int: [min, max] };
    case 'uniform':
      return { float: [min, max] };
    case 'q_uniform':
      return stepped(min, max, q);
    case 'log_uniform_values':
    // Where log(1/x) is uniform, log(x) is as well.
    case 'inv_log_uniform_values':
      return { float: [min, max], scale: 'log' };
    case 'log_uniform':
      return { float: [exp(min), exp(max)], scale: 'log' };
    case 'inv_log_uniform':
      return { float: [exp(-max), exp(-min)], scale: 'log' };
    case 'q_log_uniform_values':
      return steppedLog(min, max, q);
    case 'q_log_uniform':
      return steppedLog(exp(min), exp(max), q);
    default:
      return distribution satisfies never;
  }
}

/** The multiples of q between both ends. */
function stepped(min: number, max: number, q: number): Axis | string {
  if (!(q > 0)) return `.q must be a number greater than 0, but got ${q}.`;
  // Without the digits that only binary made: 3 x 0.1 is 0.3.
  const multiple = (count: number) => Number((count * q).toPrecision(15));
  const ends = [multiple(Math.ceil(min / q - 1e-9)), multiple(Math.floor(max / q + 1e-9))] as const;
  if (ends[1] < ends[0]) return `.q must leave a multiple of it between min and max, but is ${q}.`;
  if (ends[0] === ends[1]) return [ends[0]];
  return Number.isInteger(q) ? { int: ends, step: q } : { float: ends, step: q };
}

function steppedLog(min: number, max: number, q: number): Axis | string {
  if (q === 1) return { int: [Math.max(1, Math.round(min)), Math.round(max)], scale: 'log' };
  // 0 has no logarithm.
  const axis = stepped(Math.max(min, q), max, q);
  return typeof axis === 'string' || !('step' in axis) ? axis : { ...axis, scale: 'log' };
}

function unbounded(
  { mu = 0, sigma = 1 }: Given,
  distribution: string,
  instead: string,
  scaled: (x: number) => number,
): string {
  const [low, high] = [mu - 2 * sigma, mu + 2 * sigma].map((end) => Number(scaled(end).toPrecision(3)));
  return `.distribution ${distribution} is not supported, for it has no bounds: write distribution: ${instead} with min: ${low} and max: ${high}, which hold 95 % of it.`;
}

/** The same with every bigint as a number. */
export function numbersOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(numbersOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbersOf(inner)]));
}
