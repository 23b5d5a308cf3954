/**
 * Python programs of other projects that read what coresweep exports, where they are installed.
 * Not here: the byte-level checks, which run everywhere.
 */
import { spawnSync } from 'node:child_process';

// Debian puts python3-torch and its like here, where another python3 in PATH would not find them.
const python = process.platform === 'win32' ? 'python' : '/usr/bin/python3';

/** Whether Python can import all of these modules. */
export const hasPython = (...modules: readonly string[]): boolean =>
  spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0;

/** What a Python script prints as JSON. @throws Error with its complaint */
export function fromPython(script: string, ...args: readonly string[]): unknown {
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python failed: ${error ?? stderr}`);
  return JSON.parse(stdout);
}

/** Says in the test's output which program has read an export, or that none was there. */
export function foreignReader(
  t: { comment(text: string): void },
  name: string,
  ...modules: readonly string[]
) {
  const isThere = hasPython(...modules);
  t.comment(isThere ? `read back by ${name}` : `${name} is not installed: only the bytes are checked`);
  return isThere;
}
