import t from 'tap';
import { hypervolume } from '../../src/fronts/hypervolume.ts';
import { randomStream } from '../../src/random.ts';
import { coordinateOf } from '../../src/search/coordinate.ts';
import { split } from '../../src/search/good-trials.ts';
import { parzen } from '../../src/search/parzen.ts';
import { randomSearch } from '../../src/search/random.ts';
import type { Point, Searcher, SeenTrial } from '../../src/search/searcher.ts';
import type { Goals } from '../../src/search/standing.ts';
import { tpe, tpeDefaults } from '../../src/search/tpe.ts';
import type { Space } from '../../src/space/space.ts';
import type { Params, Value } from '../../src/trial.ts';
import { searcherContract } from '../contracts/searcher-contract.ts';
import {
  type FixtureParameter,
  type FixtureTrial,
  fixture,
  observed,
  seenFixture,
  spaceOfFixture,
} from './fixtures.ts';
import { everyKind, onePoint } from './spaces.ts';

interface Case {
  readonly name: string;
  readonly direction: 'minimize' | 'maximize';
  readonly space: readonly FixtureParameter[];
  readonly trials: readonly FixtureTrial[];
  readonly candidates: Readonly<Record<string, readonly Value[]>>;
  readonly expect: {
    readonly n_below: number;
    readonly below: readonly number[];
    readonly above: readonly number[];
    readonly log_l: readonly number[];
    readonly log_g: readonly number[];
    readonly acquisition: readonly number[];
    readonly best_index: number;
    readonly above_kernel_weights: readonly number[];
  };
}

const far = (a: number, b: number) => Math.abs(a - b) > 1e-9 * Math.max(1, Math.abs(b));

for (const one of fixture('tpe-step').cases as Case[]) {
  t.test(`the step of ${one.name} is Optuna's`, async (t) => {
    const goals: Goals = [{ goal: one.direction === 'minimize' ? 'minimise' : 'maximise' }];
    const { good, others } = split(one.trials.map(seenFixture), goals, tpeDefaults.gamma);
    t.same(good, one.expect.below);
    t.same(others, one.expect.above);
    t.equal(good.length, one.expect.n_below);
    const coordinates = spaceOfFixture(one.space).map(coordinateOf);
    const estimator = (places: readonly number[]) =>
      parzen(
        coordinates.map(({ dimension }) => dimension),
        observed(
          coordinates.map(({ name, of }) =>
            Float64Array.from(places, (place) => of(one.trials[place]?.params[name])),
          ),
        ),
        tpeDefaults,
      );
    const candidates = coordinates.map(({ name, of }) => Float64Array.from(one.candidates[name] ?? [], of));
    const [l, g] = [estimator(good), estimator(others)];
    const [logL, logG] = [l.logPdf(candidates), g.logPdf(candidates)];
    t.equal(logL.length, one.expect.log_l.length);
    for (const index of logL.keys()) {
      const [a, b] = [logL[index] as number, logG[index] as number];
      if (far(a, one.expect.log_l[index] as number)) t.fail(`l: ${a}, not ${one.expect.log_l[index]}`);
      if (far(b, one.expect.log_g[index] as number)) t.fail(`g: ${b}, not ${one.expect.log_g[index]}`);
    }
    const gains = Array.from(logL, (a, index) => a - (logG[index] as number));
    t.equal(gains.indexOf(Math.max(...gains)), one.expect.best_index);
    t.notOk(one.expect.above_kernel_weights.some((weight, k) => far(g.weights[k] as number, weight)));
  });
}

const goals: Goals = [{ goal: 'minimise' }];
for (const space of [everyKind, onePoint]) searcherContract(t, space, () => tpe(space, goals, tpeDefaults));
for (const [multivariate, group] of [
  [false, false],
  [true, false],
] as const)
  searcherContract(t, everyKind, () => tpe(everyKind, goals, { ...tpeDefaults, multivariate, group }));

/** A history of random points that ended as `end` says. */
function historyWith(
  count: number,
  end: (params: Params) => Pick<SeenTrial, 'state' | 'result'>,
): SeenTrial[] {
  const random = randomSearch(everyKind);
  return Array.from({ length: count }, (_, index) => {
    const { params } = random.ask(
      { trials: [], has: () => false },
      randomStream(3, 'search', index, 0),
    ) as Point;
    return { params, replicate: 0, ...end(params) };
  });
}

