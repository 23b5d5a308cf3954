#!/usr/bin/env node
/** Checks the Node version before anything native is imported (better-sqlite3 13 crashes without a word on older ones). */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `coresweep needs Node 22.18 or newer, but this is Node ${process.versions.node}. Install a newer one, or use npm scripts inside the project.\n`,
  );
  process.exitCode = 2;
} else {
  const { registerHooks } = await import('node:module');
  const ownIndex = new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url)
    .href;
  // A definition that imports 'coresweep' gets the one that runs it, wherever either lies: coresweep may be installed
  // globally, and in its own repository there need be no build.
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'coresweep' ? { url: ownIndex, shortCircuit: true } : next(specifier, context),
  });
  const { main } = await import('./cli.ts');
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
  process.exitCode = stoppedBy ?? code;
}

export {};
