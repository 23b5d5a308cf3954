import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { gridSearch } from '../../src/search/grid.ts';
import type { Space } from '../../src/space.ts';
import { searcherContract } from '../contracts/searcher-contract.ts';

const space: Space = { learningRate: [0.1, 0.01], batchSize: [16, 32, 64] };
const stream = () => randomStream(1, 'search', 0, 0);

searcherContract(t, () => gridSearch(space, 2));

t.test('a grid is every combination in every replicate, the replicates of one side by side', async (t) => {
  const points = gridSearch({ learningRate: [0.1, 0.01], batchSize: [16] }, 2).ask(
    [],
    stream(),
    Number.POSITIVE_INFINITY,
  );
  t.same(points, [
    { params: { learningRate: 0.1, batchSize: 16 }, replicate: 0 },
    { params: { learningRate: 0.1, batchSize: 16 }, replicate: 1 },
    { params: { learningRate: 0.01, batchSize: 16 }, replicate: 0 },
    { params: { learningRate: 0.01, batchSize: 16 }, replicate: 1 },
  ]);
});

t.test('a grid does not depend on the random stream', async (t) => {
  const search = gridSearch(space, 1);
  t.same(search.ask([], stream(), 6), search.ask([], randomStream(2, 'search', 0, 0), 6));
});

t.test('a combination that is known out of order is left out, and no other', async (t) => {
  const search = gridSearch(space, 1);
  const all = search.ask([], stream(), 6);
  const known = [4, 1].map((index) => ({
    ...(all[index] as (typeof all)[number]),
    state: 'running' as const,
  }));
  t.same(search.ask(known, stream(), 6), [all[0], all[2], all[3], all[5]]);
});
