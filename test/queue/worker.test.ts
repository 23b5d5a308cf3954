import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import type { Executor, Job, Judgement } from '../../src/execute/executor.ts';
import { functionExecutor } from '../../src/execute/functions.ts';
import { queueAddress } from '../../src/queue/address.ts';
import { queueExecutor } from '../../src/queue/coordinator.ts';
import type { Setting } from '../../src/queue/laid-out.ts';
import { keys, prefix, protocol, queueOf, times } from '../../src/queue/protocol.ts';
import { openServer } from '../../src/queue/server.ts';
import type { Capability } from '../../src/queue/shared-executors.ts';
import { QueueWorker } from '../../src/queue/worker.ts';
import { jobFor } from '../contracts/executor-of-trials-contract.ts';
import { queueOnRedis, withoutServer } from './redis-server.ts';

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const { redis, server } = await queueOnRedis(t);

  const module = fileURLToPath(new URL('../execute/objectives.ts', import.meta.url));
  const metrics = [{ name: 'loss', goal: 'minimise' }] as const;
  const newService = () => ({ kind: 'objective', hash: randomBytes(32).toString('hex') }) as const;
  const newStudy = () => randomBytes(8).toString('hex');
  type Service = ReturnType<typeof newService>;

  const here = async () => ({ executor: functionExecutor({ module, metrics }, 1, 500), metrics: 1 });
  const workerOf = (
    t: Pick<Test, 'teardown'>,
    service: Service,
    open: Capability['open'] = here,
    at = server,
  ) => {
    const options = { server: at, version: '0', arithmetic: '', threads: 1, tell: () => {} } as const;
    const serves = 'every run';
    const worker = new QueueWorker({ ...options, serves, capabilities: [{ service, name: 'here', open }] });
    t.teardown(() => worker.leave());
    return worker;
  };
  const runOf = (
    service: Service,
    study: string,
    password = '',
    told: string[] = [],
    setting: Setting | undefined = undefined,
    at = server,
  ) =>
    queueExecutor({
      ...{ setting, server: at, version: '0', service, study, password, name: 'run', metrics, pauses: false },
      checkpointSeconds: 1,
      tell: (text) => told.push(text),
      onConflict(error) {
        throw error;
      },
    });

  t.test('a machine that can run no trial takes none from those that can', async (t) => {
    const service = newService();
    workerOf(t, service, () => Promise.reject(new Error('It has no memory for that.')));
    workerOf(t, service);
    const told: string[] = [];
    const executor = runOf(service, newStudy(), '', told);
    t.teardown(() => executor.close());
    await executor.ready();
    while (executor.seats < 2) await sleep(20);
    const job = jobFor({ does: 'walk', x: 1, pause: 100 });
    const trials = ['one', 'two', 'three', 'four'].map((key) => executor.start({ ...job, key }).outcome);
    for (const { state } of await Promise.all(trials)) t.equal(state, 'done');
    t.equal(told.filter((text) => text.includes('It has no memory')).length, 1, 'which is said once');
  });

  t.test('a trial that others never take is tried again by who has refused it', async (t) => {
    const [service, connection] = [newService(), server.connection()];
    t.teardown(() => connection.disconnect());
    // One that is there, but always busy.
    const card = {
      ...{ protocol, version: '0', id: 'busy', host: 'busy', pid: 1, node: '24', threads: 1 },
      ...{ arithmetic: '', objectives: [{ name: 'here', hash: service.hash }] },
    };
    await connection.set(keys.worker(card.id), JSON.stringify(card));
    await connection.sadd(keys.workers, card.id);
    let isRefused = false;
    workerOf(t, service, async () => {
      if (isRefused) return await here();
      isRefused = true;
      throw new Error('It has no memory for that.');
    });
    const executor = runOf(service, newStudy());
    t.teardown(() => executor.close());
    await executor.ready();
    while (executor.seats < 2) await sleep(20);
    t.equal((await executor.start(jobFor({ does: 'walk', x: 1 })).outcome).state, 'done');
    await connection.del(keys.worker(card.id));
  });

  t.test('a trial that nobody who is there can run fails', async (t) => {
    const service = newService();
    workerOf(t, service, () => Promise.reject(new Error('It has no memory for that.')));
    const executor = runOf(service, newStudy());
    t.teardown(() => executor.close());
    await executor.ready();
    const outcome = await executor.start(jobFor({ does: 'walk', x: 1 })).outcome;
    t.match(outcome, { state: 'failed', code: 'ERR_TRIAL_REFUSED', reason: 'It has no memory for that.' });
  });

  t.test('what the server has lost of a run, who comes late finds all the same', async (t) => {
    const [service, study, connection] = [newService(), newStudy(), server.connection()];
    t.teardown(() => connection.disconnect());
    // Two that are too large to travel within a message: the one names the other, as a network's setting its rows.
    const rows = randomBytes(30_000);
    const setting: Setting = async (put) => Buffer.from(JSON.stringify(await put(rows)).padEnd(30_000));
    const ofOthers = await connection.keys(keys.blob('*'));
    const executor = runOf(service, study, '', [], setting);
    t.teardown(() => executor.close());
    const running = executor.start(jobFor({ does: 'walk', x: 1 }));
    while ((await connection.keys(keys.blob('*'))).length < ofOthers.length + 2) await sleep(20);
    const laidOut = await connection.keys(keys.blob('*'));
    // As after seven days: nobody has asked for it, and then somebody comes.
    await connection.del(...laidOut);
    let got: Uint8Array | undefined;
    const options = { server, version: '0', arithmetic: '', threads: 1, tell: () => {} } as const;
    const open: Capability['open'] = async (bytes, get) => {
      got = await get(JSON.parse(String(bytes)));
      return await here();
    };
    const worker = new QueueWorker({
      ...{ ...options, serves: 'every run' },
      capabilities: [{ service, name: 'late', open }],
    });
    t.teardown(() => worker.leave());
    t.equal((await running.outcome).state, 'done');
    t.ok(rows.equals(got ?? new Uint8Array()));
    // It may have been begun since it was last looked after.
    while ((await connection.ttl(keys.news(study))) < 0) await sleep(50);
    for (const key of [...laidOut, keys.news(study)]) {
      const left = await connection.ttl(key);
      t.ok(left > times.keepSeconds - 60, `${key} is kept`);
    }
  });

  t.test('a run that goes on with another password is served by who was there before', async (t) => {
    const [service, study] = [newService(), newStudy()];
    workerOf(t, service);
    for (const password of ['before', 'after']) {
      const executor = runOf(service, study, password);
      await executor.ready();
      const job = { ...jobFor({ does: 'walk', x: 1 }), key: password };
      t.equal((await executor.start(job).outcome).state, 'done', password);
      await executor.close();
    }
  });

  t.test(
    'who listens for orders says something now and again, or would miss a cut that nobody tells of',
    async (t) => {
      const [service, connection] = [newService(), server.connection()];
      t.teardown(() => connection.disconnect());
      workerOf(t, service);
      const executor = runOf(service, newStudy());
      t.teardown(() => executor.close());
      await executor.start(jobFor({ does: 'walk', x: 1 })).outcome;
      // Nothing but a command arms the time limit of a connection.
      const said = async () =>
        Number(/cmdstat_subscribe:calls=(\d+)/.exec(await connection.info('commandstats'))?.[1]);
      const before = await said();
      while ((await said()) < before + 2) await sleep(20);
      t.pass();
    },
  );

  t.test('who could not listen for orders at first listens the next time', async (t) => {
    const [service, connection] = [newService(), server.connection()];
    t.teardown(() => connection.disconnect());
    await connection.acl('SETUSER', 'deaf', 'on', '>none', '~*', '+@all', 'resetchannels');
    const address = queueAddress(`redis://deaf:none@127.0.0.1:${redis.port}`, {}, false);
    const deaf = await openServer(address);
    t.teardown(() => deaf.close());
    const told: string[] = [];
    const worker = new QueueWorker({
      ...{ server: deaf, version: '0', arithmetic: '', threads: 1, serves: 'every run' },
      capabilities: [{ service, name: 'here', open: here }],
      tell(text) {
        told.push(text);
        void connection.acl('SETUSER', 'deaf', 'allchannels');
      },
    });
    t.teardown(() => worker.leave());
    const executor = runOf(service, newStudy());
    t.teardown(() => executor.close());
    const running = executor.start(jobFor({ does: 'walk', x: 1, steps: 1e9, pause: 5 }));
    while (running.progress().last === undefined) await sleep(20);
    t.match(told, [/^A trial cannot be run here: NOPERM/]);
    running.prune();
    t.equal((await running.outcome).state, 'pruned');
  });

  t.test(
    'who may no longer listen for orders says so, works on, and hears them once it may again',
    async (t) => {
      const [service, connection] = [newService(), server.connection()];
      t.teardown(() => connection.disconnect());
      const allow = (channels: string) =>
        connection.acl('SETUSER', 'cut', 'on', '>none', '~*', '+@all', channels);
      await allow('allchannels');
      const cut = await openServer(queueAddress(`redis://cut:none@127.0.0.1:${redis.port}`, {}, false));
      t.teardown(() => cut.close());
      const { promise: told, resolve: tell } = Promise.withResolvers<string>();
      const worker = new QueueWorker({
        ...{ server: cut, version: '0', arithmetic: '', threads: 1, serves: 'every run', tell },
        capabilities: [{ service, name: 'here', open: here }],
      });
      t.teardown(() => worker.leave());
      const executor = runOf(service, newStudy());
      t.teardown(() => executor.close());
      const running = executor.start(jobFor({ does: 'walk', x: 1, steps: 1e9, pause: 5 }));
      while (running.progress().last === undefined) await sleep(20);
      // The server cuts the connection of who listens to what it may not.
      await allow('resetchannels');
      t.match(await told, /no longer lets this worker hear its runs .*NOPERM/);
      const step = running.progress().last?.step ?? 0;
      while ((running.progress().last?.step ?? 0) === step) await sleep(20);
      await allow('allchannels');
      running.prune();
      t.equal((await running.outcome).state, 'pruned');
    },
  );

  t.test(
    'workers that were lost at a trial before its last checkpoint count no more, unless that was left of another job',
    async (t) => {
      const connection = server.connection();
      t.teardown(() => connection.disconnect());
      const stateAfter = async (of: 'this job' | 'another') => {
        const [service, study] = [newService(), newStudy()];
        const executor = runOf(service, study);
        t.teardown(() => executor.close());
        const running = executor.start(jobFor({ does: 'walk', x: 1 }));
        let key: string | undefined;
        while (key === undefined) {
          await sleep(10);
          [key] = await connection.keys(`${prefix}:${queueOf(service, '0')}:${study}.*`);
        }
        const made = Number(await connection.hget(key, 'timestamp'));
        // As BullMQ counts who has begun it, and who was lost at it.
        await connection.hset(key, 'ats', 3, 'stc', 3);
        const left = { parcel: { inline: '' }, deaths: 2, of: of === 'this job' ? made : made - 1 };
        await connection.hset(keys.checkpoints(study), key.split(':').at(-1) as string, JSON.stringify(left));
        workerOf(t, service);
        return (await running.outcome).state;
      };
      t.equal(await stateAfter('this job'), 'done');
      t.equal(await stateAfter('another'), 'failed');
    },
  );

  /** A run that begins a trial and is gone, without a word, before it has judged what that reports at a step. */
  const cutOffAt = async (step: number, service: Service, study: string, job: Job) => {
    const own = await openServer(queueAddress(redis.url, {}, false));
    const executor = runOf(service, study, '', [], undefined, own);
    const running = executor.start(job);
    const { promise: later, resolve } = Promise.withResolvers<Judgement>();
    running.onReport(async (report) => (report.step < step ? 'go on' : later));
    while ((running.progress().last?.step ?? 0) < step) await sleep(5);
    await own.close();
    // Whom nobody can hear any more.
    resolve('go on');
    await executor.close();
  };

  t.test(
    'a run that goes on hears of a trial under way all that it reported, before it is judged again',
    async (t) => {
      const [service, study] = [newService(), newStudy()];
      workerOf(t, service);
      const job = { ...jobFor({ does: 'walk', x: 1, steps: 40, pause: 20 }), rungs: [2, 4, 20] };
      await cutOffAt(6, service, study, job);
      const executor = runOf(service, study);
      t.teardown(() => executor.close());
      const running = executor.start(job);
      const heard: number[] = [];
      running.onReport(({ step }) => {
        heard.push(step);
        return Promise.resolve('go on');
      });
      t.equal((await running.outcome).state, 'done');
      t.same(
        heard,
        Array.from({ length: 40 }, (_, at) => at + 1),
      );
    },
  );

  t.test(
    'a worker that waits at a rung of a trial that has ended meanwhile is free for the next, and its answer counts for nothing',
    async (t) => {
      const [service, study] = [newService(), newStudy()];
      workerOf(t, service);
      const job = { ...jobFor({ does: 'walk', x: 1 }), rungs: [2] };
      await cutOffAt(2, service, study, job);
      const told: string[] = [];
      const executor = runOf(service, study, '', told);
      executor.forget?.(job.key);
      t.equal((await executor.start(jobFor({ does: 'walk', x: 1 })).outcome).state, 'done');
      await executor.close();
      // What is left of it would be told of now.
      const next = runOf(service, study, '', told);
      t.teardown(() => next.close());
      await next.ready();
      t.same(
        told.filter((text) => text.includes('meanwhile')),
        [],
      );
    },
  );

  t.test(
    'a worker lets go of a trial whose run is gone for good, and that run goes on from there all the same',
    async (t) => {
      const [service, study, connection] = [newService(), newStudy(), server.connection()];
      t.teardown(() => connection.disconnect());
      workerOf(t, service);
      const job = { ...jobFor({ does: 'walk', x: 1, pause: 50 }), rungs: [2] };
      await cutOffAt(2, service, study, job);
      // As if that were a while ago.
      await connection.expire(keys.study(study), times.keepSeconds - times.absence / 1000 - 1);
      const other = runOf(service, newStudy());
      t.teardown(() => other.close());
      t.equal((await other.start(jobFor({ does: 'walk', x: 1 })).outcome).state, 'done');
      const executor = runOf(service, study);
      t.teardown(() => executor.close());
      const running = executor.start(job);
      const asked: number[] = [];
      running.onReport(({ step }) => {
        asked.push(step);
        return Promise.resolve('go on');
      });
      const outcome = await running.outcome;
      t.match(outcome, { state: 'done', result: { last: { step: 5 } } });
      t.same(asked, [1, 2, 3, 4, 5], 'and judges it itself');
    },
  );

  t.test('what workers have ended while the run was away is told, and taken as it is', async (t) => {
    const [service, study, connection] = [newService(), newStudy(), server.connection()];
    t.teardown(() => connection.disconnect());
    const worker = workerOf(t, service);
    const job = jobFor({ does: 'walk', x: 1, pause: 50 });
    await cutOffAt(2, service, study, job);
    while ((await connection.keys(`${prefix}:${queueOf(service, '0')}:${study}.*`)).length > 0)
      await sleep(20);
    await worker.leave();
    const told: string[] = [];
    const executor = runOf(service, study, '', told);
    t.teardown(() => executor.close());
    // Nobody is there to work.
    void executor.ready();
    while (told.length < 2) await sleep(20);
    t.match(told, [/^Workers have ended 1 trial meanwhile/, /^Nobody is there/]);
    t.equal((await executor.start(job).outcome).state, 'done');
  });

  t.test('a worker that has not heard that a trial is to stop hears it as soon as it can', async (t) => {
    const [service, study, connection] = [newService(), newStudy(), server.connection()];
    t.teardown(() => connection.disconnect());
    await connection.acl('SETUSER', 'mute', 'on', '>none', '~*', '+@all', 'resetchannels');
    const mute = await openServer(queueAddress(`redis://mute:none@127.0.0.1:${redis.port}`, {}, false));
    t.teardown(() => mute.close());
    workerOf(t, service);
    const executor = runOf(service, study, '', [], undefined, mute);
    t.teardown(() => executor.close());
    const job = jobFor({ does: 'walk', x: 1, steps: 1e9, pause: 5 });
    const running = executor.start(job);
    while (running.progress().last === undefined) await sleep(20);
    running.stop();
    t.equal((await running.outcome).state, 'stopped', 'the run goes on without it');
    await connection.acl('SETUSER', 'mute', 'allchannels');
    while ((await connection.keys(`${prefix}:${queueOf(service, '0')}:${study}.*`)).length > 0)
      await sleep(20);
    const ears = server.connection();
    t.teardown(() => ears.disconnect());
    const orders: string[] = [];
    ears.on('message', (_, order: string) => orders.push(order));
    await ears.subscribe(keys.orders(study));
    executor.start(job);
    await sleep(1.5 * times.repeat);
    t.same(orders, [], 'and one that is started again is not told to stop');
  });

  t.test('a trial that is stopped before anybody runs it is in the queue no longer', async (t) => {
    const [service, study, connection] = [newService(), newStudy(), server.connection()];
    t.teardown(() => connection.disconnect());
    const executor = runOf(service, study);
    t.teardown(() => executor.close());
    const running = executor.start(jobFor({ does: 'walk', x: 1 }));
    const lying = () => connection.keys(`${prefix}:${queueOf(service, '0')}:${study}.*`);
    while ((await lying()).length === 0) await sleep(10);
    running.stop();
    t.match(await running.outcome, { state: 'stopped', checkpoint: undefined });
    t.same(await lying(), []);
  });

  t.test('so is one that has ended without being started', async (t) => {
    const [service, study, connection] = [newService(), newStudy(), server.connection()];
    t.teardown(() => connection.disconnect());
    const executor = runOf(service, study);
    t.teardown(() => executor.close());
    const job = jobFor({ does: 'walk', x: 1 });
    executor.start(job);
    const lying = () => connection.keys(`${prefix}:${queueOf(service, '0')}:${study}.*`);
    while ((await lying()).length === 0) await sleep(10);
    // As if it lay there from an earlier session.
    executor.forget?.(job.key);
    while ((await lying()).length > 0) await sleep(10);
    t.pass();
  });

  t.test('a trial that a machine must not run is left to others by all of its workers', async (t) => {
    const [service, connection] = [newService(), server.connection()];
    t.teardown(() => connection.disconnect());
    workerOf(t, service);
    const executor = runOf(service, newStudy());
    t.teardown(() => executor.close());
    executor.start({ ...jobFor({ does: 'walk', x: 1 }), avoid: hostname() });
    while ((await connection.zcard(`${prefix}:${queueOf(service, '0')}:delayed`)) === 0) await sleep(10);
    t.pass();
  });

  t.test('who leaves gives what it is at back to the queue', async (t) => {
    const [service, study, connection] = [newService(), newStudy(), server.connection()];
    t.teardown(() => connection.disconnect());
    const worker = workerOf(t, service);
    const executor = runOf(service, study);
    t.teardown(() => executor.close());
    const running = executor.start(jobFor({ does: 'walk', x: 1, steps: 1e9, pause: 5 }));
    while (running.progress().last === undefined) await sleep(20);
    await worker.leave();
    t.equal(await connection.llen(`${prefix}:${queueOf(service, '0')}:wait`), 1);
  });

  t.test('who leaves waits for no executor that is not ready yet', async (t) => {
    const service = newService();
    const [opened, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = { ready: () => closed.promise, close: async () => closed.resolve() } as Executor;
    const worker = workerOf(t, service, async () => {
      opened.resolve();
      return { executor: slow, metrics: 1 };
    });
    const executor = runOf(service, newStudy());
    t.teardown(() => executor.close());
    executor.start(jobFor({ does: 'walk', x: 1 }));
    await opened.promise;
    await worker.leave();
    t.pass();
  });

  t.test('who was told that there is room may start a trial, though a worker has left since', async (t) => {
    const service = newService();
    const connection = server.connection();
    t.teardown(() => connection.disconnect());
    const card = {
      ...{ protocol, version: '0', id: 'large', host: 'large', pid: 1, node: '24', threads: 8 },
      ...{ arithmetic: '', objectives: [{ name: 'here', hash: service.hash }] },
    };
    await connection.set(keys.worker(card.id), JSON.stringify(card));
    await connection.sadd(keys.workers, card.id);
    const executor = runOf(service, newStudy());
    t.teardown(() => executor.close());
    await executor.ready();
    const room = executor.capacity(10);
    t.equal(room, 10);
    const start = (key: string) => executor.start({ ...jobFor({ does: 'walk', x: 1 }), key });
    for (let at = 1; at < room; at++) start(`trial${at}`);
    await connection.del(keys.worker(card.id));
    while (executor.seats > 0) await sleep(20);
    t.ok(executor.capacity(10) < room);
    t.doesNotThrow(() => start('last'), 'it was recorded as begun meanwhile');
    t.throws(() => start('beyond'), { message: '10 trials are under way already.' });
  });

  t.test('of a run that it cannot serve a worker says why, but that of another run nothing', async (t) => {
    const executor = runOf(newService(), newStudy());
    t.teardown(() => executor.close());
    const connection = server.connection();
    t.teardown(() => connection.disconnect());
    while ((await connection.scard(keys.studies)) === 0) await sleep(10);
    const told: Record<string, string[]> = { 'its own run': [], 'every run': [] };
    for (const serves of ['its own run', 'every run'] as const) {
      const options = { server, version: '0', arithmetic: '', threads: 1, capabilities: [], serves };
      const worker = new QueueWorker({ ...options, tell: (text) => told[serves]?.push(text) });
      t.teardown(() => worker.leave());
    }
    while (told['every run']?.length === 0) await sleep(10);
    t.match(told, { 'its own run': [], 'every run': [/^The run "run" of .* cannot be served here/] });
  });

  t.test(
    'who leaves while the server is away stops what it is at, and waits for the server only so long',
    async (t) => {
      const own = await queueOnRedis(t);
      const service = newService();
      let isClosed = false;
      const open: Capability['open'] = async () => {
        const opened = await here();
        const close = opened.executor.close.bind(opened.executor);
        opened.executor.close = async () => {
          await close();
          isClosed = true;
        };
        return opened;
      };
      const worker = workerOf(t, service, open, own.server);
      const executor = runOf(service, newStudy(), '', [], undefined, own.server);
      const running = executor.start(jobFor({ does: 'walk', x: 1, steps: 1e9, pause: 5 }));
      while (running.progress().last === undefined) await sleep(20);
      await own.redis.kill();
      await Promise.all([worker.leave(), executor.close()]);
      t.ok(isClosed);
      await own.server.close();
    },
  );
}
