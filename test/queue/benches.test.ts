import t from 'tap';
import type { Executor } from '../../src/execute/executor.ts';
import { Benches, type Trade } from '../../src/queue/benches.ts';

const get = async () => new Uint8Array();

/** A trade whose executors are ready when that is said, and how many of them have been closed. */
function trade() {
  const said = Promise.withResolvers<void>();
  let closed = 0;
  const executor = {
    ready: () => said.promise,
    close: async () => {
      closed++;
      said.resolve();
    },
  } as Executor;
  const given: Trade = {
    ...{ service: { kind: 'objective', hash: 'ab' }, name: 'one' },
    open: async () => ({ executor, metrics: 1 }),
  };
  return { given, said, closed: () => closed };
}

t.test('an executor that cannot get ready is closed again', async (t) => {
  const { given, said, closed } = trade();
  said.reject(new Error('It has no module.'));
  const benches = new Benches(get);
  await t.rejects(benches.take(given, undefined), /no module/);
  t.equal(closed(), 1);
});

t.test('whoever leaves waits for no executor that is not ready yet', async (t) => {
  const { given, closed } = trade();
  const benches = new Benches(get);
  const taken = benches.take(given, undefined);
  await new Promise(setImmediate);
  await benches.abandon();
  t.equal(closed(), 1);
  (await taken).leave();
  await benches.close();
});

t.test('nor for one that is only being opened', async (t) => {
  const { given, closed } = trade();
  const opened = Promise.withResolvers<void>();
  const benches = new Benches(get);
  const taken = benches.take(
    { ...given, open: (...of) => opened.promise.then(() => given.open(...of)) },
    undefined,
  );
  await benches.abandon();
  opened.resolve();
  (await taken).leave();
  t.equal(closed(), 1);
});
