/**
 * Removes what a process that was killed had written of a file that is not whole (write-whole.ts). Other people's files lie in
 * the same folder: ours are known by a name that nobody else gives, and by how they begin.
 */
import { closeSync, lstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onFile } from './file-faults.ts';

const temporaryName = /^coresweep-(\d+)-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** How what a run writes begins: the model, the report, its pictures, a copy of the database. */
const beginnings = [
  '{\n  "format": "coresweep-model"',
  '<!doctype html>',
  '<svg ',
  '\x89PNG\r\n',
  'SQLite format 3\0',
];

/** Removes from `folder` what processes that have ended were about to write there. */
export const removeLeftovers = (folder: string): void =>
  onFile(folder, () => {
    for (const name of readdirSync(folder)) {
      const [, pid] = temporaryName.exec(name) ?? [];
      const path = join(folder, name);
      if (pid !== undefined && !isWriting(Number(pid))) removeOurs(path);
    }
  })();

function removeOurs(path: string): void {
  try {
    if (beginsAsOurs(path)) rmSync(path, { force: true });
  } catch {
    // Another user's: it does no harm.
  }
}

/** Whether the process may still be at it. This one is not, for it writes without a pause: the file is of a namesake's. */
const isWriting = (pid: number): boolean => pid !== process.pid && isAlive(pid);

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 is not sent.
    return process.kill(pid, 0);
  } catch (error) {
    // It is alive, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** As far as it was written; only of a file, for a pipe would block. */
function beginsAsOurs(path: string): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const head = Buffer.alloc(32);
  const file = openSync(path, 'r');
  try {
    const found = head.toString('latin1', 0, readSync(file, head));
    return beginnings.some((beginning) => found.startsWith(beginning) || beginning.startsWith(found));
  } finally {
    closeSync(file);
  }
}
