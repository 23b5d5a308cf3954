/**
 * What has travelled, kept on this machine's disk by its hash: rows come once, however often a worker is started.
 * Several workers share it; nothing in it is trusted, and nothing fails for want of it.
 * Not here: how bytes travel (blobs.ts), and who shows and clears it (commands/cache.ts).
 */
import { hash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { makeFolder, temporaryPath } from '../files/write-whole.ts';
import type { Parcel } from './messages.ts';

/** What a worker keeps at most, in MiB: all of MNIST 39 times. */
export const usualCacheMb = 2_048;

/** As the XDG Base Directory Specification has it, which ignores a path that is not absolute. */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  home: () => string = homedir,
): string {
  const given = environment['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(given) ? given : usualCaches(home), 'coresweep', 'data');
}

/** The user of a container may be a number without a home. */
function usualCaches(home: () => string): string {
  try {
    const folder = home();
    if (isAbsolute(folder)) return join(folder, '.cache');
  } catch {
    // So the system says it.
  }
  return tmpdir();
}

interface Kept {
  readonly path: string;
  readonly bytes: number;
  /** When it was last of use, in milliseconds. */
  readonly usedAt: number;
}

const isWhole = ({ path }: Kept): boolean => /[\\/][0-9a-f]{64}$/.test(path);

/** Half-written files of processes that were killed. */
const isLeftover = (kept: Kept, now: number): boolean =>
  kept.path.endsWith('.tmp') && now - kept.usedAt > 86_400_000;

export class DataCache {
  readonly #folder: string;
  readonly #limit: number;
  readonly #tell: (text: string) => void;
  #isToldOf = false;

  /** @param tell hears once, in words, that nothing can be kept */
  constructor(folder: string, limitMb: number, tell: (text: string) => void) {
    this.#folder = folder;
    this.#limit = limitMb * 2 ** 20;
    this.#tell = tell;
  }

  /** The bytes of a parcel, fetched only where they are not here. @throws what `fetch` throws */
  async through(parcel: Parcel, fetch: (parcel: Parcel) => Promise<Uint8Array>): Promise<Uint8Array> {
    if ('inline' in parcel || parcel.bytes > this.#limit) return await fetch(parcel);
    const path = join(this.#folder, parcel.sha256);
    const kept = await wholeFile(path, parcel);
    if (kept !== undefined) return kept;
    const bytes = await fetch(parcel);
    try {
      await this.#keep(path, bytes);
    } catch (error) {
      if (!this.#isToldOf)
        this.#tell(
          `Received data cannot be kept in ${this.#folder}: ${(error as Error).message}. The worker continues without, and fetches the data again after a restart.`,
        );
      this.#isToldOf = true;
    }
    return bytes;
  }

  /** Without waiting for the disk: what a power cut leaves of it is not what its hash says, and is fetched again. */
  async #keep(path: string, bytes: Uint8Array): Promise<void> {
    makeFolder(this.#folder);
    await this.#makeRoom(bytes.length);
    const temporary = temporaryPath(path);
    try {
      await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600 });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Removes what was of no use for longest. */
  async #makeRoom(bytes: number): Promise<void> {
    const found = await keptIn(this.#folder);
    const kept = found.filter(isWhole).sort((one, other) => one.usedAt - other.usedAt);
    let sum = kept.reduce((sum, each) => sum + each.bytes, bytes);
    for (const { path, bytes } of kept) {
      if (sum <= this.#limit) break;
      await rm(path, { force: true });
      sum -= bytes;
    }
    for (const each of found) if (isLeftover(each, Date.now())) await rm(each.path, { force: true });
  }
}

/** Undefined where it is not there; what is not what its hash says is removed. */
async function wholeFile(path: string, { sha256 }: Exclude<Parcel, { inline: string }>) {
  try {
    const read = await readFile(path);
    if (hash('sha256', read) === sha256) {
      const now = new Date();
      // Another user's file keeps its time.
      await utimes(path, now, now).catch(() => {});
      return read;
    }
    await rm(path, { force: true });
  } catch {
    // It is not there, or cannot be read: then it travels.
  }
  return undefined;
}

/** What lies in the folder, whole or not; nothing where it was never made. */
async function keptIn(folder: string): Promise<Kept[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another worker may just have removed it.
      const status = await stat(path).catch(() => undefined);
      return status?.isFile() ? [{ path, bytes: status.size, usedAt: status.mtimeMs }] : [];
    }),
  );
  return found.flat().filter((kept) => isWhole(kept) || kept.path.endsWith('.tmp'));
}

export interface CacheContent {
  readonly files: number;
  readonly bytes: number;
}

const contentOf = (kept: readonly Kept[]): CacheContent => ({
  files: kept.length,
  bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
});

/** @throws Error of the file system */
export const cacheContent = async (folder: string): Promise<CacheContent> => contentOf(await keptIn(folder));

/** Also while workers are at it: they fetch what they miss. @returns what there was @throws Error of the file system */
export async function clearCache(folder: string): Promise<CacheContent> {
  const kept = await keptIn(folder);
  await Promise.all(kept.map(({ path }) => rm(path, { force: true })));
  return contentOf(kept);
}
