import t from 'tap';
import { axes, combinationAt, combinationCount, indexOfCombination, type Space } from '../src/space.ts';

const space: Space = { learningRate: [0.1, 0.01], batchSize: [16, 32, 64] };

t.test('the first axis changes slowest, each axis in the order of its values', async (t) => {
  const all = Array.from({ length: combinationCount(space) }, (_, index) => combinationAt(space, index));
  t.same(all, [
    { learningRate: 0.1, batchSize: 16 },
    { learningRate: 0.1, batchSize: 32 },
    { learningRate: 0.1, batchSize: 64 },
    { learningRate: 0.01, batchSize: 16 },
    { learningRate: 0.01, batchSize: 32 },
    { learningRate: 0.01, batchSize: 64 },
  ]);
});

t.test('the keys of a combination stand in the order of the axes, for they are stored as text', async (t) => {
  t.same(Object.keys(combinationAt(space, 3)), axes);
});

t.test('a combination far into a large space is found without building those before it', async (t) => {
  const axis = Array.from({ length: 100_000 }, (_, index) => index + 1);
  const large: Space = { learningRate: axis, batchSize: axis };
  t.equal(combinationCount(large), 1e10);
  t.same(combinationAt(large, 1e10 - 1), { learningRate: 100_000, batchSize: 100_000 });
  t.same(combinationAt(large, 123_456_789), { learningRate: 1235, batchSize: 56_790 });
});

t.test('a combination is found by its number, and its number by the combination', async (t) => {
  const indexOf = indexOfCombination(space);
  for (let index = 0; index < combinationCount(space); index++)
    t.equal(indexOf(combinationAt(space, index)), index);
  t.equal(indexOf({ learningRate: 0.1, batchSize: 17 }), -1);
});
