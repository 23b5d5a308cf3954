/**
 * What is wrong with a space where its parameters are looked at together; one that is faulty by itself is passed over.
 * Not here: each parameter by itself (space-shape.ts).
 */
import type * as z from 'zod';
import { shown } from '../errors.ts';
import { type Axis, parameterOf, parentOf, whenOf } from '../space/definition.ts';
import { holds, type Parameter, valueCount, valuesText } from '../space/parameter.ts';
import type { Value } from '../trial.ts';
import { nearest } from './nearest.ts';
import { isRecord } from './shapes.ts';

/** The parameters of a space that are right by themselves. */
export type Axes = ReadonlyMap<string, Axis>;

/** @param shapeOf the shape of a parameter; undefined for one that has no place there */
export function axesOf(
  space: Readonly<Record<string, unknown>>,
  shapeOf: (name: string) => z.ZodType | undefined,
): Axes {
  const right = Object.entries(space).flatMap(([name, axis]) => {
    const found = shapeOf(name)?.safeParse(axis);
    return found?.success ? [[name, found.data as Axis] as const] : [];
  });
  return new Map(right);
}

/** The same space as data alone: what float() and its like give has a method, too. What is undefined is not said. */
export function plainSpace(space: unknown): unknown {
  if (!isRecord(space)) return space;
  const said = Object.entries(space).filter(([, axis]) => axis !== undefined);
  return Object.fromEntries(said.map(([name, axis]) => [name, isRecord(axis) ? { ...axis } : axis]));
}

/** @param names of all parameters, the faulty ones too */
export function spaceFaults(axes: Axes, names: readonly string[]): string[] {
  const own = [...axes].flatMap(([name, axis]) => [
    ...rangeFaults(axis).map((fault) => `${pathOf(name)}${fault}`),
    ...conditionFaults(name, axis, axes, names),
  ]);
  return [...names.flatMap(nameFaults), ...own];
}

/** `space.alpha`, and anything can be a name in YAML. */
const pathOf = (name: string): string => `space.${/^[\w$-]+$/.test(name) ? name : shown(name)}`;

function nameFaults(name: string): string[] {
  // Setting it would change what params is, not what is in it.
  if (name === '__proto__') return [`${pathOf(name)} must have another name.`];
  if (/^[^\p{Cc}]{1,100}$/u.test(name)) return [];
  return [`${pathOf(name)} must have a name of 1 to 100 characters without control characters.`];
}

function rangeFaults(axis: Axis): string[] {
  const parameter = parameterOf(axis);
  if (parameter.kind === 'choice') return [];
  const { kind, min, max, scale, step } = parameter;
  const pair = shown([min, max]);
  if (min === max) return [`.${kind} must be a range, but got ${pair}; one value is the list [${min}].`];
  if (min > max) return [`.${kind} must begin with the smaller number, but got ${pair}.`];
  if (!Number.isFinite(max - min)) return [`.${kind} must be shorter than 1.8e308, but got ${pair}.`];
  if (scale === 'log' && (kind === 'int' ? min < 1 : min <= 0))
    return [`.${kind} must be above 0 where the scale is log, but got ${pair}.`];
  if (step === undefined || ('step' in axis ? axis.step : undefined) === undefined) return [];
  // On a log scale a value stands for all between it and half a step below, where a logarithm must be.
  if (scale === 'log' && step >= 2 * min)
    return [
      `.step must be less than twice the smallest number where the scale is log, but got ${step} for ${pair}.`,
    ];
  return step <= max - min
    ? []
    : [`.step must be at most ${max - min}, the length of the range, but got ${step}.`];
}

function conditionFaults(name: string, axis: Axis, axes: Axes, names: readonly string[]): string[] {
  const when = whenOf(axis);
  if (when === undefined) return [];
  const path = `${pathOf(name)}.when`;
  const [parent, ...others] = Object.keys(when);
  if (parent === undefined || others.length > 0)
    return [`${path} must name one other parameter, but names ${Object.keys(when).length}.`];
  if (parent === name) return [`${path} must name another parameter, but names ${shown(name)} itself.`];
  if (!names.includes(parent)) {
    const meant = nearest(parent, names);
    const others = names.filter((other) => other !== name);
    return [
      `${path}.${parent} is no parameter of this space${meant === undefined ? `; its others are ${others.join(', ')}.` : `; did you mean "${meant}"?`}`,
    ];
  }
  if (isCircular(name, axes)) return [`${path} goes in a circle: ${shown(name)} would wait for itself.`];
  const of = axes.get(parent);
  return of === undefined ? [] : valueFaults(`${path}.${parent}`, when[parent] as Value, parameterOf(of));
}

function isCircular(name: string, axes: Axes): boolean {
  const passed = new Set<string>();
  for (let at: string | undefined = name; at !== undefined && !passed.has(at); ) {
    passed.add(at);
    const axis: Axis | undefined = axes.get(at);
    at = axis && parentOf(axis);
    if (at === name) return true;
  }
  return false;
}

function valueFaults(path: string, given: Value, parent: Parameter): string[] {
  if (valueCount(parent) === Number.POSITIVE_INFINITY)
    return [`${path} is a range without steps, which no condition can follow: give it a list or a step.`];
  if (holds(parent, given)) return [];
  const values = Array.isArray(given) ? (given as readonly Value[]) : [given];
  if (values.length === 0) return [`${path} must be ${valuesText(parent)}, but got [].`];
  return values
    .filter((value) => !holds(parent, value))
    .map(
      (value) => `${path} must be ${valuesText(parent)}, but got ${shown(value)}${listHint(value, parent)}.`,
    );
}

/** In TypeScript `when('layers', [2, 3])` asks for the list as a whole, as a choice among lists needs it. */
function listHint(given: Value, parent: Parameter): string {
  const isOfValues = Array.isArray(given) && given.every((value) => holds(parent, value as Value));
  return isOfValues
    ? `: several are written one after the other, when(..., ${given.map(shown).join(', ')})`
    : '';
}
