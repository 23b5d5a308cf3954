import t from 'tap';
import { referenceKernels } from '../../src/kernel/reference.ts';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
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
