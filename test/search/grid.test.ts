import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { gridSearch } from '../../src/search/grid.ts';
import { historyOf } from '../../src/search/history.ts';
import type { History, Point } from '../../src/search/searcher.ts';
import { type SpaceDefinition, spaceOf } from '../../src/space/definition.ts';
import { searcherContract } from '../contracts/searcher-contract.ts';

const space: SpaceDefinition = { learningRate: [0.1, 0.01], batchSize: [16, 32, 64] };
const stream = (seed = 1) => randomStream(seed, 'search', 1, 0);

searcherContract(t, spaceOf(space), () => gridSearch(spaceOf(space), 2));

/** Every point that a grid still gives, each asked for with those before it in the history. */
function rest(known: readonly Point[], space: SpaceDefinition, replicates: number, seed?: number): Point[] {
  const grid = gridSearch(spaceOf(space), replicates);
  const history = historyOf(known.map((point) => ({ ...point, state: 'done' })));
  for (;;) {
    const point = grid.ask(history, stream(seed));
    if (point === undefined) return history.trials.slice(known.length).map(({ state: _, ...point }) => point);
    history.add({ ...point, state: 'running' });
  }
}

t.test('a grid is every combination in every replicate, the replicates of one side by side', async (t) => {
  t.same(rest([], { learningRate: [0.1, 0.01], batchSize: [16] }, 2), [
    { params: { learningRate: 0.1, batchSize: 16 }, replicate: 0 },
    { params: { learningRate: 0.1, batchSize: 16 }, replicate: 1 },
    { params: { learningRate: 0.01, batchSize: 16 }, replicate: 0 },
    { params: { learningRate: 0.01, batchSize: 16 }, replicate: 1 },
  ]);
});

t.test('a grid does not depend on the random stream', async (t) => {
  t.same(rest([], space, 1, 1), rest([], space, 1, 2));
});

t.test('a combination that is known out of order is left out, and no other', async (t) => {
  const all = rest([], space, 1);
  const known = [4, 1].map((index) => all[index] as Point);
  t.same(
    rest(known, space, 1),
    [2, 3, 5, 0].map((index) => all[index]),
  );
});

t.test('a grid that has gained values goes on with what it lacks', async (t) => {
  const known = rest([], { learningRate: [0.1], batchSize: [16, 64] }, 2);
  const points = rest(known, space, 2);
  t.equal(points.length, 8);
  t.equal(new Set([...known, ...points].map((point) => JSON.stringify(point))).size, 12);
});

t.test('the next point of a large grid is found without a walk through those before it', async (t) => {
  const axis = Array.from({ length: 1_000 }, (_, index) => index + 1);
  const grid = gridSearch(spaceOf({ learningRate: axis, batchSize: axis }), 1);
  t.equal(grid.total, 1_000_000);
  const [first, last] = [1, 999].map((rate) => ({
    params: { learningRate: rate, batchSize: 1_000 },
    replicate: 0,
  }));
  const trials = [first, last].map((point) => ({ ...(point as Point), state: 'done' as const }));
  let looks = 0;
  const history: History = {
    trials,
    has: () => {
      looks += 1;
      return false;
    },
  };
  t.same(grid.ask(history, stream()), { params: { learningRate: 1_000, batchSize: 1 }, replicate: 0 });
  t.equal(looks, 1);
});
