/** Where a verb writes a file for other programs, and what it must not overwrite. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { errors } from '../errors.ts';
import { writeWhole } from '../store/write-whole.ts';

/**
 * Writes a file whole or not at all and prints its path; `-` is stdout.
 * @throws ERR_OUTPUT where it would replace the database
 */
export function writeOutput(
  out: NodeJS.WriteStream,
  path: string,
  content: string | Uint8Array,
  database: string,
): void {
  if (path === '-') {
    out.write(content);
    return;
  }
  if (folderOf(path) === folderOf(database) && baseOf(path) === baseOf(database)) {
    throw errors.outputIsDatabase(path);
  }
  writeWhole(path, content);
  out.write(`${path}\n`);
}

/** Whatever links lead there. */
function folderOf(file: string): string {
  const folder = resolve(dirname(file));
  return existsSync(folder) ? realpathSync(folder) : folder;
}

/** `results.db` for `results.db-wal` too. */
const baseOf = (file: string): string => basename(file).replace(/-(?:wal|shm|journal)$/, '');
