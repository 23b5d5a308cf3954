import { hash, randomBytes } from 'node:crypto';
import t from 'tap';
import { queueAddress } from '../../src/queue/address.ts';
import { Blobs } from '../../src/queue/blobs.ts';
import { keys, sizes, times } from '../../src/queue/protocol.ts';
import { type Connection, openServer } from '../../src/queue/server.ts';
import { freePort, queueOnRedis, withoutServer } from './redis-server.ts';

if (withoutServer !== undefined) t.test('blobs', { skip: withoutServer }, async () => {});
else {
  const { redis, server } = await queueOnRedis(t);
  const connection = server.connection();
  const blobs = new Blobs(connection);

  t.test('a server that is not there is named, with what to do', async (t) => {
    const address = queueAddress(`redis://127.0.0.1:${await freePort()}`, {}, false);
    await t.rejects(openServer(address), {
      code: 'ERR_QUEUE_UNREACHABLE',
      message: /127\.0\.0\.1.*ECONNREFUSED/,
    });
  });

  t.test('bytes come back as they were, small ones within the message, large ones in pieces', async (t) => {
    for (const length of [0, 1, sizes.inline, sizes.inline + 1, sizes.chunk, 50_000_001]) {
      const bytes = randomBytes(length);
      const parcel = await blobs.put(bytes);
      t.equal('inline' in parcel, length <= sizes.inline);
      t.ok(Buffer.from(await blobs.get(parcel)).equals(bytes));
    }
    t.same(await blobs.put(Buffer.alloc(sizes.chunk)), await blobs.put(Buffer.alloc(sizes.chunk)));
  });

  t.test('a piece that is missing, short or another is never used, and is laid out again', async (t) => {
    const bytes = randomBytes(3 * sizes.chunk);
    const parcel = await blobs.put(bytes);
    if ('inline' in parcel) throw new Error('It is small.');
    const key = keys.blob(parcel.sha256);
    const damages = [
      [/has the hash/, () => connection.hset(key, '1', randomBytes(sizes.chunk))],
      [/has 7 bytes/, () => connection.hset(key, '1', randomBytes(7))],
      // As after a server that began anew, without what it had, while they were on their way.
      [/the piece at 0 has no bytes/, () => connection.hdel(key, '0')],
    ] as const;
    for (const [message, damage] of damages) {
      await damage();
      await t.rejects(blobs.get(parcel), { message });
      t.notOk(await blobs.renew([parcel]), 'who keeps them there hears of it');
      t.same(await blobs.put(bytes), parcel);
      t.ok(bytes.equals(await blobs.get(parcel)));
    }
  });

  t.test(
    'the server keeps bytes for days after they were last asked for, and those that are dropped a while',
    async (t) => {
      const bytes = randomBytes(3 * sizes.chunk);
      const parcel = await blobs.put(bytes);
      if ('inline' in parcel) throw new Error('It is small.');
      const key = keys.blob(parcel.sha256);
      const isKeptFor = async (seconds: number) => {
        const left = (await connection.pttl(key)) / 1000;
        t.ok(left > seconds - 20 && left <= seconds, String(left));
        await connection.expire(key, 1_000);
      };
      await isKeptFor(times.keepSeconds);
      const sent = async () => /cmdstat_hset:calls=(\d+)/.exec(await connection.info('commandstats'))?.[1];
      const before = await sent();
      await blobs.put(bytes);
      t.equal(await sent(), before, 'which are not sent again');
      await isKeptFor(times.keepSeconds);
      await blobs.renew([parcel]);
      await isKeptFor(times.keepSeconds);
      await blobs.drop(parcel);
      await isKeptFor(times.settled / 1000);
    },
  );

  t.test('of bytes that were cut off on their way, nothing stays for good', async (t) => {
    const bytes = randomBytes(3 * sizes.chunk);
    const cut = {
      hget: async () => null,
      expire: (key: string, seconds: number) => connection.expire(key, seconds),
      async hset(key: string, piece: string, chunk: Uint8Array) {
        if (piece === '2') throw new Error('It is cut.');
        await connection.hset(key, piece, Buffer.from(chunk));
      },
    } as unknown as Connection;
    await t.rejects(new Blobs(cut).put(bytes), { message: 'It is cut.' });
    const key = keys.blob(hash('sha256', bytes));
    t.equal(await connection.hlen(key), 2);
    t.ok((await connection.ttl(key)) > 0);
  });

  t.test('a server that throws trials away is refused, and one that forgets is remarked on', async (t) => {
    await connection.config('SET', 'maxmemory', '100mb');
    await connection.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const address = queueAddress(redis.url, {}, false);
    await t.rejects(openServer(address), { code: 'ERR_QUEUE_EVICTS', message: /allkeys-lru.*noeviction/ });
    await connection.config('SET', 'maxmemory-policy', 'noeviction');
    await connection.config('SET', 'appendonly', 'no');
    const other = await openServer(address);
    t.match(other.remarks, [/appendonly no/]);
    await other.close();
  });
}
