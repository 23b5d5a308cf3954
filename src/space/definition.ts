/**
 * A space as people write it in a definition, and what that stands for.
 * Not here: whether what they write is right, which the schema says (experiment/space-shape.ts).
 */
import type { Value } from '../trial.ts';
import { holds, type Parameter } from './parameter.ts';
import type { NamedParameter, Space } from './space.ts';

/** `{ solver: 'qr' }` or `{ solver: ['qr', 'lu'] }`: one other parameter, and the values of it that are meant. */
export type When = Readonly<Record<string, Value>>;

/** A bare list is a choice. */
export type Axis =
  | readonly Value[]
  | { readonly choice: readonly Value[]; readonly when?: When | undefined }
  | (Range & { readonly float: readonly [number, number] })
  | (Range & { readonly int: readonly [number, number] });

interface Range {
  readonly scale?: 'linear' | 'log' | undefined;
  readonly step?: number | undefined;
  readonly when?: When | undefined;
}

/** The axes of a checked definition's space, by the names of their parameters. */
export type SpaceDefinition = Readonly<Record<string, Axis>>;

/** As a program writes one: what float() and its like give (builders.ts) has a method in place of a condition. */
export type WrittenAxis = Axis | (Unconditioned & { when(parameter: string, ...values: Value[]): object });
type Unconditioned =
  | { readonly choice: readonly Value[] }
  | { readonly float: Pair }
  | { readonly int: Pair };
type Pair = readonly [number, number];

/** The axes of a space as a program writes them, by the names of their parameters. */
export type WrittenSpace = Readonly<Record<string, WrittenAxis>>;

/** The space of a definition that has been checked: in the order written, but each conditional parameter behind its own. */
export function spaceOf(definition: SpaceDefinition): Space {
  const axes = Object.entries(definition);
  const behind = (parent: string | undefined, of: Parameter | undefined): NamedParameter[] =>
    axes
      .filter(([, axis]) => parentOf(axis) === parent)
      .flatMap(([name, axis]) => {
        const parameter = parameterOf(axis);
        const named = parent === undefined ? {} : { when: { parameter: parent, in: wantedOf(axis, of) } };
        return [{ name, parameter, ...named }, ...behind(name, parameter)];
      });
  return behind(undefined, undefined);
}

export const whenOf = (axis: Axis): When | undefined => ('when' in axis ? axis.when : undefined);

/** The parameter that an axis depends on. */
export const parentOf = (axis: Axis): string | undefined => Object.keys(whenOf(axis) ?? {})[0];

export function parameterOf(axis: Axis): Parameter {
  if ('choice' in axis) return { kind: 'choice', values: axis.choice };
  if ('float' in axis) {
    const { float, scale = 'linear', step } = axis;
    const range = { kind: 'float', min: float[0], max: float[1], scale } as const;
    return step === undefined ? range : { ...range, step };
  }
  if ('int' in axis) {
    const { int, scale = 'linear', step = 1 } = axis;
    return { kind: 'int', min: int[0], max: int[1], scale, step };
  }
  return { kind: 'choice', values: axis };
}

/** The values of its parent where an axis applies. A list is some of them, unless it is a value itself, as [64, 32] can be. */
function wantedOf(axis: Axis, parent: Parameter | undefined): readonly Value[] {
  const [value] = Object.values(whenOf(axis) ?? {});
  if (value === undefined) return [];
  const isList = Array.isArray(value) && !(parent !== undefined && holds(parent, value));
  return isList ? value : [value];
}
