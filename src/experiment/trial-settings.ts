/**
 * The settings of the network that a space may name: every one of `model` and `training` whose values are a parameter's.
 * A trial's own stand over the definition's. Not here: what each of them is (network-settings.ts).
 */
import * as z from 'zod';
import {
  type Axis,
  parameterOf,
  parentOf,
  type SpaceDefinition,
  spaceOf,
  whenOf,
} from '../space/definition.ts';
import { enumerationOf } from '../space/enumeration.ts';
import type { Params } from '../trial.ts';
import { model, training } from './network-settings.ts';
import type { NetworkExperiment } from './schema.ts';
import { later } from './shapes.ts';
import { axisOfValues } from './space-shape.ts';

type Group = 'model' | 'training';

interface Setting {
  readonly group: Group;
  /** What a value of it must be. */
  readonly value: z.ZodType;
}

/** Of a setting's shape, what a parameter's value can be; undefined where none can. */
function valueShape(shape: z.core.$ZodType): z.ZodType | undefined {
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) return valueShape(shape.unwrap());
  if (shape instanceof z.ZodObject || shape instanceof z.ZodRecord) return undefined;
  if (!(shape instanceof z.ZodUnion)) return shape as z.ZodType;
  const plain = shape.options.map(valueShape).filter((option) => option !== undefined);
  if (plain.length === shape.options.length) return shape;
  return plain.length === 1 ? plain[0] : undefined;
}

const settings: ReadonlyMap<string, Setting> = new Map(
  (
    [
      ['model', model],
      ['training', training],
    ] as const
  ).flatMap(([group, { shape }]) =>
    Object.entries(shape).flatMap(([name, field]) => {
      const value = valueShape(field);
      return value === undefined ? [] : [[name, { group, value }] as const];
    }),
  ),
);

/** The shapes of their parameters, by name. */
export const settingAxes: Readonly<Record<string, () => z.ZodType>> = Object.fromEntries(
  [...settings].map(([name, { group, value }]) => [
    name,
    later(() =>
      axisOfValues(value, `values of ${group}.${name}`)
        .optional()
        .describe(`In place of ${group}.${name}, which trials without this parameter keep.`),
    ),
  ]),
);

/** Whether a parameter is a setting of the network. */
const isSetting = (name: string): boolean => settings.has(name);

/** Whether every trial of a space names a setting, so that none keeps the definition's. */
export function isAlwaysNamed(name: string, space: Readonly<Record<string, unknown>>): boolean {
  const axis = space[name];
  return axis !== undefined && whenOf(axis as Axis) === undefined;
}

/** The settings that parameters name, as they stand in a definition. */
export function settingsIn(params: Params): Readonly<Record<Group, Params>> {
  const own = Object.entries(params);
  const of = (group: Group) =>
    Object.fromEntries(own.filter(([name]) => settings.get(name)?.group === group));
  return { model: of('model'), training: of('training') };
}

/** The definition of one trial: with the settings that its parameters name. */
export function ofTrial(experiment: NetworkExperiment, params: Params): NetworkExperiment {
  if (!Object.keys(params).some(isSetting)) return experiment;
  const { model, training } = settingsIn(params);
  return {
    ...experiment,
    model: { ...experiment.model, ...model },
    training: { ...experiment.training, ...training },
  };
}

/** Those of a trial's parameters that are not settings of the network. */
export const besideSettings = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !isSetting(name)));

/** How many are looked at; of a longer list, evenly spaced ones. */
const most = 4_096;

/**
 * Points of a space's settings that show what its trials can be: with every value of a list of words or lists, and the ends of
 * numbers. One without any where the space names no setting.
 */
export function settingPoints(space: SpaceDefinition): Params[] {
  const parents = new Set(Object.values(space).map(parentOf));
  const own = Object.entries(space).filter(([name]) => isSetting(name) || parents.has(name));
  const axes = own.map(([name, axis]) => [name, parents.has(name) ? axis : ends(axis)] as const);
  const points = enumerationOf(spaceOf(Object.fromEntries(axes)));
  const step = Math.max(1, Math.ceil(points.count / most));
  return Array.from({ length: Math.ceil(points.count / step) }, (_, index) => points.at(index * step));
}

/** The same parameter with its smallest and its largest number alone. */
function ends(axis: Axis): Axis {
  const when = 'when' in axis && axis.when !== undefined ? { when: axis.when } : {};
  if ('float' in axis) return { choice: [...axis.float], ...when };
  if ('int' in axis) return { choice: [...axis.int], ...when };
  const values = 'choice' in axis ? axis.choice : axis;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return axis;
  const [low, high] = [
    numbers.reduce((least, value) => Math.min(least, value)),
    numbers.reduce((largest, value) => Math.max(largest, value)),
  ];
  return { choice: low === high ? [low] : [low, high], ...when };
}

/** The longest trial of the search, in epochs. */
export function largestEpochs({ space, training }: Pick<NetworkExperiment, 'space' | 'training'>): number {
  const axis = space['epochs'];
  if (axis === undefined) return training.epochs;
  const parameter = parameterOf(ends(axis));
  const largest = parameter.kind === 'choice' ? parameter.values.map(Number) : [parameter.max];
  return Math.max(...largest, whenOf(axis) === undefined ? 0 : training.epochs);
}

/** The hidden layers of every network of the search. */
export function networksOf({ space, model }: NetworkExperiment): readonly (readonly number[])[] {
  const axis = space['hidden'];
  const parameter = axis && parameterOf(axis);
  if (axis === undefined || parameter?.kind !== 'choice') return [model.hidden];
  const own = parameter.values as readonly (readonly number[])[];
  return whenOf(axis) === undefined ? own : [...own, model.hidden];
}
