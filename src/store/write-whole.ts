/** Replacing a file such that nobody, and no power cut, ever sees half of it. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { explained } from './explained.ts';

/**
 * Writes `content` to `path`, made with its folder where missing: whoever looks, also after a power cut, finds the old
 * file or the new one. Throws a CoresweepError (file system), and then the old file is as it was.
 */
export const writeWhole = (path: string, content: string | Uint8Array): void =>
  explained(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}.tmp`;
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

function withFile(path: string, flags: string, act: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    act(file);
  } finally {
    closeSync(file);
  }
}
