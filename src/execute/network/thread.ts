/**
 * One thread that outlives its own death: whatever ends it is an answer, and the next task finds a new one.
 * Each is a Piscina pool of a single thread. In a pool of several, a task does not tell which thread it is on; a task is
 * rejected before its thread has ended, while that may still write to shared memory; and after one thread has failed to
 * boot, later tasks wait for ever (Piscina 5.3.2).
 */
import { Piscina } from 'piscina';
import { shown } from '../../errors.ts';
import type { ThreadAnswer, ThreadShare, ThreadTask, ToldTask } from './worker.ts';

/** A thread that ended while it had a task; it can no longer touch the shared memory. */
export interface ThreadDeath {
  readonly kind: 'died';
  readonly code: string;
  readonly reason: string;
}

/** Why a thread is ended on purpose. */
export type Verdict = Pick<ThreadDeath, 'code' | 'reason'>;

export interface Thread {
  /** Does one task, one at a time. Never rejects. */
  run(task: ThreadTask): Promise<ThreadAnswer | ThreadDeath>;
  /** Ends the thread at once, wherever it is; its task is answered with a death of this verdict. */
  kill(verdict: Verdict): void;
  /** Ends the thread for good. */
  close(): Promise<void>;
}

/** One life of a thread. */
interface Life {
  readonly pool: Piscina<ToldTask, ThreadAnswer>;
  /** Resolves once the thread cannot do anything any more. */
  readonly ended: Promise<unknown>;
  /** Resolves with the fault where the thread breaks without a task to blame it on. */
  readonly broken: Promise<unknown>;
  /** The module and the memory that it has already got: sending them takes longer than the task itself. */
  share?: ThreadShare | undefined;
}

/** Starts a thread on `workerFile`; it boots at once. */
export function startThread(workerFile: string): Thread {
  let life: Life | undefined = begin(workerFile);
  let verdict: Verdict | undefined;
  let condemn: ((verdict: Verdict) => void) | undefined;

  return {
    async run({ share, ...task }) {
      let current: Life | undefined;
      const { promise: condemned, resolve } = Promise.withResolvers<Verdict>();
      condemn = resolve;
      try {
        life ??= begin(workerFile);
        current = life;
        const told = current.share === share ? task : { ...task, share };
        current.share = share;
        const answer: unknown = await Promise.race([
          current.pool.run(told),
          current.broken.then((error) => Promise.reject(error)),
          condemned.then((given) => {
            verdict = given;
            return Promise.reject(given);
          }),
        ]);
        // It may not have got so far as to keep it.
        if (isAnswer(answer) && answer.kind === 'threw') current.share = undefined;
        if (isAnswer(answer)) return answer;
        // A worker that throws null is taken for one that has answered it.
        throw new Error(`The thread answered ${String(answer)}.`);
      } catch (error) {
        const { code, reason } = verdict ?? faultOf(error);
        verdict = undefined;
        life = undefined;
        // The system may have refused another life.
        if (current !== undefined) await end(current);
        return { kind: 'died', code, reason };
      } finally {
        condemn = undefined;
      }
    },
    kill: (given) => condemn?.(given),
    async close() {
      const last = life;
      life = undefined;
      if (last !== undefined) await end(last);
    },
  };
}

function begin(workerFile: string): Life {
  const pool = new Piscina<ToldTask, ThreadAnswer>({
    filename: workerFile,
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    // What a thread works on is outside its heap. One that needs more than this is at fault, and must not take the
    // process along. What it drops is little: collected early, that takes 5 MiB a thread less, and no time.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4 },
  });
  const [worker] = pool.threads;
  const ended = new Promise((resolve) => worker?.once('exit', resolve));
  // Without a listener, a thread that fails to boot would end the process.
  const broken = new Promise((resolve) => pool.on('error', resolve));
  return { pool, ended, broken };
}

async function end({ pool, ended }: Life): Promise<void> {
  // What it was asked is answered already; Piscina would reject it once more.
  await pool.destroy().catch(() => {});
  await ended;
}

const kinds: ReadonlySet<unknown> = new Set<ThreadAnswer['kind']>(['trained', 'assisted', 'ready', 'threw']);

const isAnswer = (answer: unknown): answer is ThreadAnswer =>
  typeof answer === 'object' && answer !== null && 'kind' in answer && kinds.has(answer.kind);

function faultOf(error: unknown): Verdict {
  const code = (error as { code?: unknown } | null)?.code;
  // What cannot be sent between threads is rejected as an empty object.
  const reason =
    (error instanceof Error && error.message) || `The thread's task was rejected with ${shown(error)}.`;
  return { code: typeof code === 'string' ? code : 'ERR_THREAD_DIED', reason };
}
