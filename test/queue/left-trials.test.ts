import t from 'tap';
import { packCheckpoint } from '../../src/queue/answers.ts';
import type { Blobs } from '../../src/queue/blobs.ts';
import { startOf } from '../../src/queue/left-trials.ts';
import type { JobMessage, Parcel } from '../../src/queue/messages.ts';

const at = (step: number) => ({ step, reports: [{ step, values: [1] }], bytes: Uint8Array.of(step) });

/** A server that keeps checkpoints by their steps; whatever else it is asked for is gone. */
const blobs = {
  async get({ step }: { readonly step: number }) {
    if (step === 0) throw new Error('It is gone.');
    return step === 99 ? Uint8Array.of(1, 2, 3) : packCheckpoint(at(step));
  },
} as unknown as Blobs;
const parcel = (step: number) => ({ step }) as unknown as Parcel;
const from = (step: number) =>
  ({ start: { from: 'checkpoint', parcel: parcel(step) } }) as unknown as JobMessage;
const anew = { start: { from: 'nothing' } } as unknown as JobMessage;

t.test('a trial goes on from the further one of what its run and a worker before have of it', async (t) => {
  for (const [given, left, wanted] of [
    [from(5), undefined, 5],
    [from(5), 3, 5],
    [from(5), 7, 7],
    [anew, 7, 7],
  ] as const)
    t.same(await startOf(given, left && parcel(left), 1, blobs), {
      from: 'checkpoint',
      checkpoint: at(wanted),
    });
  t.same(await startOf(anew, undefined, 1, blobs), { from: 'nothing' });
});

t.test('what a worker before has left is done without where it is gone or no checkpoint', async (t) => {
  for (const left of [0, 99]) {
    t.same(await startOf(from(5), parcel(left), 1, blobs), { from: 'checkpoint', checkpoint: at(5) });
    t.same(await startOf(anew, parcel(left), 1, blobs), { from: 'nothing' });
  }
  t.same(await startOf(anew, parcel(7), 2, blobs), { from: 'nothing' }, 'nor one of other metrics');
});

t.test('what its run says must be there', async (t) => {
  await t.rejects(startOf(from(0), parcel(7), 1, blobs), { message: 'It is gone.' });
  await t.rejects(startOf(from(99), parcel(7), 1, blobs), { message: /cannot be read/ });
});
