/**
 * What a function's thread and the main thread say to each other, and the words of memory that they share.
 * Not here: who says what when.
 */
import type { Metric } from '../metric.ts';
import type { TrialFault } from '../objective/trial-faults.ts';
import type { Checkpoint, Params, Role } from '../trial.ts';
import type { Judgement } from './executor.ts';
import type { WorkEnd } from './underway.ts';

/** What a thread is born with. */
export interface ThreadSetup {
  /** A URL. */
  readonly module: string;
  readonly metrics: readonly Metric[];
  /** What the thread may take, in MiB. */
  readonly memoryMb: number;
  /** The URL that a module's import of coresweep stands for; threads do not inherit what the main thread has settled. */
  readonly coresweep: string | undefined;
  /** int32 by the table `words`. */
  readonly words: Int32Array;
}

/** Where each shared word is. */
export const words = {
  /** By the table `requests`: what the trial is asked for, also where its code never waits. */
  request: 0,
  /** How many of the thread's messages have been read: it waits where too many have not. */
  read: 1,
  /** The system's number of the thread, on Linux: whom the processes that it starts belong to. */
  systemThread: 2,
  /** 1 once the thread has booted and imported its module, or failed to: it can run trials. */
  isUp: 3,
} as const;

export const requests = { none: 0, stop: 1, prune: 2 } as const;

/** The most messages that are on their way at once. */
export const mostUnread = 8;

/** Numbers in front of the bytes of a checkpoint: how many random numbers had been drawn. */
export const checkpointHeadBytes = 8;

export interface FunctionTask {
  readonly kind: 'run';
  readonly number: number;
  readonly replicate: number;
  readonly role: Role;
  readonly params: Params;
  readonly seed: number;
  readonly start: Uint8Array | undefined;
  readonly restored: Pick<Checkpoint, 'step' | 'bytes'> | undefined;
  readonly until: number | undefined;
  readonly rungs: readonly number[];
}

/** To the thread. */
export type ToThread =
  | FunctionTask
  /** Import the module, ahead of all trials, and say how that went. */
  | { readonly kind: 'load' }
  | { readonly kind: 'judged'; readonly step: number; readonly judgement: Judgement }
  /** Look at the word `request`. */
  | { readonly kind: 'asked' };

/** From the thread, about the trial that it runs. */
export type FromThread =
  /** float64: (reports, 1 + metrics), the step first. */
  | { readonly kind: 'reports'; readonly packed: Float64Array }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'checkpoint' | 'model'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly end: WorkEnd; readonly isClean: boolean }
  | { readonly kind: 'loaded'; readonly fault: TrialFault | undefined };
