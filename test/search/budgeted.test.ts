import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { budgeted } from '../../src/search/budgeted.ts';
import { gridSearch } from '../../src/search/grid.ts';
import { historyOf } from '../../src/search/history.ts';
import { spaceOf } from '../../src/space/definition.ts';
import { searcherContract } from '../contracts/searcher-contract.ts';

const space = spaceOf({ learningRate: [0.1, 0.01], batchSize: [16, 32, 64] });
const grid = () => gridSearch(space, 1);

searcherContract(t, space, () => budgeted(grid(), 4));

t.test('a budget ends a search that could go on, and counts what was recorded before', async (t) => {
  const searcher = budgeted(grid(), 2);
  t.equal(searcher.total, 2);
  const point = (history: ReturnType<typeof historyOf>) =>
    searcher.ask(history, randomStream(1, 'search', 1, 0));
  const first = point(historyOf());
  t.same(
    first,
    grid().ask(historyOf(), randomStream(1, 'search', 1, 0)),
    'the points are those of the search',
  );
  const state = 'done' as const;
  const params = { learningRate: 0.1, batchSize: 16 };
  t.ok(point(historyOf([{ params, replicate: 0, state }])));
  t.equal(
    point(
      historyOf([
        { params, replicate: 0, state },
        { params, replicate: 1, state },
      ]),
    ),
    undefined,
  );
});

t.test(
  'without a budget the search is the same one, and a budget beyond its end changes no total',
  async (t) => {
    const all = grid();
    t.equal(budgeted(all, undefined), all);
    t.equal(budgeted(all, 100).total, 6);
  },
);
