import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { referenceKernels } from '../../src/kernel/reference.ts';
import { kernelHash, loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import { kernelsContract, memoryBytes } from '../contracts/kernels-contract.ts';

const module = loadKernelModule();
const pages = memoryBytes / 65_536;
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const buffer = new ArrayBuffer(memoryBytes);

kernelsContract(
  t,
  { buffer, kernels: referenceKernels(buffer) },
  { buffer: memory.buffer, kernels: simdKernels(module, memory) },
);

t.test('the kernel hash is the SHA-256 of mlp.wasm', async (t) => {
  const bytes = readFileSync(new URL('../../src/kernel/mlp.wasm', import.meta.url));
  t.equal(kernelHash(), createHash('sha256').update(bytes).digest('hex'));
});
