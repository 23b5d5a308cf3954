import { hash } from 'node:crypto';
import t from 'tap';
import type { Blobs } from '../../src/queue/blobs.ts';
import { LaidOut } from '../../src/queue/laid-out.ts';
import type { Parcel } from '../../src/queue/messages.ts';

/** A server that can lose everything. */
function shelf() {
  const kept = new Map<string, Uint8Array>();
  const nameOf = (parcel: Parcel) => ('sha256' in parcel ? parcel.sha256 : '');
  const blobs = {
    async put(bytes: Uint8Array): Promise<Parcel> {
      const sha256 = hash('sha256', bytes);
      kept.set(sha256, bytes);
      return { sha256, bytes: bytes.length };
    },
    renew: async (parcels: readonly Parcel[]) => parcels.every((parcel) => kept.has(nameOf(parcel))),
  } as Blobs;
  return { kept, blobs };
}

t.test('what is still there is not made again, what was lost is, under the same name', async (t) => {
  const { kept, blobs } = shelf();
  let made = 0;
  const laidOut = new LaidOut(blobs, async (put) => {
    made++;
    await put(Buffer.from('rows'));
    return Buffer.from('setting');
  });
  const before = await laidOut.setting();
  await laidOut.renew();
  t.equal(made, 1);
  kept.delete(hash('sha256', Buffer.from('rows')));
  await laidOut.renew();
  t.equal(made, 2);
  t.equal(kept.size, 2);
  t.same(await laidOut.setting(), before);
});

t.test('what cannot be made again holds nobody up, and is tried the next time', async (t) => {
  const { kept, blobs } = shelf();
  let isGone = false;
  const laidOut = new LaidOut(blobs, async () => {
    if (isGone) throw new Error('Its file is gone.');
    return Buffer.from('setting');
  });
  const before = await laidOut.setting();
  kept.clear();
  isGone = true;
  await laidOut.renew();
  t.same(await laidOut.setting(), before);
  isGone = false;
  await laidOut.renew();
  t.equal(kept.size, 1);
});

t.test('what could not be made at all is told to whoever asks for it', async (t) => {
  const laidOut = new LaidOut(shelf().blobs, () => Promise.reject(new Error('It has no rows.')));
  await t.rejects(laidOut.setting(), /no rows/);
  await laidOut.renew();
  t.equal(await new LaidOut(shelf().blobs, undefined).setting(), undefined);
});
