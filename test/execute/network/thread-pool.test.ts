import t from 'tap';
import { memoryToHave } from '../../../src/execute/memory-to-have.ts';
import type { Thread } from '../../../src/execute/network/thread.ts';
import { startThreads } from '../../../src/execute/network/thread-pool.ts';

/** A system that gives `most` threads and then refuses, and which of them have been closed. */
function systemOf(most: number) {
  let given = 0;
  const closed: number[] = [];
  const start = (): Thread => {
    if (given === most) throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
    const number = given++;
    return {
      run: async () => ({ kind: 'ready' }),
      kill: () => {},
      close: async () => {
        closed.push(number);
      },
    };
  };
  return { start, closed };
}

t.test('threads that the system refuses are told in words, and those that it gave are ended', async (t) => {
  const { start, closed } = systemOf(2);
  t.throws(() => startThreads(5, 'worker.ts', { start }), {
    ...{ code: 'ERR_THREADS', exitCode: 74, cause: { message: 'EAGAIN' } },
    message: /gives 2 of 5 threads \(EAGAIN\)\. Use fewer threads \(--threads 1\)/,
  });
  t.same(closed, [0, 1]);
});

t.test(
  'a pool grows to as many threads as are asked for, and all are ended where the system refuses one',
  async (t) => {
    const { start, closed } = systemOf(3);
    const pool = startThreads(1, 'worker.ts', { start });
    pool.grow(3);
    t.equal(pool.threads.length, 3);
    pool.grow(2);
    t.equal(pool.threads.length, 3, 'none is ended');
    t.throws(() => pool.grow(5), { code: 'ERR_THREADS', message: /gives 3 of 5 threads/ });
    t.same(closed, [0, 1, 2]);
    t.throws(() => pool.grow(1025), { code: 'ERR_OPTION_VALUE' });
  },
);

t.test('more threads than the memory has room for are refused before one is started', async (t) => {
  const { start, closed } = systemOf(0);
  t.throws(() => startThreads(1024, 'worker.ts', { start, memoryBytes: 2 ** 30 }), {
    code: 'ERR_THREADS',
    message: /1024 threads take about 12\.0 GiB of memory, but there are 1\.0 GiB\. Use at most 85/,
  });
  t.same(closed, []);
  const one = systemOf(1);
  t.equal(
    startThreads(1, 'worker.ts', { start: one.start, memoryBytes: 0 }).threads.length,
    1,
    'one is always tried',
  );
});

t.test('memory that is full of files which were read is no reason to refuse threads', async (t) => {
  const { start } = systemOf(4);
  // As in a container, and on macOS.
  t.intercept(process, 'availableMemory', { value: () => 0 });
  t.equal(startThreads(4, 'worker.ts', { start }).threads.length, 4);
  t.equal(memoryToHave(2 ** 29, 2 ** 34), 2 ** 29, 'a container has its limit');
  for (const none of [0, 2 ** 64]) t.equal(memoryToHave(none, 2 ** 34), 2 ** 34);
});

t.test('what is no number of threads is refused', async (t) => {
  for (const count of [0, 1.5, -1, Number.NaN, 1025, '2' as unknown as number]) {
    t.throws(() => startThreads(count, 'worker.ts', systemOf(9)), {
      ...{ code: 'ERR_OPTION_VALUE', exitCode: 2 },
      message: /^threads must be a whole number from 1 to 1024, but got /,
    });
  }
});
