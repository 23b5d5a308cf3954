import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { startDashboard } from '../../src/dashboard/server.ts';
import { digitPixels } from '../../src/data/digit.ts';
import { decisive } from '../../src/metric.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { root } from '../source.ts';
import { addExperiment, done, spec } from '../store/example.ts';
import { inBrowser, startBrowser } from './browser.ts';

/** What takes longer hangs, also on a machine with other work: a sweep's process has been seen to need 15 s to start there. */
const hangsMs = 300_000;

await inBrowser(t, testPage);

async function testPage(path: string): Promise<void> {
  const folder = t.testdir();
  const database = join(folder, 'results', 'results.db');
  mkdirSync(join(folder, 'results'));

  // Real digits, few of them: enough for a drawn one to be known.
  const digits = definition(folder, 'digits', {
    data: { source: 'mnist', train: [0, 1500], validation: [50_000, 50_400], test: [0, 400] },
    training: { epochs: 12 },
    space: { learningRate: [0.003, 0.03], batchSize: [16, 64] },
    final: { epochs: 3 },
  });
  const [code] = await once(sweep(digits, database), 'exit');
  t.equal(code, 0, 'the sweep that is shown has run');
  const store = openStore(database);
  const hostile = '<img src=x onerror="document.title=1">';
  const { experimentId: hostileId } = addExperiment(store, [done(0.5, 0.25)], 'validationLoss', hostile);
  store.finishExperiment(hostileId, 'done', 1);
  store.close();
  const results = openReadOnly(database);
  const [winner] = results.ranked(1);
  const final = results.trials(1).find(({ role }) => role === 'final');
  results.close();
  if (winner?.state !== 'done' || final?.state !== 'done') throw new Error('The sweep has no winner.');

  const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0, everyMs: 200 });
  t.teardown(() => dashboard.close());
  const browser = await startBrowser(path);
  t.teardown(() => browser.close());
  const complaints: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(hangsMs);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const open = async (address: string) => {
    // From elsewhere: another hash alone would leave the old view standing for a moment.
    await page.goto('about:blank');
    await page.goto(`${dashboard.url}#/${address}`);
    await page.waitForSelector('main article');
  };

  await t.test('the overview names the winner and draws the curves', async (t) => {
    await open('1');
    await page.waitForSelector('.chart[data-points]');
    const tiles = await page.locator('.tiles').innerText();
    t.match(tiles, `${(100 * decisive(winner.best)).toFixed(2)} %`);
    t.match(tiles, `${(100 * decisive(final.last)).toFixed(2)} %`);
    t.match(tiles, '4 of 4');
    t.equal(await page.locator('.chart').first().getAttribute('data-points'), String(4 * 12));
    t.match(await page.locator('.chart').first().getAttribute('aria-label'), `trial ${winner.number}`);
  });

  await t.test('a curve that is pointed at shows its values', async (t) => {
    for (const address of ['1', `1/trial/${winner.id}`]) {
      await open(address);
      await page.waitForSelector('.chart[data-points]');
      await page.locator('.chart canvas').first().waitFor();
      const box = await page.locator('.chart').first().boundingBox();
      if (box === null) throw new Error('There is no chart.');
      const tip = page.locator('.tip').first();
      for (let y = 10; y < box.height && !(await tip.isVisible()); y += 8)
        await page.mouse.move(box.x + box.width / 2, box.y + y);
      const { x = 0, y = 0 } = (await page.locator('.tip-dot').first().boundingBox()) ?? {};
      t.ok(
        Math.abs(x - box.x - box.width / 2) < 60 && y > box.y && y < box.y + box.height,
        'where it points',
      );
      const name = address === '1' ? /^trial \d: learning rate .*\n/ : /^(validation|training) rows\n/;
      t.match(await tip.innerText(), name);
      t.match(await tip.innerText(), /\nepoch \d+: accuracy \d+\.\d\d %, loss \d\.\d{4}$/);
    }
  });

  await t.test('the leaderboard is sorted by a heading, also from the keyboard, and filtered', async (t) => {
    await open('1/leaderboard');
    const column = (name: string) => page.locator(`.board td.${name}`).allInnerTexts();
    await page.waitForSelector('.board tbody tr');
    t.same(await column('rank'), ['1', '2', '3', '4']);
    const heads = await page.locator('.board th').allInnerTexts();
    t.same(heads.slice(2, 4), ['learning rate', 'batch size'], 'as the definition has them');
    const evidence = (place: number) => page.locator(`.board td:nth-child(${place})`).allInnerTexts();
    t.same(heads.slice(5, 7), ['95 % interval', 'p against winner']);
    for (const interval of await evidence(6)) t.match(interval, /^\d+\.\d\d to \d+\.\d\d %$/);
    const [ofWinner, ...others] = await evidence(7);
    t.equal(ofWinner, '', 'the winner is not compared with itself');
    for (const p of others) t.match(p, /^(< 0\.001|0\.0[0-4]\d|[01]\.\d{3} ≈)$/);
    const isMarked = others.some((p) => p.includes('≈'));
    t.equal(await page.getByText('not distinguishable from the winner').isVisible(), isMarked);
    const loss = page.getByRole('button', { name: 'validation loss' });
    await loss.click();
    await page.waitForSelector('th[aria-sort="ascending"] >> text=validation loss');
    const ascending = (await column('loss')).map(Number);
    t.same(
      ascending,
      ascending.toSorted((a, b) => a - b),
    );
    await loss.press('Enter');
    await page.waitForSelector('th[aria-sort="descending"] >> text=validation loss');
    t.same((await column('loss')).map(Number), ascending.toReversed());
    await page.getByLabel('batch size').selectOption('16');
    await until(async () => (await page.locator('.board tbody tr').count()) === 2);
    t.same(await page.locator('.board tbody tr td:nth-child(4)').allInnerTexts(), ['16', '16']);
    await page.getByLabel('state').selectOption('failed');
    await page.waitForSelector('text=No trial matches.');
  });

  await t.test('a trial is opened from the leaderboard and shows its own curve', async (t) => {
    await open('1/leaderboard');
    await page.locator('tr.winner a').click();
    await page.waitForSelector(`h2 >> text=Trial ${winner.number}`);
    await page.waitForSelector('.chart[data-points="25"]');
    t.match(await page.locator('.tiles').innerText(), `${(100 * decisive(winner.last)).toFixed(2)} %`);
    t.equal(await page.evaluate('document.activeElement.id'), 'main', 'the focus follows');
  });

  await t.test('a digit that is drawn is read', async (t) => {
    await open('1/digits');
    await draw(page, [
      [140, 30],
      [140, 250],
    ]);
    await page.waitForSelector('.read strong >> text=1');
    t.equal(await page.locator('.outputs li').count(), 10);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.waitForSelector('text=Nothing drawn yet');
    const circle = Array.from({ length: 33 }, (_, i): [number, number] => {
      const angle = (2 * Math.PI * i) / 32;
      return [140 + 65 * Math.sin(angle), 140 - 95 * Math.cos(angle)];
    });
    await draw(page, circle);
    await page.waitForSelector('.read strong >> text=0');
    t.pass('a stroke is a 1, a ring a 0');
    const channel = (canvas: string, offset: number) =>
      page.evaluate<number[]>(`(() => {
        const { width, height } = document.querySelector('${canvas}');
        const { data } = document.querySelector('${canvas}').getContext('2d').getImageData(0, 0, width, height);
        return [...data].filter((_, at) => at % 4 === ${offset});
      })()`);
    const drawing = { width: 280, height: 280, grey: Float32Array.from(await channel('.board-canvas', 3)) };
    const inAFile = digitPixels(drawing, { rows: 28, columns: 28 }) ?? new Uint8Array();
    t.same(await channel('.seen canvas', 0), [...inAFile], 'the page sees what predict makes of a file');
  });

  await t.test('the rows that a model misreads are as many as its accuracy says', async (t) => {
    await page.waitForSelector('.confusion');
    const right = Math.round(400 * decisive(final.last));
    await page.waitForSelector(`text=${right} of 400 test rows are read right`);
    const misread = 400 - right;
    t.equal(await page.locator('.pictures li').count(), Math.min(48, misread));
    await page.locator('.confusion button').first().click();
    await page.waitForSelector('text=Show all');
    t.ok((await page.locator('.pictures li').count()) < misread);
  });

  await t.test("the report's ROC curves and calibration stand below them", async (t) => {
    const drawn = (name: string) =>
      page.locator(`section[aria-label="${name}"] .chart canvas`).first().waitFor();
    await drawn('ROC curves');
    await drawn('Calibration');
    t.match(
      await page.locator('section[aria-label="ROC curves"]').innerText(),
      /the mean of the 10 areas is 0\.9\d+/,
    );
    t.match(
      await page.locator('section[aria-label="Calibration"]').innerText(),
      /weighted by rows \(expected calibration error\), is \d+\.\d\d %/,
    );
  });

  await t.test('experiments are compared side by side, with the curves of their winners', async (t) => {
    await open('1');
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.waitForSelector('.compared tbody tr');
    t.same(await page.locator('.compared td:nth-child(2)').allInnerTexts(), [hostile, 'digits']);
    t.same(await page.locator('.compared td:nth-child(10)').allInnerTexts(), ['B', 'A'], 'other data');
    const accuracies = await page.locator('.compared td:nth-child(5)').allInnerTexts();
    t.same(accuracies, ['0.2500', `${(100 * decisive(winner.best)).toFixed(2)} %`]);
    // Twelve epochs of one winner, two of the other.
    await page.waitForSelector('.chart[data-points="14"]');
    t.match(await page.locator('.key').innerText(), `run 1: digits, trial ${winner.number}, learning rate`);
    await page.getByRole('link', { name: '1', exact: true }).click();
    await page.waitForSelector('h1 >> text=digits');
    t.match(await page.locator('.tiles').innerText(), '4 of 4', 'and back');
  });

  await t.test('the way to the content leaves the page as it is', async (t) => {
    await open('1/leaderboard');
    await page.locator('.skip').press('Enter');
    t.equal(await page.evaluate('document.activeElement.id'), 'main');
    t.match(page.url(), /#\/1\/leaderboard$/);
    t.equal(await page.locator('h1').innerText(), 'digits done');
  });

  await t.test('figures have their numbers as a table', async (t) => {
    await open('1/figures');
    const map = page.locator('section[aria-label="The grid"]');
    await map.getByText('As a table').press('Enter');
    t.equal(await map.locator('tbody tr').count(), 2, 'a row a batch size');
  });

  await t.test('a name is text, whatever is in it', async (t) => {
    await open(String(hostileId));
    t.equal(await page.locator('h1').innerText(), `${hostile} done`);
    t.equal(await page.locator('main img').count(), 0);
    t.equal(await page.title(), `${hostile} · coresweep`);
  });

  await t.test('where the loss decides, tiles, lists and leaderboard are about the loss', async (t) => {
    await open(String(hostileId));
    t.match(await page.locator('.tiles').innerText(), /0\.2500\s+validation accuracy 50\.00 %/);
    t.equal(await page.locator('.experiment[aria-current] .figure').innerText(), '0.2500');
    await open(`${hostileId}/leaderboard`);
    const heads = await page.locator('.board th').allInnerTexts();
    t.ok(heads.indexOf('validation loss') < heads.indexOf('validation accuracy'), heads.join());
    await open('1/leaderboard');
    const others = await page.locator('.board th').allInnerTexts();
    t.ok(others.indexOf('validation accuracy') < others.indexOf('validation loss'), others.join());
  });

  await t.test('no page is wider than a narrow screen, light or dark', async (t) => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const pages = {
        '1': '.chart[data-points]',
        compare: '.compared tbody tr',
        '1/leaderboard': '.board tbody tr',
        '1/figures': '.page',
        '1/digits': '.confusion',
        [`1/trial/${winner.id}`]: '.chart[data-points]',
        [hostileId]: '.tiles',
      };
      for (const [address, sign] of Object.entries(pages)) {
        await open(address);
        await page.waitForSelector(sign);
        const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        t.equal(excess, 0, `${address}, ${colorScheme}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await t.test('curves grow while a sweep runs, and a reload misses nothing', async (t) => {
    const data = join(folder, 'tiny');
    writeTinyIdx(data);
    const endless = definition(folder, 'endless', {
      data: { source: 'idx', folder: data, train: [0, 80], validation: [80, 120] },
      // Wide, so that no machine is through with it in less than a minute.
      model: { hidden: [1024] },
      training: { epochs: 100_000 },
      space: { learningRate: [0.001], batchSize: [8] },
    });
    await open('1');
    const running = sweep(endless, database);
    t.teardown(() => running.kill('SIGKILL'));
    // It turns up by itself.
    await page.locator('.experiment', { hasText: 'endless' }).click();
    const drawn = "Number(document.querySelector('.chart[data-points]')?.dataset.points ?? 0)";
    const points = () => page.evaluate<number>(drawn);
    const grownTo = (least: number) => until(async () => (await points()) > least);
    await grownTo(3);
    await grownTo(await points());
    t.match(await page.locator('.now li').innerText(), /epoch \d+ of 100000.*\d+ s, about \d+ /s);
    t.match(await page.locator('.tiles').innerText(), /running for \d+ s, about \d+ /);
    t.match(await page.locator('.key').first().innerText(), 'trial 1 running');
    t.equal(await page.locator('.key .running-1').count(), 1);
    await page.locator('.now a').focus();
    const before = await points();
    await grownTo(before);
    t.equal(await page.evaluate('document.activeElement.textContent'), 'trial 1', 'the focus stays');
    await page.reload();
    await grownTo(before - 1);
    t.ok((await points()) >= before, 'after a reload the curve is whole');
    t.match(await page.locator('.head').innerText(), 'running');
    running.kill('SIGINT');
    await once(running, 'exit');
    await page.waitForSelector('.head .badge >> text=stopped');
    t.match(await page.locator('.experiment', { hasText: 'endless' }).innerText(), 'stopped');
  });

  await t.test('trials of a run whose process is gone are found as interrupted', async (t) => {
    const store = openStore(database);
    const { experimentId } = addExperiment(store, [done(0.5)], 'validationLoss', 'cut');
    store.addTrials(experimentId, [spec(2)]);
    const [, cut = 0] = store.trials(experimentId).map(({ id }) => id);
    store.startAttempt(cut);
    store.close();
    await open(`${experimentId}/leaderboard`);
    await page.getByLabel('state').selectOption('interrupted');
    await until(async () => (await page.locator('.board tbody tr').count()) === 1);
    t.equal(await page.locator('.board td.state').innerText(), 'interrupted');
  });

  t.same(complaints, [], 'the browser has nothing to complain about');
}

/** Writes a definition of a small network into `folder`; returns its path. */
function definition(folder: string, name: string, rest: object): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ name, model: { hidden: [16] }, ...rest }));
  return file;
}

function sweep(file: string, database: string): ChildProcess {
  const args = ['run', file, '--db', database, '--threads', '1'];
  return spawn(process.execPath, [join(root, 'src/bin.ts'), ...args], { stdio: 'ignore' });
}

/** Waits until `holds` does. The page's policy forbids Playwright's own way, which evaluates text. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + hangsMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`This does not come true: ${holds}`);
    await setTimeout(50);
  }
}

/** Draws one stroke through points given in the board's own pixels. */
async function draw(page: Page, [first, ...others]: readonly [number, number][]): Promise<void> {
  const box = await page.locator('.board-canvas').boundingBox();
  if (box === null || first === undefined) throw new Error('There is nothing to draw on.');
  const scale = box.width / 280;
  await page.mouse.move(box.x + first[0] * scale, box.y + first[1] * scale);
  await page.mouse.down();
  for (const [x, y] of others) await page.mouse.move(box.x + x * scale, box.y + y * scale, { steps: 4 });
  await page.mouse.up();
}
