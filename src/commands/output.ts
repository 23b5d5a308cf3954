/** Where a verb writes a file for other programs, and what it must not overwrite. */
import { statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { errors } from '../errors.ts';
import { onFile } from '../files/file-faults.ts';
import { writeWhole } from '../files/write-whole.ts';
import { bestModelPath, isSameFile } from '../store/database-file.ts';

/**
 * Writes a file whole or not at all and prints its path; `-` is stdout.
 * @throws ERR_OUTPUT where it would replace the database or what belongs to it
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
  expectNotOurs(path, database);
  // A pipe or a device is written to: another file in its place is nothing that anyone can want.
  if (isStream(path)) onFile(path, () => writeFileSync(path, content))();
  else writeWhole(path, content);
  out.write(`${path}\n`);
}

/** Compares files, not how their paths are spelled. */
const expectNotOurs = (path: string, database: string): void =>
  onFile(path, () => {
    const model = bestModelPath(database);
    if (isSameFile(path, model)) throw errors.outputIsOurs(path, `the winner's model, ${basename(model)}`);
    for (const end of ['', '-wal', '-shm', '-journal', '-lock']) {
      const what = end === '' ? 'the database itself' : `a part of the database ${JSON.stringify(database)}`;
      if (isSameFile(path, `${database}${end}`)) throw errors.outputIsOurs(path, what);
    }
  })();

function isStream(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
