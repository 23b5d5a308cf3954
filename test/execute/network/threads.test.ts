import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import type { LoadedData } from '../../../src/data/dataset.ts';
import { dataBytes } from '../../../src/data/placement.ts';
import type { Executor, Running } from '../../../src/execute/executor.ts';
import type { Thread } from '../../../src/execute/network/thread.ts';
import { startThreads } from '../../../src/execute/network/thread-pool.ts';
import { threadExecutor } from '../../../src/execute/network/threads.ts';
import { epochOf } from '../../../src/metric.ts';
import type { Report, TrialResult } from '../../../src/trial.ts';
import { executorContract } from '../../contracts/executor-contract.ts';
import { weightsIn } from '../../fixtures/weights-in.ts';
import { planFor, randomRows, trainHere } from '../../train/in-process.ts';
import { byKey, jobFor } from './network-jobs.ts';

const data = randomRows({ training: 300, validation: 300 });
const plan = planFor(data, { hidden: [5, 4], epochs: 5 });
/** Would train for hours. */
const endless = { ...plan, epochs: 100_000, params: { learningRate: 1e-6, batchSize: 1 } };

/** An executor that fits all plans of these tests and is closed at the end of one. */
function open(t: Test, threads: number): Executor {
  const pool = startThreads(threads);
  t.teardown(() => pool.destroy());
  return threadExecutor(pool, { ...byKey, data, shapes: [{ ...endless, batchSize: 300 }] });
}

executorContract(t, { open, plan, endless, refusals: 'throws' });

async function resultOf({ outcome }: Running): Promise<TrialResult> {
  const ended = await outcome;
  if (ended.state !== 'done') throw new Error(JSON.stringify(ended));
  return ended.result;
}

for (const [threads, trials] of [
  [1, 1],
  [3, 1],
  [2, 2],
  [2, 3],
  [3, 5],
] as const) {
  t.test(`${trials} trials on ${threads} threads leave the same bits as in this process`, async (t) => {
    const executor = open(t, threads);
    t.equal(executor.seats, threads);
    t.equal(executor.capacity(0), 2 * threads - 1);
    const plans = Array.from({ length: trials }, (_, trial) => ({
      ...plan,
      epochs: 30 + 20 * (trial % 3),
      params: { learningRate: 0.01, batchSize: 20 + trial },
    }));
    const results = await Promise.all(plans.map((plan) => resultOf(executor.start(jobFor(plan)))));
    for (const [index, plan] of plans.entries()) {
      const { curve, bestEpoch, best, last, correct } = trainHere(data, plan);
      const { seconds, spans, ...result } = results[index] as TrialResult;
      t.ok(seconds > 0);
      const onThreads = spans.reduce((sum, { from, to }) => sum + to - from, 0);
      t.ok(Math.abs(onThreads - seconds) < 0.001, 'its spans are the time it took');
      const named = (report: Report) => epochOf(plan.bestBy, report);
      t.same(
        { ...result, reports: result.reports.map(named), best: named(result.best), last: named(result.last) },
        {
          ...{ reports: curve, best: curve[bestEpoch - 1], last: curve.at(-1) },
          artifacts: [
            { kind: 'network', name: 'best', weights: best, correct },
            { kind: 'network', name: 'last', weights: last },
          ],
        },
      );
    }
  });
}

t.test('one thread looks at the arithmetic, and another one is enough where it does not live', async (t) => {
  const pool = startThreads(1);
  t.teardown(() => pool.destroy());
  const asked: unknown[] = [];
  const [living] = pool.threads as [Thread];
  const heard: Thread = {
    ...living,
    run: (task) => {
      asked.push(task.kind === 'ready' && task.checks);
      return living.run(task);
    },
  };
  const dead: Thread = {
    ...living,
    run: async () => ({ kind: 'died', code: 'ERR_THREAD_DIED', reason: 'It is gone.' }),
  };
  const objective = { ...byKey, data, shapes: [{ ...plan, batchSize: 300 }] };
  await threadExecutor({ ...pool, threads: [heard] }, objective).ready();
  t.same(asked, [true]);
  await threadExecutor({ ...pool, threads: [dead, heard] }, objective).ready();
  t.same(asked, [true, false]);
  const odd: Thread = {
    ...living,
    run: async () => ({ kind: 'threw', code: 'ERR_MACHINE', reason: 'other bits', seconds: 0 }),
  };
  const other = threadExecutor({ ...pool, threads: [odd, heard] }, objective).ready();
  await t.rejects(other, { code: 'ERR_MACHINE' }, 'also where this thread finds nothing wrong');
});

