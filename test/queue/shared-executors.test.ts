import { mock } from 'node:test';
import t, { type Test } from 'tap';
import type { Executor } from '../../src/execute/executor.ts';
import { times } from '../../src/queue/protocol.ts';
import { type Capability, SharedExecutors } from '../../src/queue/shared-executors.ts';

const get = async () => new Uint8Array();

/** A capability whose executors are ready when that is said, and how many of them have been closed. */
function capability() {
  const said = Promise.withResolvers<void>();
  let closed = 0;
  const executor = {
    ready: () => said.promise,
    close: async () => {
      closed++;
      said.resolve();
    },
  } as Executor;
  const given: Capability = {
    ...{ service: { kind: 'objective', hash: 'ab' }, name: 'one' },
    open: async () => ({ executor, metrics: 1 }),
  };
  return { given, said, closed: () => closed };
}

/** Has `performance.now()` say that so many milliseconds have passed. */
function after(t: Pick<Test, 'teardown'>, ms: number) {
  const now = performance.now();
  const mocked = mock.method(performance, 'now', () => now + ms);
  t.teardown(() => mocked.mock.restore());
}

t.test('an executor that cannot get ready is closed again', async (t) => {
  const { given, said, closed } = capability();
  said.reject(new Error('It has no module.'));
  const executors = new SharedExecutors(get);
  await t.rejects(executors.take(given, undefined), /no module/);
  t.equal(closed(), 1);
});

t.test('whoever leaves waits for no executor that is not ready yet', async (t) => {
  const { given, closed } = capability();
  const executors = new SharedExecutors(get);
  const taken = executors.take(given, undefined);
  await new Promise(setImmediate);
  await executors.abandon();
  t.equal(closed(), 1);
  (await taken).release();
  await executors.close();
});

t.test('nor for one that is only being opened', async (t) => {
  const { given, closed } = capability();
  const opened = Promise.withResolvers<void>();
  const executors = new SharedExecutors(get);
  const taken = executors.take(
    { ...given, open: (...of) => opened.promise.then(() => given.open(...of)) },
    undefined,
  );
  await executors.abandon();
  opened.resolve();
  (await taken).release();
  t.equal(closed(), 1);
});

t.test('one that is lent stays open for whose it is', async (t) => {
  const [own, other] = [capability(), capability()];
  for (const { said } of [own, other]) said.resolve();
  const executors = new SharedExecutors(get);
  const lent = async () => ({ ...(await own.given.open(undefined, get)), isLent: true });
  (await executors.take({ ...own.given, open: lent }, undefined)).release();
  after(t, times.idle);
  (await executors.take({ ...other.given, name: 'two' }, undefined)).release();
  t.equal(own.closed(), 0, 'where another run takes its place');
  await executors.close();
  t.same([own.closed(), other.closed()], [0, 1]);
});

/** One whose executor is ready, under a name of its own. */
function readyCapability(name: string) {
  const made = capability();
  made.said.resolve();
  return { ...made, given: { ...made.given, name } };
}

t.test('runs that take turns keep theirs; that of a run that is over is closed', async (t) => {
  const [one, two] = [readyCapability('one'), readyCapability('two')];
  const executors = new SharedExecutors(get);
  for (const { given } of [one, two, one, two]) (await executors.take(given, undefined)).release();
  t.same([one.closed(), two.closed()], [0, 0]);
  after(t, times.idle);
  const { release } = await executors.take(two.given, undefined);
  t.same([one.closed(), two.closed()], [1, 0]);
  release();
  await executors.close();
  t.same([one.closed(), two.closed()], [1, 1]);
});

t.test('one that cannot be opened beside those that nobody uses is opened in their place', async (t) => {
  const [one, two] = [readyCapability('one'), readyCapability('two')];
  const executors = new SharedExecutors(get);
  const open = async () => {
    if (one.closed() === 0) throw new Error('It has no memory for that.');
    return await two.given.open(undefined, get);
  };
  const { release } = await executors.take(one.given, undefined);
  await t.rejects(executors.take({ ...two.given, open }, undefined), /no memory/, 'not while it is used');
  release();
  (await executors.take({ ...two.given, open }, undefined)).release();
  t.same([one.closed(), two.closed()], [1, 0]);
  await executors.close();
});
