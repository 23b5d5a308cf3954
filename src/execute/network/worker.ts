/** The entry of a thread: binds the kernels to the shared memory once, then trains or assists, task by task. */
import { writePixels } from '../../data/pixel-rows.ts';
import type { Kernels } from '../../kernel/kernels.ts';
import { simdKernels } from '../../kernel/simd.ts';
import { expectEqualArithmetic } from '../../kernel/start-check.ts';
import type { Scratch } from '../../train/arena.ts';
import { type Assisted, assist } from '../../train/assist.ts';
import { drawnOrders } from '../../train/row-order.ts';
import { selfCheck } from '../../train/self-check.ts';
import { type Training, type TrainingEnd, train } from '../../train/train.ts';
import type { Placing } from './placing.ts';

/** What all threads of a pool work on. */
export interface ThreadShare {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: Int32Array;
}

/** What a thread is asked to do; all state lies in shared memory. */
export type ThreadTask = { readonly share: ThreadShare } & Asked;

/** The same as it is sent: without what the thread has already got. */
export type ToldTask = { readonly share?: ThreadShare } & Asked;

type Asked =
  | { readonly kind: 'train'; readonly training: Training; readonly scratch: Scratch }
  | { readonly kind: 'assist'; readonly trainings: readonly Assisted[] }
  /** To see whether the machine computes as every other, to write rows, or nothing but to answer. */
  | { readonly kind: 'ready'; readonly checks: boolean; readonly placing: Placing | undefined };

/** What it answers; an error crosses as text, because its code and class would be lost on the way. */
export type ThreadAnswer =
  | { readonly kind: 'trained'; readonly end: TrainingEnd; readonly seconds: number }
  | { readonly kind: 'assisted' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'threw'; readonly code: string; readonly reason: string; readonly seconds: number };

let bound: (ThreadShare & { readonly kernels: Kernels }) | undefined;

const check = selfCheck();
const orders = drawnOrders();

const bind = (share: ThreadShare): typeof bound => ({
  ...share,
  kernels: simdKernels(share.module, share.memory),
});

export default function answer(task: ToldTask): ThreadAnswer {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    if (task.share !== undefined) bound = bind(task.share);
    if (bound === undefined) throw new Error('The thread does not know what it works on.');
    const { kernels, memory, board } = bound;
    const thread = { kernels, buffer: memory.buffer, board };
    switch (task.kind) {
      case 'train': {
        const here = { ...thread, scratch: task.scratch, drawnOrders: orders };
        const end = train({ ...here, afterEpoch: check(here, task.training) }, task.training);
        return { kind: 'trained', end, seconds: seconds() };
      }
      case 'assist':
        assist(thread, task.trainings);
        return { kind: 'assisted' };
      case 'ready':
        if (task.checks) expectEqualArithmetic(bound.module);
        if (task.placing !== undefined) {
          const { pictures, rows, range, room } = task.placing;
          writePixels(pictures, rows, range, { ...bound, address: room });
        }
        return { kind: 'ready' };
      default:
        return task satisfies never;
    }
  } catch (error) {
    // Anything can be thrown, null too, which Piscina would take for a result.
    const code = String((error as { code?: unknown } | null)?.code ?? 'ERR_TRIAL_THREW');
    const reason = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    return { kind: 'threw', code, reason, seconds: seconds() };
  }
}
