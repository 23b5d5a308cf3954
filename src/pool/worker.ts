/** The entry of a thread: binds the kernels to the shared memory once, then trains whatever it is handed. */
import { workerData } from 'node:worker_threads';
import type { Kernels } from '../kernel/kernels.ts';
import { simdKernels } from '../kernel/simd.ts';
import type { Scratch } from '../train/arena.ts';
import { type Training, type TrainingEnd, train } from '../train/train.ts';

/** What every thread of a pool is given when it starts. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** What a thread is asked: one training, whose state lies in shared memory. */
export interface ThreadTask {
  readonly training: Training;
  readonly scratch: Scratch;
}

/** What it answers; an error crosses as text, because its code and class would be lost on the way. */
export type ThreadAnswer =
  | { readonly kind: 'ended'; readonly end: TrainingEnd; readonly seconds: number }
  | { readonly kind: 'threw'; readonly code: string; readonly reason: string; readonly seconds: number };

let kernels: Kernels | undefined;

export default function answer({ training, scratch }: ThreadTask): ThreadAnswer {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    const { module, memory } = workerData as ThreadStart;
    kernels ??= simdKernels(module, memory);
    const end = train({ kernels, buffer: memory.buffer, scratch }, training);
    return { kind: 'ended', end, seconds: seconds() };
  } catch (error) {
    // Anything can be thrown, null too, which Piscina would take for a result.
    const code = String((error as { code?: unknown } | null)?.code ?? 'ERR_TRIAL_THREW');
    const reason = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    return { kind: 'threw', code, reason, seconds: seconds() };
  }
}
