/**
 * The bytes of one regular file, inflated when its name ends in .gz.
 * Not here: what the bytes mean. No more than one chunk is held at a time, whatever the file claims to contain.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errors } from '../errors.ts';

const chunkBytes = 1 << 20;
/** No DEFLATE stream grows further: what promises more is cut off. */
export const maxInflation = 1_032;

/** Consecutive bytes; they are overwritten when the next chunk is asked for. */
export interface Chunk {
  /** Where the chunk starts, in bytes from the start of the (inflated) file. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export class DataFile {
  readonly path: string;
  /** Its size on disk. */
  readonly bytes: number;
  readonly compressed: boolean;
  readonly #handle: FileHandle;

  private constructor(path: string, bytes: number, handle: FileHandle) {
    this.path = path;
    this.bytes = bytes;
    this.compressed = path.endsWith('.gz');
    this.#handle = handle;
  }

  /** Opens a regular file and nothing else; the caller closes it. */
  static async open(path: string): Promise<DataFile> {
    const handle = await openWithoutBlocking(path);
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw errors.notARegularFile(path, kindOf(status));
      return new DataFile(path, status.size, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The bytes in order, at least the first `to` where the file has them. Read to Infinity, it is checked to its last byte. */
  read(to: number): AsyncGenerator<Chunk, void, undefined> {
    return this.compressed ? this.#inflated(to) : this.#stored(to);
  }

  /**
   * Fills `target` with the bytes from `from` on of a plain file, without a copy.
   * @returns how many there were
   */
  async fill(target: Uint8Array, from: number): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const rest = target.subarray(filled);
      const bytesRead = await this.#readInto(rest, rest.length, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async *#stored(to: number): AsyncGenerator<Chunk, void, undefined> {
    const buffer = new Uint8Array(Math.min(chunkBytes, to));
    for (let at = 0; at < to; ) {
      const bytesRead = await this.#readInto(buffer, Math.min(buffer.length, to - at), at);
      if (bytesRead === 0) return;
      yield { at, bytes: buffer.subarray(0, bytesRead) };
      at += bytesRead;
    }
  }

  async #readInto(buffer: Uint8Array, length: number, at: number): Promise<number> {
    try {
      return (await this.#handle.read(buffer, 0, length, at)).bytesRead;
    } catch (cause) {
      throw errors.unreadableData(this.path, cause);
    }
  }

  async *#inflated(to: number): AsyncGenerator<Chunk, void, undefined> {
    const gunzip = createGunzip({ chunkSize: 1 << 18 });
    // pipeline passes an error on to gunzip, and so to the loop below: nothing is left for the callback to do.
    pipeline(copies(this.#stored(Number.POSITIVE_INFINITY)), gunzip, () => {});
    let at = 0;
    try {
      for await (const bytes of gunzip as AsyncIterable<Uint8Array>) {
        yield { at, bytes };
        at += bytes.length;
        if (at >= to) return;
      }
    } catch (cause) {
      throw isZlibError(cause) ? errors.damagedGzip(this.path, cause) : cause;
    }
    // zlib stops silently at zeros after the last member.
    if (gunzip.bytesWritten !== this.bytes) throw errors.damagedGzip(this.path);
  }
}

async function openWithoutBlocking(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a FIFO waits for someone to write to it.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw errors.missingData(path);
    if (code === 'ENXIO') throw errors.notARegularFile(path, 'a socket');
    throw errors.unreadableData(path, cause);
  }
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) return 'a folder';
  return status.isFIFO() ? 'a FIFO' : 'a device';
}

/** A stream queues what it is given, so it cannot share a buffer that is read into again. */
async function* copies(chunks: AsyncIterable<Chunk>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of chunks) yield bytes.slice();
}

const isZlibError = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
