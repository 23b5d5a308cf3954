/**
 * The coordinates of a history's trials, in columns and in order along each parameter, kept up as it grows: with thousands of trials
 * sorting and reading them anew for each proposal would take most of its time. Nothing here decides anything.
 */
import { paramsKey } from '../space/params-key.ts';
import type { Params } from '../trial.ts';
import type { Coordinate } from './coordinate.ts';
import type { Columns } from './parzen.ts';
import type { SeenTrial } from './searcher.ts';

export interface Observed {
  readonly columns: Columns;
  /** Of each column, its places in ascending order; of equal ones the oldest stands first. */
  readonly orders: readonly Uint32Array[];
  /** Which of the given trials these are: those that have all parameters of the group. */
  readonly kept: readonly number[];
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
  const rows: Float64Array[] = [];
  /** By parameter: the places of the trials that have it, by their coordinate. */
  const sorted: number[][] = coordinates.map(() => []);
  const keys = new Set<string>();
  let isKeyed = false;

  function forget(): void {
    for (const list of [known, rows, ...sorted]) list.length = 0;
    keys.clear();
    isKeyed = false;
  }

  function add(params: Params): void {
    const place = known.push(params) - 1;
    const row = Float64Array.from(coordinates, ({ name, of }) => of(params[name]));
    rows.push(row);
    for (const [d, order] of sorted.entries())
      if (!Number.isNaN(row[d])) order.splice(placeAfter(order, d, row[d] as number), 0, place);
    if (isKeyed) keys.add(paramsKey(params));
  }

  /** Behind all that are not greater. */
  function placeAfter(order: readonly number[], d: number, coordinate: number): number {
    let from = 0;
    let to = order.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (((rows[order[middle] as number] as Float64Array)[d] as number) <= coordinate) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  return {
    follow(trials) {
      if (trials.length < known.length || known.some((params, place) => trials[place]?.params !== params))
        forget();
      for (let place = known.length; place < trials.length; place++) add((trials[place] as SeenTrial).params);
    },
    of(places, group) {
      const columns = group.map(() => new Float64Array(places.length));
      const kept: number[] = [];
      /** By place: one more than where it stands in the columns. */
      const standsAt = new Uint32Array(known.length);
      for (const [index, place] of places.entries()) {
        const row = rows[place] as Float64Array;
        let isWhole = true;
        for (let d = 0; d < group.length; d++) {
          const coordinate = row[group[d] as number] as number;
          (columns[d] as Float64Array)[kept.length] = coordinate;
          isWhole &&= !Number.isNaN(coordinate);
        }
        if (isWhole) standsAt[place] = kept.push(index);
      }
      const orders = group.map((d) => {
        const order = new Uint32Array(kept.length);
        let count = 0;
        for (const place of sorted[d] as number[]) {
          const at = standsAt[place] as number;
          if (at > 0) order[count++] = at - 1;
        }
        return order;
      });
      return { columns: columns.map((column) => column.subarray(0, kept.length)), orders, kept };
    },
    has(params) {
      if (!isKeyed) for (const one of known) keys.add(paramsKey(one));
      isKeyed = true;
      return keys.has(paramsKey(params));
    },
  };
}
