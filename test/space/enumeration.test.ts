import t from 'tap';
import { type SpaceDefinition, spaceOf } from '../../src/space/definition.ts';
import { enumerationOf } from '../../src/space/enumeration.ts';
import { misfits } from '../../src/space/misfits.ts';
import type { Params } from '../../src/trial.ts';
import { conditionalSpace } from './spaces.ts';

const grid: SpaceDefinition = { learningRate: [0.1, 0.01], batchSize: [16, 32, 64] };

function allOf(space: ReturnType<typeof spaceOf>): Params[] {
  const points = enumerationOf(space);
  return Array.from({ length: points.count }, (_, index) => points.at(index));
}

t.test('the first axis changes slowest, each axis in the order of its values', async (t) => {
  t.same(allOf(spaceOf(grid)), [
    { learningRate: 0.1, batchSize: 16 },
    { learningRate: 0.1, batchSize: 32 },
    { learningRate: 0.1, batchSize: 64 },
    { learningRate: 0.01, batchSize: 16 },
    { learningRate: 0.01, batchSize: 32 },
    { learningRate: 0.01, batchSize: 64 },
  ]);
});

t.test('the keys of a point stand in the order of the axes, for they are stored as text', async (t) => {
  t.equal(JSON.stringify(enumerationOf(spaceOf(grid)).at(3)), '{"learningRate":0.01,"batchSize":16}');
});

t.test('whole numbers of sixteen digits are told apart', async (t) => {
  const { MAX_SAFE_INTEGER: max } = Number;
  const points = enumerationOf(spaceOf({ n: { int: [max - 3, max] } }));
  t.same(points.at(1), { n: max - 2 });
  t.equal(points.indexOf({ n: max - 1 }), 2);
});

t.test('a point far into a large space is found without building those before it', async (t) => {
  const axis = Array.from({ length: 100_000 }, (_, index) => index + 1);
  const points = enumerationOf(spaceOf({ learningRate: axis, batchSize: axis }));
  t.equal(points.count, 1e10);
  t.same(points.at(1e10 - 1), { learningRate: 100_000, batchSize: 100_000 });
  t.same(points.at(123_456_789), { learningRate: 1235, batchSize: 56_790 });
});

t.test('ranges are enumerated by their steps, without digits that only binary made', async (t) => {
  const points = enumerationOf(
    spaceOf({
      a: { float: [0.1, 0.5], step: 0.1 },
      b: { int: [1, 10], step: 3 },
      c: { int: [1, 3], scale: 'log' },
    }),
  );
  t.equal(points.count, 5 * 4 * 3);
  const all = Array.from({ length: points.count }, (_, index) => points.at(index));
  t.same([...new Set(all.map(({ a }) => a))], [0.1, 0.2, 0.3, 0.4, 0.5]);
  t.same([...new Set(all.map(({ b }) => b))], [1, 4, 7, 10]);
  t.same([...new Set(all.map(({ c }) => c))], [1, 2, 3]);
});

t.test('a range without a step has infinitely many values', async (t) => {
  t.equal(enumerationOf(spaceOf({ a: { float: [0, 1] }, b: [1, 2] })).count, Number.POSITIVE_INFINITY);
});

t.test('a parameter that does not apply is absent, and points that differ only there are one', async (t) => {
  const points = allOf(conditionalSpace);
  const flags = [false, true];
  t.same(points, [
    ...flags.map((flag) => ({ solver: 'lu', flag })),
    ...[1, 2].flatMap((degree) =>
      [0.1, 0.2, 0.3].flatMap((weight) => flags.map((flag) => ({ solver: 'qr', degree, weight, flag }))),
    ),
    ...[0.1, 0.2, 0.3].flatMap((weight) => flags.map((flag) => ({ solver: 'svd', weight, flag }))),
  ]);
  t.equal(new Set(points.map((point) => JSON.stringify(point))).size, 2 * (1 + 6 + 3));
});

t.test('conditions chain: a parameter does not apply where the one it depends on does not', async (t) => {
  const points = allOf(
    spaceOf({ a: ['x', 'y'], b: { int: [1, 2], when: { a: 'y' } }, c: { choice: [5, 6], when: { b: 2 } } }),
  );
  t.same(points, [{ a: 'x' }, { a: 'y', b: 1 }, { a: 'y', b: 2, c: 5 }, { a: 'y', b: 2, c: 6 }]);
});

t.test('a point is found by its number, and its number by the point', async (t) => {
  const wide = spaceOf({
    size: { int: [1, 1_000] },
    small: { choice: [1, 2, 3], when: { size: [1, 500, 1_000] } },
    layers: { choice: [[20], [64, 32]], when: { size: [500, 501] } },
    rest: [true, 'true'],
  });
  for (const space of [spaceOf(grid), conditionalSpace, wide]) {
    const points = enumerationOf(space);
    for (let index = 0; index < points.count; index++) {
      const point = points.at(index);
      if (points.indexOf(point) !== index) t.fail(`${JSON.stringify(point)} is not number ${index}`);
      if (misfits(space, point).length > 0) t.fail(`${JSON.stringify(point)} is not of the space`);
    }
  }
  t.equal(enumerationOf(wide).count, 2 * (997 - 1 + 3 + 3 + 6 + 2 - 0));
});

t.test('what is no point of the space has no number', async (t) => {
  const points = enumerationOf(conditionalSpace);
  for (const params of [
    { solver: 'lu' },
    { solver: 'lu', flag: 1 },
    { solver: 'lu', flag: true, degree: 1 },
    { solver: 'qr', flag: true, degree: 1 },
    { solver: 'qr', flag: true, degree: 3, weight: 0.1 },
    { solver: 'qr', flag: true, degree: 1, weight: 0.15 },
    { solver: 'lu', flag: true, other: 1 },
  ]) {
    t.equal(points.indexOf(params), -1, JSON.stringify(params));
    t.equal(misfits(conditionalSpace, params).length, 1);
  }
});
