/**
 * Required at the start of each test file's process, before anything else (.taprc): makes it a plain Node process again.
 *
 * tap starts a file with three modules that watch what is loaded, for mocks and coverage. We use neither, and every thread
 * and every process that a test starts would load them too: 0.5 s of a core a thread instead of 0.06. A user's have none.
 * Compiled code is kept, for threads and processes as well: types are taken out of a file once, not at each start.
 */
const { join } = require('node:path');

const isOfTap = (arg) => /@tapjs|plain-node|^--enable-source-maps$/.test(arg);

// The second time there is nothing of tap's left; Windows cannot replace a process, and tests as tap starts it.
if (process.execve !== undefined && process.execArgv.some(isOfTap)) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('_TAPJS_')));
  env.NODE_OPTIONS = (env.NODE_OPTIONS ?? '').replace(/"--import=[^"]*@tapjs[^"]*"/, '');
  env.NODE_COMPILE_CACHE ??= join(__dirname, '../node_modules/.cache/compiled-by-tests');
  const own = process.execArgv.filter((arg) => !isOfTap(arg));
  process.execve(process.execPath, [process.execPath, ...own, ...process.argv.slice(1)], env);
}
