#!/usr/bin/env node
/** Checks the Node version before anything native is imported (better-sqlite3 13 crashes without a word on older ones). */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `coresweep needs Node 22.18 or newer, but this is Node ${process.versions.node}. Install a newer one, or use npm scripts inside the project.\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./cli.ts');
  let brokenOutput: 74 | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`| head`) and has what it wanted; a sweep goes on, for its results are in the database.
    if (error.code === 'EPIPE' || brokenOutput !== undefined) return;
    brokenOutput = 74;
    process.exitCode = brokenOutput;
    process.stderr.write(`The output cannot be written: ${error.message}.\n`);
  });
  // Whoever closes stderr wants to hear nothing.
  process.stderr.on('error', () => {});
  const controller = new AbortController();
  let stoppedBy: 130 | 143 | undefined;
  const stop = (code: 130 | 143) => () => {
    stoppedBy ??= code;
    controller.abort();
  };
  process.once('SIGINT', stop(130));
  process.once('SIGTERM', stop(143));
  const terminal = { out: process.stdout, err: process.stderr, signal: controller.signal };
  const code = await main(process.argv.slice(2), terminal);
  process.exitCode = stoppedBy ?? brokenOutput ?? code;
}

export {};
