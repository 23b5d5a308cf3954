/** Functions with known results of other searches, and studies of them. Formulas and tables: test/fixtures/search. */
import { randomStream } from '../../src/random.ts';
import type { Searcher, SeenTrial } from '../../src/search/searcher.ts';
import type { Space } from '../../src/space/space.ts';
import type { Params } from '../../src/trial.ts';
import { type FixtureParameter, fixture, spaceOfFixture } from './fixtures.ts';

interface Listed {
  readonly name: string;
  readonly space: readonly FixtureParameter[];
  readonly continuous: boolean;
  readonly check_points: readonly { readonly params: Params; readonly value: number | null }[];
  readonly random_best_of_n: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const listed: readonly Listed[] = fixture('functions').functions;

const number = (params: Params, name: string) => params[name] as number;
const numbers = (params: Params, prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => number(params, `${prefix}${index}`));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function sphere(params: Params): number {
  const at = [0.7, -1.3, 2.1, -0.4, 1.6];
  return sum(numbers(params, 'x', 5).map((x, i) => (x - (at[i] as number)) ** 2));
}

function rosenbrock(params: Params): number {
  const x = numbers(params, 'x', 4);
  return sum(
    x.slice(1).map((next, i) => 100 * (next - (x[i] as number) ** 2) ** 2 + (1 - (x[i] as number)) ** 2),
  );
}

function branin(params: Params): number {
  const [a, b] = numbers(params, 'x', 2) as [number, number];
  const bend = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
  return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
}

function rastrigin(params: Params): number {
  const at = [0.5, -1.1, 1.7, -0.3, 0.9];
  const y = numbers(params, 'x', 5).map((x, i) => x - (at[i] as number));
  return 50 + sum(y.map((y) => y * y - 10 * Math.cos(2 * Math.PI * y)));
}

function learningRateBowl(params: Params): number {
  const [rate, decay] = [number(params, 'lr'), number(params, 'wd')];
  if (rate > 0.5) return 10;
  if (rate < 1e-5) return Math.LN10;
  const [a, b] = [Math.log10(rate / 0.003), Math.log10(decay / 0.0001)];
  return Math.min(Math.LN10, 0.25 + 0.3 * a * a + 0.05 * b * b + 0.06 * a * b);
}

function mixed(params: Params): number {
  const activation = { relu: 0.03, tanh: 0.06, gelu: 0, sigmoid: 0.15 }[params['act'] as 'relu'];
  const layers = number(params, 'layers') - 3;
  const units = Math.log2(number(params, 'units') / 160);
  const rate = Math.log10(number(params, 'lr')) + 2.5 + (params['act'] === 'tanh' ? 0.25 : 0) + 0.1 * layers;
  const batch = (number(params, 'batch') - 64) / 64;
  const dropout = number(params, 'dropout') - 0.25;
  const shape = 0.12 + 0.01 * layers ** 2 + 0.02 * units ** 2 + activation;
  return shape + 0.8 * dropout ** 2 + 0.09 * rate ** 2 + 0.04 * batch ** 2;
}

function conditional(params: Params): number {
  const rate = Math.log10(number(params, 'lr'));
  if (params['optimizer'] === 'adam')
    return 0.18 + 0.25 * (rate + 3) ** 2 + 20 * (number(params, 'beta2') - 0.985) ** 2;
  const momentum = number(params, 'momentum') - 0.9;
  return 0.2 + 0.15 * (rate + 1.5 + 1.2 * momentum) ** 2 + 0.6 * momentum ** 2;
}

function failingRegion(params: Params): number {
  const [x, y, z] = ['x', 'y', 'z'].map((name) => number(params, name)) as [number, number, number];
  return x + y > 1.5 || z > 5 ? Number.NaN : (x - 1) ** 2 + (y - 0.45) ** 2 + 0.2 * Math.log(z) ** 2;
}

function vehicleTable(): (params: Params) => number {
  const { params: names, sizes, scale, values_b64_u16le: values } = fixture('hpobench-vehicle');
  const bytes = Buffer.from(values, 'base64');
  return (params) => {
    const index = names.reduce(
      (at: number, name: string, axis: number) => at * sizes[axis] + number(params, name),
      0,
    );
    return bytes.readUInt16LE(2 * index) * scale;
  };
}

const bodies: Readonly<Record<string, (params: Params) => number>> = {
  sphere5: sphere,
  rosenbrock4: rosenbrock,
  branin2: branin,
  rastrigin5: rastrigin,
  lrbowl2: learningRateBowl,
  mixed6: mixed,
  conditional4: conditional,
  nanregion3: failingRegion,
  tab_hpobench_vehicle: vehicleTable(),
};

/** To be minimised; NaN is a failed trial. */
export interface TestFunction {
  readonly name: string;
  readonly space: Space;
  readonly isContinuous: boolean;
  readonly value: (params: Params) => number;
}

export const functions: readonly TestFunction[] = listed.map(({ name, space, continuous }) => ({
  name,
  space: spaceOfFixture(space),
  isContinuous: continuous,
  value: bodies[name] as (params: Params) => number,
}));

/** One study: trial n sees those whose numbers are `lag` or more below. The best value after each of `after` trials. */
export function study(
  { value }: Pick<TestFunction, 'value'>,
  searcher: Searcher,
  { seed, lag = 1, after = [50, 100] }: { seed: number; lag?: number; after?: readonly number[] },
): number[] {
  const trials: SeenTrial[] = [];
  const ended: SeenTrial[] = [];
  const bests: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (let number = 1; number <= Math.max(...after); number++) {
    const seen = number - lag;
    if (seen >= 1) trials[seen - 1] = ended[seen - 1] as SeenTrial;
    const point = searcher.ask({ trials, has: () => false }, randomStream(seed, 'search', number, 0));
    if (point === undefined) throw new Error(`The search is over after ${number - 1} trials.`);
    const result = value(point.params);
    trials.push({ ...point, state: 'running' });
    ended.push(
      Number.isNaN(result)
        ? { ...point, state: 'failed' }
        : { ...point, state: 'done', result: { step: 1, values: [result] } },
    );
    if (result < best) best = result;
    if (after.includes(number)) bests.push(best);
  }
  return bests;
}

/** P(a value of `ours` is below one of `theirs`) + P(they are equal) / 2: above 0.5 where ours are better. */
export function a12(ours: readonly number[], theirs: readonly number[]): number {
  const wins = ours.map((a) => sum(theirs.map((b) => (a < b ? 1 : a === b ? 0.5 : 0))));
  return sum(wins) / (ours.length * theirs.length);
}
