import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { coordinateOf } from '../../src/search/coordinate.ts';
import { observationWeights, type ParzenOptions, parzen } from '../../src/search/parzen.ts';

import type { Value } from '../../src/trial.ts';
import { type FixtureParameter, fixture, observed, spaceOfFixture } from './fixtures.ts';

interface Case {
  readonly name: string;
  readonly space: readonly FixtureParameter[];
  readonly options: {
    prior_weight: number;
    consider_magic_clip: boolean;
    consider_endpoints: boolean;
  };
  readonly observations: Readonly<Record<string, readonly Value[]>>;
  readonly points: Readonly<Record<string, readonly Value[]>>;
  readonly expect: { readonly kernel_weights: readonly number[]; readonly log_pdf: readonly number[] };
}

const optionsOf = ({ options }: Case): ParzenOptions => ({
  priorWeight: options.prior_weight,
  considerMagicClip: options.consider_magic_clip,
  considerEndpoints: options.consider_endpoints,
});

const far = (a: number, b: number) => Math.abs(a - b) > 1e-9 * Math.abs(b);

for (const one of fixture('parzen').cases as Case[]) {
  t.test(`the densities of ${one.name} are Optuna's`, async (t) => {
    const coordinates = spaceOfFixture(one.space).map(coordinateOf);
    const columns = (values: Case['points']) =>
      coordinates.map(({ name, of }) => Float64Array.from(values[name] ?? [], of));
    const estimator = parzen(
      coordinates.map(({ dimension }) => dimension),
      observed(columns(one.observations)),
      optionsOf(one),
    );
    t.equal(estimator.weights.length, one.expect.kernel_weights.length);
    t.notOk(
      one.expect.kernel_weights.some((weight, k) => far(estimator.weights[k] as number, weight)),
      'weights',
    );
    const found = estimator.logPdf(columns(one.points));
    t.equal(found.length, one.expect.log_pdf.length);
    const off = one.expect.log_pdf.findIndex((wanted, index) => far(found[index] as number, wanted));
    t.equal(off, -1, `${found[off]} is not ${one.expect.log_pdf[off]}`);
  });
}

t.test('the weights of observations are those of Optuna', async (t) => {
  const expected: Record<string, number[]> = fixture('tpe-step').weights;
  for (const [n, weights] of Object.entries(expected)) {
    const found = observationWeights(Number(n));
    t.equal(found.length, weights.length);
    t.notOk(
      weights.some((weight, index) => far(found[index] as number, weight)),
      n,
    );
  }
});

t.test('what is drawn is distributed as the density says', async (t) => {
  const space = spaceOfFixture([
    { name: 'x', type: 'float', low: -1, high: 2 },
    { name: 'k', type: 'int', low: 1, high: 6, step: 1 },
    { name: 'c', type: 'categorical', low: null, high: null, choices: ['a', 'b', 'd'] },
  ]);
  const coordinates = space.map(coordinateOf);
  const given = [Float64Array.of(-1, 0.1, 1.9), Float64Array.of(1, 1, 5), Float64Array.of(0, 2, 2)];
  const options = { priorWeight: 1, considerMagicClip: true, considerEndpoints: false };
  const draws = 20_000;
  const one = (index: number) => {
    const { dimension } = coordinates[index] as (typeof coordinates)[number];
    const estimator = parzen([dimension], observed([given[index] as Float64Array]), options);
    return {
      estimator,
      drawn: estimator.sample(randomStream(1, 'search', 1, index), draws)[0] as Float64Array,
    };
  };
  // The integral of the density over bins, by the midpoint rule, beside the share of draws there.
  const bins = 30;
  const x = one(0);
  const counts = new Float64Array(bins);
  for (const value of x.drawn) {
    const bin = Math.floor((value + 1) * (bins / 3));
    counts[Math.min(bins - 1, bin)] = (counts[Math.min(bins - 1, bin)] as number) + 1;
  }
  let chi = 0;
  for (let bin = 0; bin < bins; bin++) {
    const places = Float64Array.from({ length: 50 }, (_, i) => -1 + (bin + (i + 0.5) / 50) * (3 / bins));
    const density = x.estimator.logPdf([places]).reduce((sum, log) => sum + Math.exp(log), 0) / 50;
    const expected = draws * density * (3 / bins);
    chi += ((counts[bin] as number) - expected) ** 2 / expected;
  }
  // 29 degrees of freedom: above 58.3 with probability 0.001.
  t.ok(chi < 58.3, `chi-square ${chi}`);
  for (const [index, values] of [
    [1, [1, 2, 3, 4, 5, 6]],
    [2, [0, 1, 2]],
  ] as const) {
    const { estimator, drawn } = one(index);
    const expected = estimator.logPdf([Float64Array.from(values)]).map((log) => draws * Math.exp(log));
    t.ok(Math.abs(expected.reduce((a, b) => a + b) - draws) < 1e-6, 'probabilities add up to 1');
    const off = values.reduce((sum: number, value, i) => {
      const count = drawn.reduce((n, other) => n + (other === value ? 1 : 0), 0);
      return sum + (count - (expected[i] as number)) ** 2 / (expected[i] as number);
    }, 0);
    // 5 degrees of freedom: above 20.5 with probability 0.001.
    t.ok(off < 20.5, `chi-square ${off}`);
  }
});
