/**
 * Python programs of other projects that read what coresweep exports, where they are installed.
 * Not here: the byte-level checks, which run everywhere.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What each reader must be able to do before it is asked anything. */
const readers = {
  optuna: `import optuna
version = tuple(int(part) for part in optuna.__version__.split('.')[:2])
if version < (3, 2): raise ImportError(f'optuna {optuna.__version__} is older than 3.2')`,
  torch: 'import torch, numpy',
  onnx: 'import onnx, numpy',
  onnxruntime: 'import onnxruntime, numpy',
} as const;

export type Reader = keyof typeof readers;

/** A reader's own environment, as .ci/run makes one for Optuna; else the system's Python, where Debian puts its packages. */
function pythonOf(reader: Reader): string {
  const own = join(process.env['CORESWEEP_FOREIGN'] ?? '', reader, 'bin/python');
  if (existsSync(own)) return own;
  return process.platform === 'win32' ? 'python' : '/usr/bin/python3';
}

/** Why a test that needs this reader is skipped; false where it is there. */
export function absent(reader: Reader): string | false {
  const { status, stderr, error } = spawnSync(pythonOf(reader), ['-c', readers[reader]], {
    encoding: 'utf8',
  });
  if (status === 0) return false;
  return `${reader} does not read it back: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
}

/** What a Python script prints as JSON. @throws Error with its complaint */
export function fromPython(reader: Reader, script: string, ...args: readonly string[]): unknown {
  const { status, stdout, stderr, error } = spawnSync(pythonOf(reader), ['-c', script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python failed: ${error ?? stderr}`);
  return JSON.parse(stdout);
}
