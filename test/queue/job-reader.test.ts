import t from 'tap';
import { JobReader } from '../../src/queue/job-reader.ts';
import type { StudyCard } from '../../src/queue/messages.ts';
import { jobId, protocol } from '../../src/queue/protocol.ts';
import { publicKeyOf, signatureOf, signingKey } from '../../src/queue/signature.ts';

const study = '0123456789abcdef';
const service = { kind: 'objective', hash: 'ab'.repeat(32) } as const;
const message = {
  ...{ protocol, job: jobId(study, 'key', undefined), study, service, number: 1, role: 'search', key: 'key' },
  ...{ replicate: 0, params: { x: 1 }, attempt: 1, seed: 1, start: { from: 'nothing' } },
  ...{ limits: { silentSeconds: 60 }, checkpointSeconds: 10 },
};
const text = JSON.stringify(message);
const key = signingKey(study, 'secret');
const job = { text, signature: signatureOf(text, key) };
const card: StudyCard = {
  ...{ protocol, version: '0', id: study, name: 'run', host: 'here', service, publicKey: publicKeyOf(key) },
};

/** What a reader makes of a job, and what it says. */
async function readWith(given: StudyCard | undefined, data: unknown, wanted = service) {
  const said: string[] = [];
  const reader = new JobReader(
    async () => given,
    (words) => said.push(words),
  );
  return { read: await reader.read(wanted, data), said: said.join('\n') };
}

t.test('a job that its run has signed is read', async (t) => {
  t.same(await readWith(card, job), { read: message, said: '' });
});

t.test('of what is thrown away it is said why', async (t) => {
  const other = { ...card, publicKey: publicKeyOf(signingKey(study, 'other')) };
  for (const [given, data, why] of [
    [card, 7, /another form/],
    // As when a run was silent for so long that the server has forgotten it, and its trials not.
    [undefined, job, /its run is not known here\. Where that goes on, it hands its trials out again/],
    [other, job, /its run has not signed it/],
    [{ ...card, publicKey: '' }, job, /its run has not signed it/],
  ] as const)
    t.match(await readWith(given, data), { read: undefined, said: why });
  const elsewhere = { ...service, hash: 'cd'.repeat(32) };
  t.match(await readWith(card, job, elsewhere as never), { read: undefined, said: /another objective/ });
});
