/** Replacing a file such that nobody, and no power cut, ever sees half of it. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { explained } from './explained.ts';

/**
 * Writes `content` to `path`, made with its folder where missing: whoever looks, also after a power cut, finds the old
 * file or the new one. Throws a CoresweepError (file system), and then the old file is as it was.
 */
export const writeWhole = (path: string, content: string | Uint8Array): void =>
  explained(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = temporaryPath(path);
    try {
      // Synced before the rename: a name on the disk must never lead to bytes that are not.
      withFile(temporary, 'wx', (file) => {
        writeFileSync(file, content);
        fsyncSync(file);
      });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    // The rename is durable only once the folder is on the disk. Windows cannot open folders, nor does it need this.
    if (process.platform !== 'win32') withFile(dirname(path), 'r', fsyncSync);
  })();

/** Where `path` is written before it is whole; named after the process, so that what a dead one left can be told. */
export const temporaryPath = (path: string): string => `${path}.${process.pid}.tmp`;

/** Removes what processes that are no more were about to write into `folder`. */
export const removeLeftovers = (folder: string): void =>
  explained(folder, () => {
    for (const name of readdirSync(folder)) {
      const [, pid] = /\.(\d+)\.tmp$/.exec(name) ?? [];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
    }
  })();

function isAlive(pid: number): boolean {
  try {
    // Signal 0 is not sent.
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, but is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function withFile(path: string, flags: string, act: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    act(file);
  } finally {
    closeSync(file);
  }
}
