import { join } from 'node:path';
import t from 'tap';
import { completed } from '../../src/experiment/completed.ts';
import { networkShape } from '../../src/experiment/schema.ts';
import { randomStream } from '../../src/random.ts';
import { historyOf } from '../../src/search/history.ts';
import { withEarlier } from '../../src/sweep/earlier-trials.ts';
import { definitionHash } from '../../src/sweep/identity.ts';
import { searcherOf } from '../../src/sweep/searcher-of.ts';
import { right } from '../experiment/definition.ts';
import { diverged, done, failed, storeWith } from '../store/example.ts';

/** A database with trials at learning rates 0.1, 0.05, 0.0333, 0.025 and batch sizes 128, 256, 384, 512. */
function recorded(folder: string, extra = 0): void {
  const more = Array.from({ length: extra }, () => done(0.1));
  storeWith(folder, [done(0.9), diverged, failed, done(0.7), ...more]).store.close();
}

const experimentOf = (from: object, space: object = {}) =>
  completed(
    networkShape().parse({
      ...right,
      space: { learningRate: { float: [0.001, 1] }, batchSize: { int: [1, 300] }, ...space },
      search: { method: 'tpe', trials: 3, from },
    }),
  );
const from = { database: 'results.db', run: 1 };

t.test('what is done or has diverged is known from the start, by names; the rest is counted', async (t) => {
  const folder = t.testdir();
  recorded(folder);
  const { earlier, remarks, experiment } = withEarlier(experimentOf(from), folder);
  t.match(earlier, [
    { params: { learningRate: 0.1, batchSize: 128 }, state: 'done', result: { step: 1, values: [0.9] } },
    { params: { learningRate: 0.05, batchSize: 256 }, state: 'diverged' },
  ]);
  t.equal(earlier.length, 2, 'a batch of 512 is outside');
  t.match(remarks, [/^The search begins with what 2 trials of run 1 .*; 1 more are no points of this space/]);
  t.match(experiment.search.from?.sha256, /^[0-9a-f]{64}$/);
});

t.test('other trials make it another experiment, another place does not', async (t) => {
  const folder = t.testdir({ more: {} });
  recorded(folder);
  recorded(join(folder, 'more'), 2);
  const hashOf = (from: object, base = folder) =>
    definitionHash(withEarlier(experimentOf(from, { batchSize: { int: [1, 999] } }), base).experiment);
  const same = hashOf(from);
  t.equal(hashOf({ ...from, database: './results.db' }), same);
  t.not(hashOf(from, join(folder, 'more')), same);
  t.not(definitionHash(completed(networkShape().parse(right))), same);
});

t.test('what cannot be begun with says why', async (t) => {
  const folder = t.testdir();
  recorded(folder);
  const begin = (from: object, space?: object) => () => withEarlier(experimentOf(from, space), folder);
  t.throws(begin({ ...from, run: 7 }), { code: 'ERR_EARLIER_RUN', message: /no run 7 .*, only 1\./ });
  t.throws(begin(from, { batchSize: { int: [600, 900] } }), {
    code: 'ERR_EARLIER_SPACE',
    message: /None of the 3 trials .* batchSize must be .* 600 to 900, but got 128/,
  });
  t.throws(begin({ ...from, sha256: 'a'.repeat(64) }), { code: 'ERR_EARLIER_CHANGED' });
  t.throws(begin({ ...from, database: 'none.db' }), { code: 'ERR_EARLIER_MISSING' });
});

t.test('a searcher that knows earlier trials begins where they were good', async (t) => {
  const experiment = experimentOf(from);
  const earlier = Array.from({ length: 40 }, (_, index) => ({
    params: { learningRate: 0.001 + index / 41, batchSize: 1 + 7 * index },
    replicate: 0,
    state: 'done' as const,
    result: { step: 1, values: [-Math.abs(index - 30)] },
  }));
  const first = (searcher: ReturnType<typeof searcherOf>, seed: number) =>
    Number(searcher.ask(historyOf(), randomStream(seed, 'search', 1, 0))?.params['learningRate']);
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const isNear = (rate: number) => Math.abs(rate - 30 / 41) < 0.3;
  t.ok(seeds.filter((seed) => isNear(first(searcherOf(experiment, earlier), seed))).length > 35);
  t.ok(seeds.filter((seed) => isNear(first(searcherOf(experiment), seed))).length < 32);
});
