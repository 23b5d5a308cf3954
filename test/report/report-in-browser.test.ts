/** The report as a reader opens it: from a file, in a real browser. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { findingsOf } from '../../src/findings/findings.ts';
import { reportPage } from '../../src/report/report-page.ts';
import { inBrowser, startBrowser } from '../dashboard/browser.ts';
import { experiment, resultsOf, trial } from '../findings/example-results.ts';

await inBrowser(t, testPage);

async function testPage(path: string): Promise<void> {
  const file = join(t.testdir(), 'report.html');
  const trials = [
    ...Array.from({ length: 12 }, (_, i) => trial(i + 1)),
    trial(99, { role: 'final', number: 1 }),
  ];
  const spans = trials.map(({ id }, i) => ({ trialId: id, session: 1, thread: i % 2, from: i, to: i + 1.5 }));
  const name = '<img src=x onerror="document.title=1">'.repeat(2);
  const found = { results: resultsOf(trials, { spans }), experiment: experiment({ name }), database: file };
  const findings = await findingsOf(found);
  writeFileSync(file, await reportPage(findings));
  const browser = await startBrowser(path);
  t.teardown(() => browser.close());
  const open = async (
    width: number,
    colorScheme: 'light' | 'dark' = 'light',
    javaScriptEnabled = true,
    path = file,
  ) => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      javaScriptEnabled,
    });
    const page = await context.newPage();
    const faults: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return { page, faults, requests };
  };

  await t.test('it opens from a file without a fault and asks for nothing else', async (t) => {
    const { page, faults, requests } = await open(1200);
    t.same(faults, []);
    t.same(
      requests.filter((url) => !url.startsWith('data:')),
      [pathToFileURL(file).href],
    );
    t.equal(await page.textContent('h1'), name, 'a name is text');
    t.not(await page.title(), '1');
  });

  await t.test('it follows the system to dark, and the switch back', async (t) => {
    const { page } = await open(1200, 'dark');
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await paper();
    await page.getByRole('button', { name: 'Light colours' }).press('Enter');
    t.not(await paper(), dark);
    await page.getByRole('button', { name: 'Dark colours' }).click();
    t.equal(await paper(), dark);
  });

  await t.test('on paper it is light, and no table is cut off', async (t) => {
    const { page } = await open(718, 'dark');
    await page.emulateMedia({ media: 'print' });
    const ink = await page.evaluate<string>('getComputedStyle(document.body).color');
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    t.equal(ink, await page.evaluate('getComputedStyle(document.body).color'));
    await page.emulateMedia({ media: 'print' });
    t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
    t.notOk(await page.getByText('As a table').first().isVisible(), 'nobody can open it there');
  });

  await t.test('long values of parameters are broken into lines on paper', async (t) => {
    const solver = (number: number) => `${'a-long-name-'.repeat(12)}${number}`;
    const long = trials.map((one) => ({ ...one, params: { ...one.params, solver: solver(one.number) } }));
    const wide = join(t.testdir(), 'wide.html');
    writeFileSync(
      wide,
      await reportPage(await findingsOf({ ...found, results: resultsOf(long, { spans }) })),
    );
    const { page } = await open(718, 'light', true, wide);
    await page.emulateMedia({ media: 'print' });
    t.match(await page.textContent('table'), 'a-long-name');
    t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
  });

  await t.test('pointing at a curve says whose it is', async (t) => {
    const { page } = await open(1200);
    const drawing = page.locator('#phase1-accuracy-curve-large');
    await drawing.scrollIntoViewIfNeeded();
    const box = await drawing.boundingBox();
    if (box === null) throw new Error('the figure is not shown');
    // Along the middle of the first panel, some curve is near.
    for (let y = 30; y < box.height - 150; y += 25) {
      await page.mouse.move(box.x + box.width / 4, box.y + y);
      if (await drawing.locator('.tip').isVisible()) break;
    }
    t.match(await drawing.locator('.tip').textContent(), /trial \d+, .*\nepoch \d+: validation accuracy/);
    await page.mouse.move(5, 5);
    t.notOk(await drawing.locator('.tip').isVisible());
  });

  await t.test('a telephone shows the narrow figures, and nothing is wider than its screen', async (t) => {
    for (const width of [390, 640, 800]) {
      const { page } = await open(width);
      const sides = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      );
      t.ok(sides[0] <= sides[1], `${sides[0]} pixels on a screen of ${width}`);
      t.equal(await page.locator('#heat-map-small').isVisible(), width <= 640);
      t.equal(await page.locator('#heat-map-large').isVisible(), width > 640);
    }
  });

  await t.test('whoever cannot see or point finds names, tables and an order of headings', async (t) => {
    const { page } = await open(1200);
    const figures = page.locator('figure svg[role=img]:visible');
    t.ok((await figures.count()) >= 7);
    for (const figure of await figures.all()) t.ok((await figure.getAttribute('aria-label'))?.length);
    const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map(({ tagName }) => tagName));
    t.equal(levels[0], 'H1');
    t.equal(levels.filter((level) => level === 'H1').length, 1);
    await page.locator('#heat-map summary').press('Enter');
    t.match(await page.locator('#heat-map table').innerText(), /94\.00/);
    for (const region of await page.locator('.scrolls').all()) t.ok(await region.getAttribute('aria-label'));
  });

  await t.test('without a script all of it can still be read', async (t) => {
    const { page } = await open(1200, 'light', false);
    t.ok(await page.locator('#phase1-accuracy-curve-large svg').isVisible());
    t.notOk(await page.getByRole('button').isVisible(), 'a switch that does nothing is not shown');
  });
}
