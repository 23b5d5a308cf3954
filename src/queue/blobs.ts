/**
 * Bytes that are too large for a message, by their hash: in pieces, over a connection of their own, checked before use.
 * On one connection with locks, a large value would let these run out; as one value, it would hold the whole server up.
 */
import { hash } from 'node:crypto';
import type { Parcel } from './messages.ts';
import { keys, sizes, times } from './protocol.ts';
import type { Connection } from './server.ts';

export class Blobs {
  readonly #redis: Connection;

  constructor(redis: Connection) {
    this.#redis = redis;
  }

  /** Small bytes travel within their message. */
  async put(bytes: Uint8Array): Promise<Parcel> {
    if (bytes.length <= sizes.inline) return { inline: Buffer.from(bytes).toString('base64') };
    const sha256 = hash('sha256', bytes);
    const key = keys.blob(sha256);
    const known = await this.#redis.hget(key, 'bytes');
    if (known !== String(bytes.length)) {
      for (let at = 0; at < bytes.length; at += sizes.chunk) {
        const chunk = Buffer.from(
          bytes.buffer,
          bytes.byteOffset + at,
          Math.min(sizes.chunk, bytes.length - at),
        );
        await this.#redis.hset(key, String(at / sizes.chunk), chunk);
        if (at === 0) await this.#redis.expire(key, times.keepSeconds);
      }
      // Last: once it can be seen, so can all the others.
      await this.#redis.hset(key, 'bytes', String(bytes.length));
    }
    await this.#redis.expire(key, times.keepSeconds);
    return { sha256, bytes: bytes.length };
  }

  /** Keeps them as if they had just been left there. @returns whether all of them are still there, whole */
  async renew(parcels: readonly Parcel[]): Promise<boolean> {
    const asked = this.#redis.pipeline();
    const large = parcels.flatMap((parcel) => ('sha256' in parcel ? [parcel] : []));
    if (large.length === 0) return true;
    for (const { sha256 } of large) asked.expire(keys.blob(sha256), times.keepSeconds);
    for (const { sha256 } of large) asked.hget(keys.blob(sha256), 'bytes');
    const answers = (await asked.exec()) ?? [];
    return large.every(({ bytes }, at) => answers[large.length + at]?.[1] === String(bytes));
  }

  /** @throws Error where they are not there, or are not what their hash says: these are then removed, as put() keeps what is there */
  async get(parcel: Parcel): Promise<Uint8Array> {
    if ('inline' in parcel) return Buffer.from(parcel.inline, 'base64');
    const { sha256, bytes } = parcel;
    const key = keys.blob(sha256);
    const whole = Buffer.alloc(bytes);
    const damaged = async (what: string): Promise<Error> => {
      await this.#redis.del(key);
      return new Error(what);
    };
    for (let at = 0; at < bytes; at += sizes.chunk) {
      const chunk = await this.#redis.hgetBuffer(key, String(at / sizes.chunk));
      const length = Math.min(sizes.chunk, bytes - at);
      if (chunk?.length !== length)
        throw await damaged(
          `Of ${sha256} (${bytes} bytes) the piece at ${at} has ${chunk?.length ?? 'no'} bytes.`,
        );
      whole.set(chunk, at);
    }
    const got = hash('sha256', whole);
    if (got !== sha256) throw await damaged(`What is called ${sha256} has the hash ${got}.`);
    return whole;
  }

  /** Soon, not at once: another trial may have left equal bytes and be about to be read. */
  async drop(parcel: Parcel): Promise<void> {
    if ('sha256' in parcel) await this.#redis.pexpire(keys.blob(parcel.sha256), times.settled);
  }
}
