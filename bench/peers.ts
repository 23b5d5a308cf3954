/**
 * The same work in other hands: native C where there is gcc, and Python's libraries where install-peers.ts has been.
 * Not here: a distribution's NumPy or PyTorch. With the reference BLAS one is up to ten times slower, which says nothing.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Contestant } from './process.ts';

const folder = join(import.meta.dirname, 'peers');

export const peersFolder = join(import.meta.dirname, '../node_modules/.cache/peers');
export const installedPython = join(
  peersFolder,
  process.platform === 'win32' ? 'Scripts/python' : 'bin/python',
);
/** BENCH_PYTHON names another one that has the peers. */
export const peersPython = process.env['BENCH_PYTHON'] ?? installedPython;

type Library = 'numpy' | 'torch' | 'jax';

/** A machine may pin OpenBLAS to an old processor's kernels, for old programs' sake: not so a peer in its best form. */
const asItIs = { ...process.env, OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };

export type Peer =
  | {
      readonly kind: 'present';
      /** Version, and what does its arithmetic. */
      readonly description: string;
      readonly contestant: (threads: number) => Contestant;
    }
  | { readonly kind: 'absent'; readonly name: string; readonly reason: string };

/** Builds or looks for every peer; `scratch` is a folder for the compiled one. */
export function findPeers(scratch: string, data: string): Peer[] {
  return [
    ...limits.map((one) => limit(one, scratch, data)),
    ...(['numpy', 'torch', 'jax'] as const).map((library) => python(library, data)),
  ];
}

/** limit.c as fast as gcc makes it, and with what our bits forbid left out: how fast these bits could be in native code. */
const limits = [
  { name: 'limit.c', without: [] },
  { name: 'limit.c, nothing fused', without: ['-mno-fma', '-ffp-contract=off'] },
  {
    name: 'limit.c, nothing fused, 128 bits',
    without: ['-mno-fma', '-ffp-contract=off', '-mprefer-vector-width=128', '-DWIDTH=4'],
  },
] as const;

function limit({ name, without }: (typeof limits)[number], scratch: string, data: string): Peer {
  const program = join(scratch, name.replaceAll(/\W+/g, '-'));
  const flags = ['-O3', '-march=native', '-ffast-math', '-pthread', ...without];
  try {
    execFileSync('gcc', [...flags, join(folder, 'limit.c'), '-o', program, '-lm'], { stdio: 'pipe' });
  } catch (error) {
    return { kind: 'absent', name, reason: `gcc did not build it: ${String(error).split('\n')[0]}` };
  }
  return {
    kind: 'present',
    description: `${name}, gcc ${execFileSync('gcc', ['-dumpversion'], { encoding: 'utf8' }).trim()} ${flags.join(' ')}`,
    contestant: (threads) => ({ name, command: program, args: [data, String(threads)] }),
  };
}

/** Version of a library of Python, and what it works on; undefined where install-peers.ts has not been. */
export function describePeer(library: Library | 'optuna' | 'sklearn'): string | undefined {
  const line = [join(folder, 'describe.py'), library];
  try {
    return execFileSync(peersPython, line, { encoding: 'utf8', stdio: 'pipe', env: asItIs }).trim();
  } catch {
    return undefined;
  }
}

/** What a script among the peers prints. */
export const peerSays = (script: string, args: readonly string[], input = ''): string =>
  execFileSync(peersPython, [join(folder, script), ...args], { encoding: 'utf8', env: asItIs, input });

function python(library: Library, data: string): Peer {
  const description = describePeer(library);
  if (description === undefined)
    return { kind: 'absent', name: library, reason: '`npm run bench:peers` installs it' };
  const script = join(folder, `${library}_sweep.py`);
  return {
    kind: 'present',
    description,
    contestant: (threads) => ({
      ...{ name: library, command: peersPython, args: [script, data, String(threads)], env: asItIs },
    }),
  };
}