/** The share of proposals for which something holds. */
function share(trials: readonly SeenTrial[], holds: (params: Params) => boolean): number {
  const searcher = tpe(everyKind, goals, tpeDefaults);
  const proposals = 200;
  let count = 0;
  for (let seed = 1; seed <= proposals; seed++) {
    const point = searcher.ask(
      { trials, has: () => false },
      randomStream(seed, 'search', trials.length + 1, 0),
    );
    if (point !== undefined && holds(point.params)) count += 1;
  }
  return count / proposals;
}

const isHot = (params: Params) => (params['share'] as number) > 0.2;

t.test('places where trials fail are left alone, also where nothing has succeeded yet', async (t) => {
  const done = { state: 'done', result: { step: 1, values: [1] } } as const;
  // A random point is hot with probability 0.29.
  t.ok(
    share(
      historyWith(40, (params) => (isHot(params) ? { state: 'failed' } : done)),
      isHot,
    ) < 0.1,
  );
  const onlyHotTried = historyWith(120, () => ({ state: 'diverged' })).filter(({ params }) => isHot(params));
  t.ok(onlyHotTried.length > 20);
  t.ok(share(onlyHotTried, isHot) < 0.1);
});

t.test('what is proposed is near what was good', async (t) => {
  const history = historyWith(100, (params) => ({
    state: 'done',
    result: {
      step: 1,
      values: [Math.abs((params['share'] as number) - 0.5) + (params['solver'] === 'adam' ? 0 : 1)],
    },
  }));
  const isGood = (params: Params) =>
    Math.abs((params['share'] as number) - 0.5) < 0.3 && params['solver'] === 'adam';
  t.ok(share(history, isGood) > 0.8);
});

t.test('with several metrics it finds more of the front than random search does', async (t) => {
  // The front of x^2 + y and (x - 1)^2 + y is where y is 0 and x from 0 to 1.
  const space: Space = [
    { name: 'x', parameter: { kind: 'float', min: -2, max: 3, scale: 'linear' } },
    { name: 'y', parameter: { kind: 'float', min: 0, max: 4, scale: 'linear' } },
  ];
  const metrics = [0, 1].map((position) => ({ position, goal: 'minimise' as const }));
  const volumeOf = (searcher: Searcher, seed: number) => {
    const trials: SeenTrial[] = [];
    for (let number = 1; number <= 60; number++) {
      const point = searcher.ask(
        { trials, has: () => false },
        randomStream(seed, 'search', number, 0),
      ) as Point;
      const [x, y] = [point.params['x'] as number, point.params['y'] as number];
      trials.push({ ...point, state: 'done', result: { step: 1, values: [x * x + y, (x - 1) ** 2 + y] } });
    }
    return hypervolume(
      trials.map(({ result }) => result?.values as readonly number[]),
      [2, 2],
    );
  };
  const both: Goals = [{ goal: 'minimise' }, { goal: 'minimise' }];
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const wins = seeds.filter(
    (seed) => volumeOf(tpe(space, both, tpeDefaults, metrics), seed) > volumeOf(randomSearch(space), seed),
  );
  t.ok(wins.length >= 10, `${wins.length} of ${seeds.length}`);
});

t.test('of finitely many points none is tried twice while another is as near', async (t) => {
  const space: Space = [
    { name: 'a', parameter: { kind: 'int', min: 1, max: 5, scale: 'linear', step: 1 } },
    { name: 'b', parameter: { kind: 'choice', values: ['x', 'y', 'z', 'u'] } },
  ];
  const trials: SeenTrial[] = [];
  const searcher = tpe(space, goals, tpeDefaults);
  for (let number = 1; number <= 20; number++) {
    const point = searcher.ask({ trials, has: () => false }, randomStream(1, 'search', number, 0)) as Point;
    trials.push({ ...point, state: 'done', result: { step: 1, values: [Number(point.params['a'])] } });
  }
  const after = trials.slice(10).map(({ params }) => JSON.stringify(params));
  const before = new Set(trials.slice(0, 10).map(({ params }) => JSON.stringify(params)));
  t.equal(new Set(after).size, after.length);
  t.notOk(after.some((point) => before.has(point)));
});
