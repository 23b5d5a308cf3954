import t from 'tap';
import { jobMessage, news, order, readMessage, workerCard } from '../../src/queue/messages.ts';
import { jobId, protocol, queueOf, sizes } from '../../src/queue/protocol.ts';

const study = '0123456789abcdef';
const hash = 'ab'.repeat(32);
const job = jobId(study, 'key', undefined);
const whole = {
  ...{ protocol, job, study, service: { kind: 'objective', hash }, number: 1, role: 'search', key: 'key' },
  ...{ replicate: 0, params: { x: 1, hidden: [[20], [64, 32]] }, attempt: 1, seed: 1 },
  ...{ start: { from: 'nothing' }, limits: { silentSeconds: 60 }, checkpointSeconds: 10 },
};

t.test('a job is read as it was written', async (t) => {
  t.same(readMessage(jobMessage, JSON.stringify(whole)), { kind: 'message', message: whole });
});

t.test('garbage is told apart and never thrown', async (t) => {
  for (const text of [
    undefined,
    7,
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '{"kind":"began"}',
    '\0',
    '{"__proto__":1}',
  ])
    for (const schema of [jobMessage, news, order, workerCard])
      t.equal(readMessage<unknown>(schema, text).kind, 'garbage', String(text));
});

t.test(
  'a job of another version, of another form, or with something unknown is garbage, with the reason',
  async (t) => {
    for (const [wrong, reason] of [
      [{ protocol: protocol + 1 }, /protocol/],
      [{ code: 'process.exit()' }, /code/],
      [{ number: 0 }, /number/],
      [{ number: 1.5 }, /number/],
      [{ params: { x: { y: 1 } } }, /params/],
      [{ params: { x: null } }, /params/],
      [{ key: '../../etc' }, /key/],
      [{ job: 'other' }, /job/],
      [{ start: { from: 'checkpoint' } }, /start/],
      [{ start: { from: 'artifact', parcel: { sha256: 'short', bytes: 1 } } }, /start/],
      [{ start: { from: 'artifact', parcel: { sha256: hash, bytes: sizes.blob + 1 } } }, /start/],
      [{ limits: {} }, /limits/],
    ] as const)
      t.match(readMessage(jobMessage, JSON.stringify({ ...whole, ...wrong })), { kind: 'garbage', reason });
  },
);

t.test('a message of 100 MB is refused by its length, unparsed', async (t) => {
  const started = performance.now();
  t.match(readMessage(news, ' '.repeat(100_000_000)), { kind: 'garbage', reason: /100000000 characters/ });
  t.ok(performance.now() - started < 1_000);
});

t.test('what is nested without end is refused', async (t) => {
  const params = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const text = JSON.stringify(whole).replace(/"params":\{.*?\]\]\}/, `"params":${params}`);
  t.equal(readMessage(jobMessage, text).kind, 'garbage');
});

t.test('names: a queue for each service and version, a study in each job', async (t) => {
  t.equal(queueOf({ kind: 'network', hash }, '0.1.0'), `trials-p${protocol}-kabababababab-v0.1.0`);
  t.equal(queueOf({ kind: 'objective', hash }, '0.1.0'), `trials-p${protocol}-oabababababab-v0.1.0`);
  t.equal(jobId(study, 'key', 9), `${study}.key.9`);
});
