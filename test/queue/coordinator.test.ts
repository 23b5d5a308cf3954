import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { functionExecutor } from '../../src/execute/functions.ts';
import { packAnswer } from '../../src/queue/answers.ts';
import { jobId, keys } from '../../src/queue/protocol.ts';
import { executorContract, jobFor, walks } from '../contracts/executor-of-trials-contract.ts';
import { queued } from './queued.ts';
import { queueOnRedis, withoutServer } from './redis-server.ts';

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const { server } = await queueOnRedis(t);

  const module = fileURLToPath(new URL('../execute/objectives.ts', import.meta.url));
  const metrics = [{ name: 'loss', goal: 'minimise' }] as const;

  const open = (t: Pick<Test, 'teardown'>, seats: number, onConflict?: (error: Error) => void) =>
    queued(t, server, seats, {
      here: (seats) => functionExecutor({ module, metrics }, seats, 500),
      ...{ metrics, pauses: false, stepsOf: undefined },
      ...(onConflict ? { onConflict } : {}),
    });

  executorContract(t, {
    open,
    ...walks,
    long: { does: 'walk', x: 1, steps: 1000, pause: 0 },
  });

  t.test('the threads of this process are seats before its own worker was seen on the server', async (t) => {
    t.equal(open(t, 3).seats, 3);
  });

  t.test(
    'an answer that differs from the one that counts is an error that names both machines and hashes; one of another hash than it says is none',
    async (t) => {
      const conflicts: Error[] = [];
      const executor = open(t, 1, (error) => conflicts.push(error));
      const job = jobFor({ does: 'walk', x: 1 });
      t.equal((await executor.start(job).outcome).state, 'done');
      const connection = server.connection();
      const [study = ''] = await connection.smembers(keys.studies);
      const id = jobId(study, job.key, undefined);
      const bytes = packAnswer({ state: 'diverged', step: 3, reports: [], seconds: 0 });
      const say = (worker: string, sha256: string) =>
        connection.xadd(
          ...([keys.news(study), '*', 'news'] as const),
          JSON.stringify({
            ...{
              kind: 'ended',
              job: id,
              worker,
              attempt: 1,
              sha256,
              answer: { inline: Buffer.from(bytes).toString('base64') },
              seconds: 1,
              spans: [],
              log: '',
            },
          }),
        );
      // Written down soon after, with those of other trials.
      let written: string | null = null;
      while (written === null) written = await connection.hget(keys.answers(study), id);
      const counted = JSON.parse(written) as { sha256: string };
      await say('late', counted.sha256);
      await say('liar', '0'.repeat(64));
      const differs = hash('sha256', bytes);
      await say('other', differs);
      while (conflicts.length === 0) await sleep(10);
      connection.disconnect();
      t.equal(conflicts.length, 1);
      t.match(conflicts[0], {
        code: 'ERR_ANSWERS_DIFFER',
        message: new RegExp(`${counted.sha256}.* other gave ${differs}`),
      });
    },
  );

  t.test('an answer whose bytes are not those of its hash does not count', async (t) => {
    const executor = open(t, 1);
    const job = jobFor({ does: 'walk', x: 1, pause: 100 });
    const running = executor.start(job);
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    running.onReport(() => void resolve());
    const connection = server.connection();
    await begun;
    const [study = ''] = await connection.smembers(keys.studies);
    const bytes = packAnswer({ state: 'diverged', step: 3, reports: [], seconds: 0 });
    const answer = { inline: Buffer.from(bytes).toString('base64') };
    const lie = {
      kind: 'ended',
      job: jobId(study, job.key, undefined),
      worker: 'liar',
      attempt: 1,
      sha256: '0'.repeat(64),
    };
    const message = JSON.stringify({ ...lie, answer, seconds: 1, spans: [], log: '' });
    await connection.xadd(keys.news(study), '*', 'news', message);
    connection.disconnect();
    t.equal((await running.outcome).state, 'done');
  });

  t.test('a failure that is told twice is no answer to the trial when it is tried again', async (t) => {
    const executor = open(t, 1);
    const job = jobFor({ does: 'throws' });
    t.equal((await executor.start(job).outcome).state, 'failed');
    const connection = server.connection();
    t.teardown(() => connection.disconnect());
    const [study = ''] = await connection.smembers(keys.studies);
    const bytes = packAnswer({ state: 'failed', code: 'ERR', reason: 'late', reports: [], seconds: 1 });
    const late = {
      ...{ kind: 'ended', job: jobId(study, job.key, undefined), worker: 'late', attempt: 1, seconds: 1 },
      ...{ sha256: hash('sha256', bytes), spans: [], log: '' },
      answer: { inline: Buffer.from(bytes).toString('base64') },
    };
    const say = () => connection.xadd(keys.news(study), '*', 'news', JSON.stringify(late));
    await say();
    // What is told after it has been heard by then.
    t.equal((await executor.start(jobFor({ does: 'walk', x: 1 })).outcome).state, 'done');
    const again = executor.start({ ...job, attempt: 2, params: { does: 'walk', x: 1, pause: 50 } });
    while (again.progress().last === undefined) await sleep(5);
    await say();
    t.equal((await again.outcome).state, 'done');
  });
}
