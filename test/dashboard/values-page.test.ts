/** What the page makes of values that look alike, and of those that come up while it is open. */
import { join } from 'node:path';
import t from 'tap';
import { startDashboard } from '../../src/dashboard/server.ts';
import { openStudy } from '../../src/index.ts';
import { openStore } from '../../src/store/store.ts';
import { addExperiment, done } from '../store/example.ts';
import { inBrowser, startBrowser } from './browser.ts';

const values = [1, '1', true, 'true'];
const definition = {
  name: 'alike',
  space: { kind: values },
  metrics: { loss: 'minimise' },
  search: { method: 'random', trials: 6, enqueue: values.map((kind) => ({ kind })) },
} as const;

await inBrowser(t, async (path) => {
  const database = join(t.testdir(), 'results.db');
  const study = openStudy(definition, { database });
  const runOne = async () => (await study.ask())?.tell({ loss: 1 });
  await runOne();

  const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0, everyMs: 100 });
  t.teardown(() => dashboard.close());
  const browser = await startBrowser(path);
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const filter = page.getByLabel('kind');
  const options = () => filter.locator('option').allInnerTexts();

  await t.test('values that come up while the page is open can be filtered by', async (t) => {
    await page.goto(`${dashboard.url}#/1/leaderboard`);
    await page.waitForSelector('.board tbody tr');
    t.equal(await filter.count(), 0, 'nothing to choose among one value');
    await runOne();
    await filter.waitFor();
    t.same(await options(), ['any', '1', '"1"']);
    await filter.selectOption('"1"');
    await runOne();
    await filter.locator('option').nth(3).waitFor({ state: 'attached' });
    t.equal(await filter.inputValue(), '"1"', 'what is chosen stays');
    await runOne();
    await filter.locator('option').nth(4).waitFor({ state: 'attached' });
    t.same(
      await options(),
      ['any', '1', '"1"', 'true', '"true"'],
      'each in words of its own, as the space has them',
    );
    t.same(await page.locator('.board tbody td:nth-child(5)').allInnerTexts(), ['"1"'], 'in the table too');
  });

  await t.test(
    'the table says why a trial has failed, in one line, and words begin at the left',
    async (t) => {
      const broken = openStudy({ ...definition, name: 'broken' }, { database });
      await (await broken.ask())?.fail('out of memory\nat line 3');
      await page.goto(`${dashboard.url}#/2/leaderboard`);
      await page.waitForSelector('.board td.state >> text=failed');
      const state = page.locator('.board td.state');
      t.equal(await state.innerText(), 'failed\nout of memory');
      const aligned = await page.evaluate(
        "[...document.querySelectorAll('.board tbody td')].map((cell) => getComputedStyle(cell).textAlign)",
      );
      await page.locator('.board td a').click();
      await page.waitForSelector('h2 >> text=Trial 1');
      const trial = await page.locator('main').innerText();
      t.match(trial, 'out of memory\nat line 3', 'its page says all, line by line');
      t.match(trial, 'Before it failed');
      t.match(aligned, ['right', 'right', 'left', 'right', 'left'], 'the state, and words among numbers');
    },
  );

  await t.test('a map of two parameters can be chosen once trials differ in three', async (t) => {
    const choices = [1, 2];
    const map = openStudy(
      {
        ...{ name: 'map', space: { a: choices, b: choices, c: choices }, metrics: { loss: 'minimise' } },
        search: { method: 'random', trials: 4, enqueue: choices.map((a) => ({ a, b: a, c: a })) },
      },
      { database },
    );
    await (await map.ask())?.tell({ loss: 1 });
    await page.goto(`${dashboard.url}#/3/figures`);
    await page.locator('h2', { hasText: 'Parallel coordinates' }).waitFor();
    const across = page.getByLabel('across');
    t.notOk(await across.isVisible());
    await (await map.ask())?.tell({ loss: 2 });
    await across.waitFor();
    t.same(await across.locator('option').allInnerTexts(), ['a', 'b', 'c']);
    t.not(await across.inputValue(), await page.getByLabel('upwards').inputValue());
  });

  await t.test('the page of a trial says whose result it has', async (t) => {
    const store = openStore(database);
    const { experimentId } = addExperiment(store, [done(), done()]);
    const [first = 0, second = 0] = store.trials(experimentId).map(({ id }) => id);
    store.recordSameAs(second, first);
    store.close();
    const open = async (id: number, number: number) => {
      await page.goto(`${dashboard.url}#/${experimentId}/trial/${id}`);
      await page.waitForSelector(`h2 >> text=Trial ${number}`);
      return page.locator('main').innerText();
    };
    t.match(await open(second, 2), 'It is a copy of trial 1, whose point was proposed again.');
    t.notMatch(await open(first, 1), 'copy of');
  });
});
