/** A real browser for tests, where this machine has one. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { Test } from 'tap';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of Chromium or Chrome: CHROMIUM, or the first on PATH; undefined where there is none. */
export function browserPath(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  const known = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env['CHROMIUM'] ?? '', ...known].find((path) => path !== '' && existsSync(path));
}

/** Starts the browser at `path` so that it talks to nobody but the page. */
export const startBrowser = (path: string): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

/** Runs `test` with the path of this machine's browser; where there is none, the test file is skipped, saying so. */
export async function inBrowser(t: Test, test: (path: string) => Promise<void>): Promise<void> {
  const path = browserPath();
  if (path !== undefined) return test(path);
  t.pass('in a browser', { skip: 'there is no Chromium or Chrome here (Debian: apt-get install chromium)' });
}
