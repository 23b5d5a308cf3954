/** A step of TPE in conditional spaces, group by group, beside Optuna's TPESampler(multivariate=True, group=True). */
import t from 'tap';
import { coordinateOf } from '../../src/search/coordinate.ts';
import { split } from '../../src/search/good-trials.ts';
import { observationsOf } from '../../src/search/observations.ts';
import { parzen } from '../../src/search/parzen.ts';
import { groupsOf, tpeDefaults } from '../../src/search/tpe.ts';
import type { Value } from '../../src/trial.ts';
import {
  type FixtureParameter,
  type FixtureTrial,
  fixture,
  seenFixture,
  spaceOfFixture,
} from './fixtures.ts';

interface Case {
  readonly name: string;
  readonly space: readonly FixtureParameter[];
  readonly trials: readonly FixtureTrial[];
  readonly below: readonly number[];
  readonly groups: readonly {
    readonly names: readonly string[];
    readonly candidates: Readonly<Record<string, readonly Value[]>>;
    readonly log_l: readonly number[];
    readonly log_g: readonly number[];
    /** How many kernels l and g have, the prior's included. */
    readonly kernels: readonly [number, number];
    readonly best_index: number;
  }[];
}

/** 1e-9, as everywhere in these files. */
const farthest = (found: Float64Array, wanted: readonly number[]) =>
  Math.max(
    ...wanted.map(
      (value, index) => Math.abs((found[index] as number) - value) / Math.max(1, Math.abs(value)),
    ),
  );

for (const one of fixture('tpe-group').cases as Case[]) {
  t.test(`the step of ${one.name} is Optuna's in every group`, async (t) => {
    const space = spaceOfFixture(one.space);
    const coordinates = space.map(coordinateOf);
    const trials = one.trials.map(seenFixture);
    const { good, others } = split(trials, [{ goal: 'minimise' }], tpeDefaults.gamma);
    t.same(good, one.below);
    const observed = observationsOf(coordinates);
    observed.follow(trials);
    const groups = groupsOf(space, { multivariate: true, group: true });
    t.equal(groups.length, one.groups.length);
    for (const group of groups) {
      const names = group.map((index) => space[index]?.name as string);
      const wanted = one.groups.find((other) => other.names.join() === names.toSorted().join());
      if (wanted === undefined) {
        t.fail(`Optuna has no group ${names}`);
        continue;
      }
      const own = group.map((index) => coordinates[index] as (typeof coordinates)[number]);
      const estimator = (places: readonly number[]) =>
        parzen(
          own.map(({ dimension }) => dimension),
          observed.of(places, group),
          tpeDefaults,
        );
      const points = own.map(({ name, of }) => Float64Array.from(wanted.candidates[name] ?? [], of));
      const [l, g] = [estimator(good), estimator(others)];
      const [logL, logG] = [l.logPdf(points), g.logPdf(points)];
      t.same([l.weights.length, g.weights.length], wanted.kernels, `${names}`);
      t.ok(farthest(logL, wanted.log_l) < 1e-9, `l of ${names}`);
      t.ok(farthest(logG, wanted.log_g) < 1e-9, `g of ${names}`);
      const gains = Array.from(logL, (value, index) => value - (logG[index] as number));
      t.equal(gains.indexOf(Math.max(...gains)), wanted.best_index);
    }
  });
}
