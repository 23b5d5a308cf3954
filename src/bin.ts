#!/usr/bin/env node
/** Checks the Node version before anything native is imported (better-sqlite3 13 crashes without a word on older ones). */
import { homedir } from 'node:os';
import { dirname, extname, join, relative } from 'node:path';

const { isOldNode } = await import('./node-version.ts');

if (isOldNode) {
  const { errors } = await import('./errors.ts');
  const { message, exitCode } = errors.oldNode(process.versions.node);
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
} else {
  // Not above: an older Node does not know these names, and would say so in place of the line that helps.
  const { enableCompileCache, getCompileCacheDir, registerHooks } = await import('node:module');
  // What was stripped of types and compiled once need not be again: halves the time to the first trial. The variable is
  // for the threads, which read it when they start.
  const folder = cacheFolder();
  if (folder !== undefined) enableCompileCache(folder);
  // The folder in use is one of this Node's own within the one that the variable names.
  const inUse = getCompileCacheDir();
  if (inUse !== undefined) process.env['NODE_COMPILE_CACHE'] ??= dirname(inUse);
  // A definition that imports 'coresweep' gets the one that runs it, wherever either lies: coresweep may be installed
  // globally, and in its own repository there need be no build.
  const extension = extname(import.meta.url);
  const own = {
    folder: `${dirname(import.meta.url)}/`,
    index: new URL(`./index${extension}`, import.meta.url).href,
    format: extension === '.ts' ? 'module-typescript' : 'module',
  };
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === 'coresweep') return { url: own.index, shortCircuit: true };
      const { parentURL = '' } = context;
      const isRelative = specifier.startsWith('.');
      // Our own files lie where their names say: Node would ask the disk about every import, a sixth of the time before a run.
      if (isRelative && parentURL.startsWith(own.folder) && specifier.endsWith(extension))
        return { url: new URL(specifier, parentURL).href, format: own.format, shortCircuit: true };
      // zod brings its words in sixty languages, a file each, that nobody here reads.
      const isWords = specifier === '../locales/index.js' && parentURL.includes('/node_modules/zod/');
      return next(isWords ? '../locales/en.js' : specifier, context);
    },
  });
  const { main } = await import('./cli.ts');
  let brokenOutput: 74 | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`| head`) and has what it wanted; a sweep goes on, for its results are in the database.
    if (error.code === 'EPIPE' || brokenOutput !== undefined) return;
    brokenOutput = 74;
    process.exitCode = brokenOutput;
    process.stderr.write(`The output cannot be written: ${error.message}.\n`);
  });
  // A caller that closes stderr wants no output.
  process.stderr.on('error', () => {});
  const { stopSignal, stoppedBy } = await import('./signals.ts');
  let stop: AbortSignal | undefined;
  const terminal = {
    out: process.stdout,
    err: process.stderr,
    // Only for who asks, and so can end in good order: whatever else runs, a long query for one, is ended by the system.
    get signal() {
      stop ??= stopSignal();
      return stop;
    },
    program: programName(),
  };
  const code = await main(process.argv.slice(2), terminal);
  for (const stream of [process.stdout, process.stderr]) await written(stream);
  process.exitCode = stoppedBy() ?? brokenOutput ?? code;
  // Left to itself, Node would wait for V8 to compile and collect in the background, for a process that is at its end.
  process.exit();
}

/** A folder of the user's own: in the system's temporary one, others could lay code for this user to run. */
function cacheFolder(): string | undefined {
  try {
    return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'coresweep');
  } catch {
    // A user without a home.
    return undefined;
  }
}

/** Resolves once all that was written before has left the process, or cannot. */
function written(stream: NodeJS.WriteStream): Promise<unknown> {
  return new Promise((resolve) => stream.write('', resolve));
}

/** How this program is typed where it is, for help and for a command line that starts another one. */
function programName(): string {
  const script = process.argv[1] ?? '';
  // The package holds JavaScript; npx sets what npm sets for a script, so that says nothing there.
  if (!import.meta.filename.endsWith('.ts')) {
    return /[\\/]node_modules[\\/]/.test(script) ? 'npx coresweep' : 'coresweep';
  }
  if (process.env['npm_lifecycle_event'] !== undefined) return 'npm run coresweep --';
  return `node ${relative(process.cwd(), script)}`;
}
