import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import { expectEqualArithmetic } from '../../src/kernel/start-check.ts';
import { root } from '../source.ts';

const module = loadKernelModule();

/** The kernels of a machine on which `spoil` happens after each call of `name`. */
const spoiled =
  (name: keyof Kernels, spoil: (floats: Float32Array) => void) => (memory: WebAssembly.Memory) => {
    const kernels = simdKernels(module, memory);
    const kernel = kernels[name] as (...given: number[]) => number;
    const changed = (...given: number[]) => {
      const result = kernel(...given);
      spoil(new Float32Array(memory.buffer));
      return result;
    };
    return { ...kernels, [name]: changed } as Kernels;
  };

const flush = (floats: Float32Array) => {
  for (const [i, x] of floats.entries()) if (Math.abs(x) < 2 ** -126) floats[i] = 0;
};

t.test('a machine whose kernels equal the reference is let through', async (t) => {
  t.doesNotThrow(() => expectEqualArithmetic(module));
});

t.test(
  'no number of the check becomes infinite or NaN, whose bits engines choose as they like',
  async (t) => {
    const seen: Float32Array[] = [];
    expectEqualArithmetic(module, (memory) => {
      seen.push(new Float32Array(memory.buffer, 1024));
      return simdKernels(module, memory);
    });
    t.ok(seen[0]?.every(Number.isFinite));
  },
);

t.test(
  'a machine that takes denormal numbers for 0 in any kernel is refused, and the kernel named',
  async (t) => {
    const names = Object.keys(
      simdKernels(module, new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })),
    );
    t.equal(names.length, 28);
    for (const name of names as (keyof Kernels)[]) {
      t.throws(() => expectEqualArithmetic(module, spoiled(name, flush)), {
        ...{ code: 'ERR_MACHINE', exitCode: 69 },
        message: new RegExp(`${name} gives other bits`),
      });
    }
  },
);

t.test('one bit of one number is enough', async (t) => {
  const nudge = (floats: Float32Array) => {
    const words = new Uint32Array(floats.buffer);
    words[300] = (words[300] as number) ^ 1;
  };
  t.throws(() => expectEqualArithmetic(module, spoiled('descend', nudge)), { code: 'ERR_MACHINE' });
});

t.test('a big-endian machine is refused in words', async (t) => {
  t.throws(() => loadKernelModule(false), { code: 'ERR_MACHINE', message: /big-endian/ });
});

t.test(
  'a processor without 128-bit SIMD is refused in words before anything runs, with exit code 69',
  { skip: process.arch === 'x64' ? false : 'only on x64 can the engine be told that it has no SSE4.1' },
  async (t) => {
    const words = ['run', join(root, 'experiments/quickstart.yaml'), '--db', join(t.testdir(), 'r.db')];
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--no-enable-sse4-1', '--conditions=coresweep-source', join(root, 'src/bin.ts'), ...words],
      { encoding: 'utf8' },
    );
    t.equal(status, 69, stderr);
    t.match(stderr, /cannot compute on this machine .*128-bit SIMD.*\[ERR_MACHINE\]/);
  },
);
