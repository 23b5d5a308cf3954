/** Whether parameters are a point of a space, and if not, what is wrong with them. */
import { shown } from '../errors.ts';
import type { Params, Value } from '../trial.ts';
import { holds, valuesText } from './parameter.ts';
import { applies, type Space } from './space.ts';

/** A sentence for the first thing that is wrong; undefined for a point of the space. */
export function contains(space: Space, params: Readonly<Record<string, unknown>>): string | undefined {
  const known = space.map(({ name }) => name);
  const unknown = Object.keys(params).find((name) => !known.includes(name));
  if (unknown !== undefined)
    return `${shown(unknown)} is no parameter of this space, whose parameters are ${known.join(', ')}.`;
  for (const named of space) {
    const { name, parameter, when } = named;
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (!applies(named, params as Params)) {
      if (value === undefined) continue;
      const others = when?.in.map(shown).join(' or ');
      return `${name} must be absent, for it applies only where ${when?.parameter} is ${others}, but got ${shown(value)}.`;
    }
    if (value === undefined) return `${name} must be ${valuesText(parameter)}, but it is missing.`;
    if (!isValue(value) || !holds(parameter, value))
      return `${name} must be ${valuesText(parameter)}, but got ${shown(value)}.`;
  }
  return undefined;
}

/** Whether something is a parameter's value at all: finite numbers, texts, booleans, and lists of them. */
export function isValue(value: unknown): value is Value {
  if (Array.isArray(value)) return value.every(isValue);
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' || typeof value === 'boolean';
}
