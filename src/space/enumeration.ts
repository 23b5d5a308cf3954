/**
 * The points of a finite space in order, each found by its number, without those before it.
 * A parameter that does not apply is absent, so points that would differ only there are one.
 * Not here: which of them to try.
 */
import type { Params, Value } from '../trial.ts';
import { indexOfValue, type Parameter, valueAt, valueCount } from './parameter.ts';
import type { NamedParameter, Space } from './space.ts';

export interface Enumeration {
  /** Infinity where a parameter has infinitely many values. */
  readonly count: number;
  /** Point number `index`, counted from 0; its keys stand in the order of the space. */
  at(index: number): Params;
  /** The number of a point; -1 for one that is not of the space. */
  indexOf(params: Params): number;
}

/** A parameter and those that depend on it: since each depends on one at most, a space is some such trees. */
interface Tree {
  readonly name: string;
  readonly parameter: Parameter;
  readonly indexOf: (value: Value | undefined) => number;
  /** Its values that others depend on, in order. Any other value is one point of the tree. */
  readonly branches: readonly Branch[];
  readonly count: number;
}

interface Branch {
  /** The value's place among the parameter's values. */
  readonly place: number;
  /** How many points of the tree stand before those with this value. */
  readonly first: number;
  readonly count: number;
  readonly dependants: readonly Tree[];
}

export function enumerationOf(space: Space): Enumeration {
  const trees = space.filter(({ when }) => when === undefined).map((root) => treeOf(root, space));
  const names = space.map(({ name }) => name);
  return {
    count: countOf(trees),
    at(index) {
      const values = new Map<string, Value>();
      pick(trees, index, values);
      const params: Record<string, Value> = {};
      for (const name of names) {
        const value = values.get(name);
        if (value !== undefined) params[name] = value;
      }
      return params;
    },
    indexOf(params) {
      const found = find(trees, params);
      return found !== undefined && found.names === Object.keys(params).length ? found.index : -1;
    },
  };
}

const countOf = (trees: readonly Tree[]): number => trees.reduce((product, { count }) => product * count, 1);

function treeOf({ name, parameter }: NamedParameter, space: Space): Tree {
  const indexOf = indexOfValue(parameter);
  const dependants = space
    .filter(({ when }) => when?.parameter === name)
    .map((child) => ({ tree: treeOf(child, space), places: new Set(child.when?.in.map(indexOf)) }));
  const places = [...new Set(dependants.flatMap((child) => [...child.places]))]
    .filter((place) => place >= 0)
    .sort((a, b) => a - b);
  const branches: Branch[] = [];
  /** Points of the branches so far, less one for each: what they have more than other values. */
  let surplus = 0;
  for (const place of places) {
    const own = dependants.filter((child) => child.places.has(place)).map(({ tree }) => tree);
    const count = countOf(own);
    branches.push({ place, first: place + surplus, count, dependants: own });
    surplus += count - 1;
  }
  return { name, parameter, indexOf, branches, count: valueCount(parameter) + surplus };
}

/** Puts the values of point number `index` of these trees together; the first tree changes slowest. */
function pick(trees: readonly Tree[], index: number, values: Map<string, Value>): void {
  let rest = index;
  for (const tree of trees.toReversed()) {
    pickOne(tree, rest % tree.count, values);
    rest = Math.floor(rest / tree.count);
  }
}

function pickOne({ name, parameter, branches }: Tree, index: number, values: Map<string, Value>): void {
  const branch = branches.findLast(({ first }) => first <= index);
  const within = branch === undefined ? 0 : Math.min(index - branch.first, branch.count - 1);
  const place = branch === undefined ? index : branch.place + (index - branch.first - within);
  values.set(name, valueAt(parameter, place));
  if (branch !== undefined && place === branch.place) pick(branch.dependants, within, values);
}

interface Found {
  readonly index: number;
  /** How many parameters the point has. */
  readonly names: number;
}

function find(trees: readonly Tree[], params: Params): Found | undefined {
  let index = 0;
  let names = 0;
  for (const tree of trees) {
    const found = findOne(tree, params);
    if (found === undefined) return undefined;
    index = index * tree.count + found.index;
    names += found.names;
  }
  return { index, names };
}

function findOne({ name, indexOf, branches }: Tree, params: Params): Found | undefined {
  const place = indexOf(params[name]);
  if (place < 0) return undefined;
  const branch = branches.findLast((branch) => branch.place <= place);
  if (branch === undefined) return { index: place, names: 1 };
  if (branch.place < place)
    return { index: branch.first + branch.count - 1 + place - branch.place, names: 1 };
  const found = find(branch.dependants, params);
  return found && { index: branch.first + found.index, names: 1 + found.names };
}
