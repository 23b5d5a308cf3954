/**
 * The parameters a search varies and the values each may take.
 * Not here: which of them to try next, which is a searcher's decision.
 */
import type { Params } from './trial.ts';

/** The values of each axis, in the order to try them, none twice. */
export type Space = { readonly [Name in keyof Params]: readonly Params[Name][] };

/** The axes in the order they are enumerated: the first changes slowest. */
export const axes = ['learningRate', 'batchSize'] as const satisfies readonly (keyof Params)[];

/** How many combinations a space holds. */
export const combinationCount = (space: Space): number =>
  axes.reduce((product, name) => product * space[name].length, 1);

/** Combination number `index`, counted from 0, without building the ones before it. */
export function combinationAt(space: Space, index: number): Params {
  const params: { -readonly [Name in keyof Params]?: number } = {};
  let rest = index;
  for (const name of axes.toReversed()) {
    const values = space[name];
    params[name] = values[rest % values.length] as number;
    rest = Math.floor(rest / values.length);
  }
  // Written out so that keys always stand in the order of the axes, whatever the loop above does.
  return { learningRate: params.learningRate as number, batchSize: params.batchSize as number };
}

/** The number of a combination, without a walk through those before it; -1 for one that is not of the space. */
export function indexOfCombination(space: Space): (params: Params) => number {
  const places = axes.map((name) => ({
    name,
    size: space[name].length,
    // By a map: an axis can have a million values.
    at: new Map(space[name].map((value, index) => [value, index])),
  }));
  return (params) => {
    let index = 0;
    for (const { name, size, at } of places) {
      const place = at.get(params[name]);
      if (place === undefined) return -1;
      index = index * size + place;
    }
    return index;
  };
}
