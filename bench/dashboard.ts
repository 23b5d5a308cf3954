/**
 * How long a person waits for the dashboard over 10,000 trials of 100 epochs: `node bench/dashboard.ts [TRIALS] [EPOCHS]`.
 * Needs a Chromium for the page's times. The database is written to a temporary folder and removed again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startDashboard } from '../src/dashboard/server.ts';
import { browserPath, startBrowser } from '../test/dashboard/browser.ts';
import { writeLargeDatabase } from './large-database.ts';

const [trials = '10000', epochs = '100'] = process.argv.slice(2);
const rounds = 5;
const folder = mkdtempSync(join(tmpdir(), 'coresweep-'));
try {
  const database = join(folder, 'results.db');
  writeLargeDatabase(database, Number(trials), Number(epochs));
  const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0 });
  console.log(`${trials} trials of ${epochs} epochs; medians of ${rounds}`);
  for (const path of ['', '/trials', '/trials?sort=parameter.batchSize', '/curves', '/figures']) {
    const address = `${dashboard.url}api/experiments/1${path}`;
    let bytes = 0;
    const ms = await median(async () => {
      const started = performance.now();
      bytes = (await (await fetch(address)).arrayBuffer()).byteLength;
      return performance.now() - started;
    });
    console.log(`/api/experiments/1${path}: ${ms.toFixed(0)} ms, ${(bytes / 1000).toFixed(0)} kB`);
  }
  const path = browserPath();
  if (path === undefined) console.log('There is no Chromium here: the page is not measured.');
  else await measurePage(await startBrowser(path), dashboard.url);
  await dashboard.close();
} finally {
  rmSync(folder, { recursive: true });
}

/** From the navigation to what a person sees; a new page each time, with nothing in its cache. */
async function measurePage(browser: Browser, url: string): Promise<void> {
  const signs = {
    'first paint': 'header',
    'numbers of the overview': '.tiles .tile',
    'curves of the overview': '.chart[data-points]',
  };
  for (const [name, sign] of Object.entries(signs)) {
    const ms = await median(() => timeUntil(browser, url, sign));
    console.log(`${name}: ${ms.toFixed(0)} ms`);
  }
  const ms = await median(() => timeUntil(browser, `${url}#/1/leaderboard`, '.board tbody tr'));
  console.log(`leaderboard: ${ms.toFixed(0)} ms`);
  await browser.close();
}

async function timeUntil(browser: Browser, url: string, sign: string): Promise<number> {
  const page = await browser.newPage();
  try {
    const started = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector(sign);
    return performance.now() - started;
  } finally {
    await page.close();
  }
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await measure());
  return times.sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
}
