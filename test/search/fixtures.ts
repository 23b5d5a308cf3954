/** The outside truth for search methods: its files, and its spaces in our words. */
import { readFileSync } from 'node:fs';
import type { Columns } from '../../src/search/mixture.ts';
import type { ParzenObservations } from '../../src/search/parzen.ts';
import type { SeenTrial } from '../../src/search/searcher.ts';
import type { NamedParameter, Space } from '../../src/space/space.ts';
import type { Params } from '../../src/trial.ts';

export const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/search/${name}.json`, import.meta.url), 'utf8'));

/** A parameter as the files have it. */
export interface FixtureParameter {
  readonly name: string;
  readonly type: 'float' | 'int' | 'categorical';
  readonly low: number | null;
  readonly high: number | null;
  readonly log?: boolean;
  readonly step?: number | null;
  readonly choices?: readonly string[] | null;
  readonly condition?: { readonly param: string; readonly equals: string } | null;
}

export const spaceOfFixture = (parameters: readonly FixtureParameter[]): Space => parameters.map(named);

function named({ condition, ...rest }: FixtureParameter): NamedParameter {
  const { name } = rest;
  const parameter = parameterOf(rest);
  if (condition == null) return { name, parameter };
  return { name, parameter, when: { parameter: condition.param, in: [condition.equals] } };
}

function parameterOf(given: FixtureParameter): NamedParameter['parameter'] {
  const { type, low, high, step, choices, log } = given;
  if (type === 'categorical') return { kind: 'choice', values: choices ?? [] };
  const range = { min: low as number, max: high as number, scale: log ? 'log' : 'linear' } as const;
  if (type === 'int') return { kind: 'int', ...range, step: step ?? 1 };
  return step == null ? { kind: 'float', ...range } : { kind: 'float', ...range, step };
}

/** A trial as the files have it; a pruned one has what it reported. */
export interface FixtureTrial {
  readonly state: 'COMPLETE' | 'PRUNED' | 'RUNNING';
  readonly params: Params;
  readonly value: number | null;
  readonly intermediate?: Readonly<Record<string, number | null>>;
}

/** A trial of theirs as a search of ours sees it. */
export function seenFixture({ state, params, value, intermediate = {} }: FixtureTrial): SeenTrial {
  const last = Math.max(0, ...Object.keys(intermediate).map(Number));
  const at = value ?? intermediate[last];
  const point = { params, replicate: 0 };
  if (state === 'RUNNING') return { ...point, state: 'running' };
  // What has no result, or none that is a number, has failed for us; for Optuna it is the worst of the pruned ones.
  if (at == null) return { ...point, state: 'failed' };
  return state === 'COMPLETE'
    ? { ...point, state: 'done', result: { step: 1, values: [at] } }
    : { ...point, state: 'stopped', result: { step: last, values: [at] } };
}

/** Columns of coordinates with the order of each, as an estimator takes them. */
export const observed = (columns: Columns): ParzenObservations => ({
  columns,
  orders: columns.map((column) =>
    Uint32Array.from([...column.keys()].sort((a, b) => (column[a] as number) - (column[b] as number))),
  ),
});
