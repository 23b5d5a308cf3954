/** Which parameters TPE draws together: with `group` the parts that Optuna's documentation of TPESampler(group=True) describes. */
import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { groupsOf } from '../../src/search/tpe.ts';
import { spaceOf } from '../../src/space/definition.ts';
import type { Space } from '../../src/space/space.ts';
import { pointsOf } from '../../src/space/unit.ts';

/** Optuna's way: the parameters of each trial cut every part in those that it has and those that it has not. */
function decomposed(trials: readonly (readonly string[])[]): string[][] {
  let parts: string[][] = [];
  for (const names of trials) {
    const known = parts.flat();
    parts = [
      ...parts.flatMap((part) => [
        part.filter((name) => names.includes(name)),
        part.filter((name) => !names.includes(name)),
      ]),
      names.filter((name) => !known.includes(name)),
    ].filter((part) => part.length > 0);
  }
  return sorted(parts);
}

const sorted = (parts: readonly (readonly string[])[]): string[][] =>
  parts.map((part) => part.toSorted()).sort((a, b) => a.join().localeCompare(b.join()));

const named = (space: Space, parts: readonly (readonly number[])[]): string[][] =>
  sorted(parts.map((part) => part.map((index) => space[index]?.name ?? '')));

t.test('of trials with {x}, {x, y} and {x, z} the parts are {x}, {y} and {z}', async (t) => {
  t.same(decomposed([['x'], ['x', 'y'], ['x', 'z']]), [['x'], ['y'], ['z']]);
  t.same(
    decomposed([
      ['x', 'y'],
      ['x', 'y', 'z', 'w'],
    ]),
    [
      ['w', 'z'],
      ['x', 'y'],
    ],
  );
});

t.test('the groups of random conditional spaces are the parts of their trials', async (t) => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = randomStream(seed, 'search', 1, 0);
    const choices = ['a', 'b', 'c'] as const;
    const inner = Array.from({ length: 1 + random.below(6) }, (_, index) => {
      const when = random.below(3) === 0 ? {} : { when: { model: choices[random.below(3)] } };
      return [`p${index}`, { float: [0, 1], ...when }];
    });
    const space = spaceOf({ model: [...choices], ...Object.fromEntries(inner) });
    const pointAt = pointsOf(space);
    const trials = Array.from({ length: 60 }, () => Object.keys(pointAt(() => random.uniform())));
    const found = groupsOf(space, { multivariate: true, group: true });
    t.same(named(space, found), decomposed(trials), `${seed}`);
  }
});

t.test('without `group` conditional parameters stand alone; without `multivariate` all do', async (t) => {
  const space = spaceOf({
    model: ['a', 'b'],
    x: { float: [0, 1] },
    y: { float: [0, 1], when: { model: 'a' } },
    z: { float: [0, 1], when: { model: 'a' } },
  });
  t.same(named(space, groupsOf(space, { multivariate: true, group: true })), [
    ['model', 'x'],
    ['y', 'z'],
  ]);
  t.same(named(space, groupsOf(space, { multivariate: true, group: false })), [['model', 'x'], ['y'], ['z']]);
  t.same(named(space, groupsOf(space, { multivariate: false, group: true })).length, 4);
});
