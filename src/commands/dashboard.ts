/** Serves the live page. */
import { constants, setPriority } from 'node:os';
import { startDashboard } from '../dashboard/server.ts';
import { exitCodes } from '../errors.ts';
import { defineCommand } from './command.ts';
import { openPage } from './open-page.ts';
import { baseOption, databaseOption, wholeNumber } from './options.ts';

export const dashboard = defineCommand({
  usage: 'dashboard',
  summary: 'Show results in the browser, live while a sweep runs',
  examples: [
    ['dashboard', 'a page over results/results.db; Ctrl-C ends it'],
    ['dashboard --db other/results.db --port 5000 --open no', 'another database, at a port of its own'],
    ['dashboard --host 0.0.0.0', 'for other machines too; the address holds a token'],
  ],
  positionals: [],
  options: {
    db: databaseOption,
    base: baseOption,
    port: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--port', 0, 65_535),
      defaultDescription: 'the first free one from 4600 on',
      describe: 'Port to listen on; 0 for any',
    },
    host: {
      type: 'string',
      requiresArg: true,
      default: '127.0.0.1',
      describe: 'Address to listen on',
    },
    open: {
      type: 'string',
      choices: ['yes', 'no'],
      requiresArg: true,
      defaultDescription: 'yes on a terminal',
      describe: 'Whether to open the page in a browser',
    },
  },
  async run({ db, base, port, host, open }, { out, err, signal }) {
    stepBack();
    const served = await startDashboard({ database: db, base, host, port });
    out.write(`${served.url}\n`);
    // Beside a run, Ctrl-C reaches both, and the run says what that means.
    if (out.isTTY) err.write('Ctrl-C ends the dashboard; it only reads, so a sweep is not touched.\n');
    if (open === 'yes' || (open === undefined && out.isTTY && !process.env['CI'])) openPage(served.url);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      // Beside a run whose process is gone: nobody else would end it.
      if (process.connected) process.once('disconnect', () => resolve());
    });
    await served.close();
    if (process.connected) process.disconnect();
    return exitCodes.done;
  },
});

/** Whatever trains on the same cores goes first; where that may not be set, nothing is lost. */
function stepBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some containers forbid it.
  }
}