t.test(
  'threads share the rows of pictures out, and what a lost one does not write is written all the same',
  async (t) => {
    const plain = randomRows({ training: 2_500, validation: 100 });
    const values = new Uint8Array(new SharedArrayBuffer(plain.values.length));
    values.set(plain.values);
    const lost: Thread['run'] = async () => ({
      kind: 'died',
      code: 'ERR_THREAD_DIED',
      reason: 'It is gone.',
    });
    /** The data as it lies in memory once all are ready, and what each thread was asked to write. */
    const placed = async (data: LoadedData, lives: readonly boolean[]) => {
      const pool = startThreads(lives.length);
      t.teardown(() => pool.destroy());
      const asked: unknown[] = [];
      let memory: WebAssembly.Memory | undefined;
      const threads = pool.threads.map((thread, seat): Thread => {
        const run: Thread['run'] = (task) => {
          asked.push(task.kind === 'ready' && task.placing?.range);
          memory = task.share.memory;
          return lives[seat] ? thread.run(task) : lost(task);
        };
        return { ...thread, run };
      });
      const shapes = [{ ...planFor(data), batchSize: 8 }];
      await threadExecutor({ ...pool, threads }, { ...byKey, data, shapes }).ready();
      return { bytes: Buffer.from((memory as WebAssembly.Memory).buffer, 128, dataBytes(data)), asked };
    };
    const alone = await placed(plain, [true]);
    t.same(alone.asked, [undefined]);
    const shared = { ...plain, values };
    const ranges = [
      [0, 1_000],
      [1_000, 2_000],
      [2_000, 2_600],
    ].map(([from, to]) => ({ from, to }));
    for (const lives of [
      [true, true, true, true],
      [true, false, true, true],
      [false, true, false, true],
    ]) {
      const { bytes, asked } = await placed(shared, lives);
      t.same(asked, [...ranges, undefined]);
      t.equal(Buffer.compare(bytes, alone.bytes), 0);
    }
  },
);

t.test('what threads have not written when all is closed, nobody writes', async (t) => {
  const plain = randomRows({ training: 2_500, validation: 100 });
  const values = new Uint8Array(new SharedArrayBuffer(plain.values.length));
  values.set(plain.values);
  for (const isFirstReady of [true, false]) {
    const closed = Promise.withResolvers<void>();
    let memory: WebAssembly.Memory | undefined;
    const threads = [isFirstReady, false].map(
      (isReady): Thread => ({
        async run({ share }) {
          memory = share.memory;
          if (isReady) return { kind: 'ready' };
          await closed.promise;
          return { kind: 'died', code: 'ERR_THREAD_DIED', reason: 'It was ended.' };
        },
        kill() {},
        close: async () => closed.resolve(),
      }),
    );
    const destroy = async () => void (await Promise.all(threads.map((thread) => thread.close())));
    const objective = { ...byKey, data: { ...plain, values }, shapes: [{ ...planFor(plain), batchSize: 8 }] };
    const executor = threadExecutor({ threads, grow() {}, destroy }, objective);
    const ready = executor.ready();
    await executor.close();
    await ready;
    // Behind the labels and the table, which are written at once.
    const bytes = new Uint8Array((memory as WebAssembly.Memory).buffer, 128, dataBytes(plain));
    const lists = bytes.subarray(2_608 + 1_024);
    t.ok(lists.every((byte) => byte === 0));
  }
});

t.test('a slot is used again, and what was in it changes nothing', async (t) => {
  const executor = open(t, 1);
  const first = await resultOf(executor.start(jobFor(plan)));
  await executor.start(jobFor({ ...plan, sizes: [9, 3, 3] })).outcome;
  const again = await resultOf(executor.start(jobFor(plan)));
  t.same({ ...again, seconds: 0, spans: [] }, { ...first, seconds: 0, spans: [] });
  t.not(
    weightsIn(again, 'last').parameters.buffer,
    weightsIn(first, 'last').parameters.buffer,
    'results are copies',
  );
});

