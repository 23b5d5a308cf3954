/**
 * Threads that have been started, but know nothing yet of a data set.
 * Not here: what they do (threads.ts), and how one of them lives (thread.ts).
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errors } from '../../errors.ts';
import { memoryToHave } from '../memory-to-have.ts';
import { startThread, type Thread } from './thread.ts';

// The worker is TypeScript beside TypeScript and JavaScript beside JavaScript; tsc does not rewrite URLs.
const workerFile = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

/** The most threads of a pool. */
export const maxThreads = 1024;

/** What a thread takes before it has anything to do, as measured. */
export const bytesPerThread = 12 * 2 ** 20;

export interface ThreadPool {
  readonly threads: readonly Thread[];
  /**
   * Starts more of them, until there are `count`; before an executor has them.
   * @throws as startThreads does; where the system refuses one, all have been ended
   */
  grow(count: number): void;
  /** Ends all of them, wherever they are. */
  destroy(): Promise<void>;
}

/** @throws ERR_OPTION_VALUE for what is not a number of threads */
export function expectThreadCount(count: number): void {
  if (!(Number.isInteger(count) && count >= 1 && count <= maxThreads))
    throw errors.wholeNumberOption('threads', 1, maxThreads, count);
}

/** What the system has to give; tests have less. */
interface System {
  readonly memoryBytes: number;
  readonly start: (file: string) => Thread;
}

/**
 * Starts `count` threads; they boot while the data set is read. The caller destroys them.
 * @throws ERR_THREADS where the system does not give them, and ERR_OPTION_VALUE for what is not a number of threads
 */
export function startThreads(count: number, file = workerFile, system: Partial<System> = {}): ThreadPool {
  const { memoryBytes = memoryToHave(), start = startThread } = system;
  const threads: Thread[] = [];
  let ended: Promise<unknown> | undefined;
  const destroy = async () => {
    ended ??= Promise.all(threads.map((thread) => thread.close()));
    await ended;
  };
  const grow = (count: number) => {
    expectThreadCount(count);
    const most = Math.max(1, Math.floor(memoryBytes / bytesPerThread));
    if (count > most) throw errors.threadsTooLarge(count, count * bytesPerThread, memoryBytes, most);
    try {
      while (threads.length < count) threads.push(start(file));
    } catch (cause) {
      // No one else can end the threads that did start.
      destroy().catch(() => {});
      throw errors.threadsRefused(threads.length, count, cause);
    }
  };
  grow(count);
  return { threads, grow, destroy };
}
