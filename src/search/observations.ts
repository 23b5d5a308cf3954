/**
 * The coordinates of a history's trials, in columns and in order along each parameter, kept up as it grows: with thousands of trials
 * sorting and reading them anew for each proposal would take most of its time. Nothing here decides anything.
 */
import { firstIndex } from '../exact/first-index.ts';
import { paramsKey } from '../space/params-key.ts';
import type { Params } from '../trial.ts';
import type { Coordinate } from './coordinate.ts';
import type { ParzenObservations } from './parzen.ts';
import type { SeenTrial } from './searcher.ts';

export interface Observed extends ParzenObservations {
  /** Which of the given trials these are: those that have all parameters of the group. */
  readonly kept: Uint32Array;
}

export interface Observations {
  /** Takes up what is new in a history, or begins again where it is another one. */
  follow(trials: readonly SeenTrial[]): void;
  /** Those of the trials at `places`, ascending, that have all parameters of a group. */
  of(places: readonly number[], group: readonly number[]): Observed;
  /** Whether a trial has these parameters. */
  has(params: Params): boolean;
}

export function observationsOf(coordinates: readonly Coordinate[]): Observations {
  const known: Params[] = [];
  /** By parameter: the coordinate of each trial, NaN where it has none, with room for more. */
  let stored: readonly Float64Array[] = coordinates.map(() => new Float64Array(64));
  /** By parameter: the places of the trials that have it, by their coordinate. */
  const sorted: number[][] = coordinates.map(() => []);
  const keys = new Set<string>();
  let isKeyed = false;

  function forget(): void {
    for (const list of [known, ...sorted]) list.length = 0;
    keys.clear();
    isKeyed = false;
  }

  function add(params: Params): void {
    const place = known.push(params) - 1;
    if (place === stored[0]?.length) stored = stored.map(twiceAsLong);
    for (const [d, { name, of }] of coordinates.entries()) {
      const column = stored[d] as Float64Array;
      const coordinate = of(params[name]);
      column[place] = coordinate;
      const order = sorted[d] as number[];
      if (!Number.isNaN(coordinate)) order.splice(placeAfter(order, column, coordinate), 0, place);
    }
    if (isKeyed) keys.add(paramsKey(params));
  }

  /** Behind all that are not greater. */
  const placeAfter = (order: readonly number[], column: Float64Array, coordinate: number): number =>
    firstIndex(order.length, (index) => (column[order[index] as number] as number) > coordinate);

  return {
    follow(trials) {
      if (trials.length < known.length || known.some((params, place) => trials[place]?.params !== params))
        forget();
      for (let place = known.length; place < trials.length; place++) add((trials[place] as SeenTrial).params);
    },
    of(places, group) {
      const of = group.map((d) => stored[d] as Float64Array);
      const found = new Uint32Array(places.length);
      /** By place: one more than where it stands in the columns. */
      const standsAt = new Uint32Array(known.length);
      let count = 0;
      for (let index = 0; index < places.length; index++) {
        const place = places[index] as number;
        let isWhole = true;
        for (let at = 0; at < of.length; at++) isWhole &&= !Number.isNaN((of[at] as Float64Array)[place]);
        if (!isWhole) continue;
        found[count++] = index;
        standsAt[place] = count;
      }
      const kept = found.subarray(0, count);
      const columns = of.map((all) => {
        const column = new Float64Array(count);
        for (let at = 0; at < count; at++) column[at] = all[places[kept[at] as number] as number] as number;
        return column;
      });
      const orders = group.map((d) => orderOf(sorted[d] as number[], standsAt, count));
      return { columns, orders, kept };
    },
    has(params) {
      if (!isKeyed) for (const one of known) keys.add(paramsKey(one));
      isKeyed = true;
      return keys.has(paramsKey(params));
    },
  };
}

function twiceAsLong(column: Float64Array): Float64Array {
  const longer = new Float64Array(2 * column.length);
  longer.set(column);
  return longer;
}

/** Those of the sorted places that stand in the columns, by where they stand there. */
function orderOf(sorted: readonly number[], standsAt: Uint32Array, count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let index = 0, next = 0; index < sorted.length; index++) {
    const at = standsAt[sorted[index] as number] as number;
    if (at > 0) order[next++] = at - 1;
  }
  return order;
}
