/** The same phase 1 in other hands, where this machine has them: native C, NumPy, PyTorch. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Contestant } from './process.ts';

const folder = join(import.meta.dirname, 'peers');

export type Peer =
  | { readonly kind: 'present'; readonly contestant: (threads: number) => Contestant }
  | { readonly kind: 'absent'; readonly name: string; readonly reason: string };

/** Builds or looks for every peer; `scratch` is a folder for the compiled one. */
export function findPeers(scratch: string, data: string): Peer[] {
  return [limit(scratch, data), python('numpy', data), python('torch', data)];
}

function limit(scratch: string, data: string): Peer {
  const program = join(scratch, 'limit');
  const flags = ['-O3', '-march=native', '-ffast-math', '-pthread'];
  try {
    execFileSync('gcc', [...flags, join(folder, 'limit.c'), '-o', program, '-lm'], { stdio: 'pipe' });
  } catch (error) {
    return {
      kind: 'absent',
      name: 'limit.c',
      reason: `gcc did not build it: ${String(error).split('\n')[0]}`,
    };
  }
  return {
    kind: 'present',
    contestant: (threads) => ({ name: 'limit.c', command: program, args: [data, String(threads)] }),
  };
}

function python(library: 'numpy' | 'torch', data: string): Peer {
  // The system's own Python first: that is where distributions install libraries.
  for (const command of ['/usr/bin/python3', 'python3']) {
    try {
      execFileSync(command, ['-c', `import ${library}`], { stdio: 'pipe' });
    } catch {
      continue;
    }
    const script = join(folder, `${library}_sweep.py`);
    return {
      kind: 'present',
      contestant: (threads) => ({ name: library, command, args: [script, data, String(threads)] }),
    };
  }
  return { kind: 'absent', name: library, reason: `no python3 here imports ${library}` };
}
