/**
 * Replacing a file such that nobody, and no power cut, ever sees half of it.
 * Not here: what a process leaves that is killed meanwhile (leftovers.ts).
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { onFile } from './file-faults.ts';

/**
 * Writes `content` to `path`, made with its folder where missing: every reader, also after a power cut, finds the old
 * file or the new one. Throws a CoresweepError (file system), and then the old file is as it was.
 */
export const writeWhole = (path: string, content: string | Uint8Array): void =>
  onFile(path, () => {
    makeFolder(dirname(path));
    putInPlace(path, (temporary) => writeFileSync(temporary, content, { flag: 'wx' }));
  })();

/** Puts what `write` writes to a temporary file in the place of `path`, whole or, where anything throws, not at all. */
export function putInPlace(path: string, write: (temporary: string) => void): void {
  const temporary = temporaryPath(path);
  try {
    write(temporary);
    // Before the rename: a name on the disk must never lead to bytes that are not.
    withFile(temporary, 'r+', fsyncSync);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  // The rename is durable only once the folder is on the disk. Windows cannot open folders, nor does it need this.
  if (process.platform !== 'win32') withFile(dirname(path), 'r', fsyncSync);
}

/**
 * Makes `folder` and those above it where they are missing. Not mkdirSync's own `recursive`: where the system says "no such
 * file" of a folder that it will not have made, as in /proc, that tries for ever.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder) || folder === dirname(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process has just made it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Where `path` is written before it is whole: never a name that was there before, for a process in a container has the
 * same number each time. leftovers.ts knows it.
 */
export const temporaryPath = (path: string): string =>
  join(dirname(path), `coresweep-${process.pid}-${randomUUID()}.tmp`);

function withFile(path: string, flags: string, act: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    act(file);
  } finally {
    closeSync(file);
  }
}
