import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { enqueued } from '../../src/search/enqueued.ts';
import { historyOf } from '../../src/search/history.ts';
import { randomSearch } from '../../src/search/random.ts';
import { replicated } from '../../src/search/replicated.ts';
import type { Searcher } from '../../src/search/searcher.ts';
import { sobolSearch } from '../../src/search/sobol.ts';
import { spaceOf } from '../../src/space/definition.ts';
import { searcherContract } from '../contracts/searcher-contract.ts';

const space = spaceOf({ rate: { float: [0, 1] }, solver: ['lu', 'qr'] });
const points = [
  { rate: 0.25, solver: 'qr' },
  { rate: 1, solver: 'lu' },
];
const shown = { replicates: 1, isShown: true };

searcherContract(t, space, () => enqueued(randomSearch(space), points, shown));

/** The first points of a search, each done. */
function asked(searcher: Searcher, count: number) {
  const history = historyOf();
  for (let number = 1; number <= count; number++) {
    const point = searcher.ask(history, randomStream(1, 'search', number, 0));
    if (point !== undefined) history.add({ ...point, state: 'done', result: { step: 1, values: [0] } });
  }
  return history.trials.map(({ params, replicate }) => ({ params, replicate }));
}

t.test('given points come first, in order, each in every replicate', async (t) => {
  const searcher = enqueued(replicated(randomSearch(space), 2), points, { ...shown, replicates: 2 });
  t.same(
    asked(searcher, 4),
    points.flatMap((params) => [0, 1].map((replicate) => ({ params, replicate }))),
  );
  t.equal(asked(searcher, 6)[5]?.replicate, 1);
});

t.test('a sequence begins at its beginning behind them', async (t) => {
  const alone = asked(sobolSearch(space, 1), 4);
  t.same(asked(enqueued(sobolSearch(space, 1), points, { ...shown, isShown: false }), 6).slice(2), alone);
});

t.test('without any the search is the same one', async (t) => {
  const search = randomSearch(space);
  t.equal(enqueued(search, [], shown), search);
});
