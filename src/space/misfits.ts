/** What keeps parameters from being a point of a space. */
import { shown } from '../errors.ts';
import type { Params } from '../trial.ts';
import { isValue } from './is-value.ts';
import { holds, valuesText } from './parameter.ts';
import { applies, type Space } from './space.ts';

/** A sentence for each thing that is wrong; none for a point of the space. */
export function misfits(space: Space, params: Readonly<Record<string, unknown>>): string[] {
  const known = space.map(({ name }) => name);
  const faults = Object.keys(params)
    .filter((name) => !known.includes(name))
    .map((name) => `${shown(name)} is no parameter of this space, whose parameters are ${known.join(', ')}.`);
  /** What hangs on one of these is not judged: nobody can say whether it applies. */
  const wrong = new Set<string>();
  for (const named of space) {
    const hangsOnWrong = named.when !== undefined && wrong.has(named.when.parameter);
    const fault = hangsOnWrong ? undefined : misfit(named, params);
    if (fault !== undefined) faults.push(fault);
    if (fault !== undefined || hangsOnWrong) wrong.add(named.name);
  }
  return faults;
}

/** What is wrong with one parameter. */
function misfit(named: Space[number], params: Readonly<Record<string, unknown>>): string | undefined {
  const { name, parameter, when } = named;
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (!applies(named, params as Params)) {
    if (value === undefined) return undefined;
    const others = when?.in.map(shown).join(' or ');
    return `${name} must be absent, for it applies only where ${when?.parameter} is ${others}, but got ${shown(value)}.`;
  }
  if (value === undefined) return `${name} must be ${valuesText(parameter)}, but it is missing.`;
  return isValue(value) && holds(parameter, value)
    ? undefined
    : `${name} must be ${valuesText(parameter)}, but got ${shown(value)}.`;
}