t.test('a diverged trial tells its epoch and the finite epochs before it', async (t) => {
  const executor = open(t, 1);
  const params = { learningRate: 1e4, batchSize: 300 };
  const steep = { ...plan, params, penalty: 'l2', lambda: 0.1, epochs: 100 } as const;
  const { end, curve } = trainHere(data, steep);
  const outcome = await executor.start(jobFor(steep)).outcome;
  if (outcome.state !== 'diverged' || end.state !== 'diverged') throw new Error(outcome.state);
  t.equal(outcome.step, end.epoch);
  t.same(
    outcome.reports.map((report) => epochOf(steep.bestBy, report)),
    curve,
  );
  t.ok(curve.length > 0);
});

t.test(
  'a stop reaches every running trial within its epoch, also one whose thread still boots',
  async (t) => {
    const executor = open(t, 2);
    // Only one epoch, so that nothing but a stop between two mini-batches can end it early.
    const long = { ...endless, epochs: 1 };
    const outcomes = [executor.start(jobFor(long)), executor.start(jobFor(long))].map(
      ({ outcome }) => outcome,
    );
    executor.stop();
    for (const outcome of await Promise.all(outcomes)) t.match(outcome, { state: 'stopped' });
    const next = await resultOf(executor.start(jobFor(plan)));
    t.same(weightsIn(next, 'last'), trainHere(data, plan).last, 'the next trial is not stopped');
  },
);

t.test('a plan larger than the memory was laid out for throws, and harms no neighbour', async (t) => {
  const executor = open(t, 2);
  const neighbour = executor.start(jobFor({ ...plan, epochs: 50 }));
  for (const large of [
    { ...plan, sizes: [9, 500, 3] },
    { ...plan, epochs: 1_000_000 },
    { ...plan, params: { learningRate: 1, batchSize: 100_000 } },
  ]) {
    t.throws(() => executor.start(jobFor(large)), { message: /does not fit/ });
  }
  const lastWeights = weightsIn(await resultOf(neighbour), 'last');
  t.same(lastWeights, trainHere(data, { ...plan, epochs: 50 }).last);
});

t.test('a trial whose thread throws has failed, with the reason, and the next one works', async (t) => {
  const executor = open(t, 1);
  // Rows that no memory holds: the kernels trap.
  const training = { from: 2 ** 29, to: 2 ** 29 + 300 };
  const outcome = await executor.start(jobFor({ ...plan, training, rowOrder: 'natural' })).outcome;
  t.match(outcome, { state: 'failed', code: 'ERR_TRIAL_THREW', reason: /out of bounds/, seconds: Number });
  const lastWeights = weightsIn(await resultOf(executor.start(jobFor(plan))), 'last');
  t.same(lastWeights, trainHere(data, plan).last);
});

t.test('closing ends the threads, running trials too, so that the process can end', async (t) => {
  const script = `
    const { startThreads } = await import(${JSON.stringify(new URL('../../../src/execute/network/thread-pool.ts', import.meta.url))});
    const { threadExecutor } = await import(${JSON.stringify(new URL('../../../src/execute/network/threads.ts', import.meta.url))});
    const { planFor, randomRows } = await import(${JSON.stringify(new URL('../../train/in-process.ts', import.meta.url))});
    const { byKey, jobFor } = await import(${JSON.stringify(new URL('./network-jobs.ts', import.meta.url))});
    const data = randomRows();
    const plan = planFor(data, { epochs: 100_000, params: { learningRate: 1e-6, batchSize: 1 } });
    const pool = startThreads(2);
    const executor = threadExecutor(pool, { ...byKey, data, shapes: [{ ...plan, batchSize: 1 }] });
    const running = executor.start(jobFor(plan));
    while (running.progress().last === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
    await pool.destroy();
    const { state, code } = await running.outcome;
    console.log(state, code);
  `;
  // A file, because threads inherit the flags that a script on the command line needs, and cannot start with them.
  const file = join(t.testdir({ 'script.mjs': script }), 'script.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  t.equal(stdout, 'failed ERR_THREAD_DIED\n');
});
