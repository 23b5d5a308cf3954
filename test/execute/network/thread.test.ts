import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { startThread } from '../../../src/execute/network/thread.ts';
import { startThreads } from '../../../src/execute/network/thread-pool.ts';
import { threadExecutor } from '../../../src/execute/network/threads.ts';
import { watch } from '../../../src/execute/watchdog.ts';
import { planFor, randomRows } from '../../train/in-process.ts';
import { byKey } from './network-jobs.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../torture/${name}`, import.meta.url));

t.test('threads that cannot boot are told at once, and nothing waits for them', async (t) => {
  const data = randomRows();
  const pool = startThreads(2, fileOf('unbootable-worker.ts'));
  t.teardown(() => pool.destroy());
  const executor = threadExecutor(pool, { ...byKey, data, shapes: [{ ...planFor(data), batchSize: 8 }] });
  await t.rejects(executor.ready(), {
    code: 'ERR_THREADS',
    exitCode: 74,
    message: /planted: this thread cannot boot/,
  });
});

t.test(
  'a thread that fails to boot once fails again when it is asked again, and does not hang',
  async (t) => {
    const thread = startThread(fileOf('unbootable-worker.ts'));
    for (let time = 0; time < 3; time++) {
      t.match(await thread.run({ kind: 'ready' } as never), { kind: 'died', reason: /cannot boot/ });
    }
    await thread.close();
  },
);

t.test('a trial that gets no further is noticed; one that does is left alone', async (t) => {
  const verdicts: string[] = [];
  let beats = 0;
  const unwatch = [
    watch(
      { silentSeconds: 0.2 },
      0,
      () => 'still',
      ({ code }) => verdicts.push(code),
    ),
    watch(
      { silentSeconds: 0.2 },
      0,
      () => String(beats++),
      ({ code }) => verdicts.push(code),
    ),
    watch(
      { silentSeconds: 60, trialSeconds: 1 },
      0.9,
      () => 'still',
      ({ code }) => verdicts.push(code),
    ),
  ];
  while (verdicts.length < 2) await sleep(10);
  for (const end of unwatch) end();
  t.same(verdicts.sort(), ['ERR_TRIAL_SILENT', 'ERR_TRIAL_TIME']);
});

t.test('the time for which a process is suspended counts for nobody', async (t) => {
  let isCondemned = false;
  const unwatch = watch(
    { silentSeconds: 0.5 },
    0,
    () => 'still',
    () => {
      isCondemned = true;
    },
  );
  // A process whose event loop stands still looks like this to itself, too.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  await sleep(1);
  t.notOk(isCondemned);
  unwatch();
});
