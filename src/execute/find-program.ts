/** Whether the system would find a program, before any trial asks for it. Not here: starting it (command-process.ts). */
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

/** Where execvp looks without a PATH. */
const usualPath = '/bin:/usr/bin';

/** As execvp searches in `folder`: a name with a slash is a path, any other one stands in a folder of `path`. */
export async function isFound(program: string, folder: string, path = usualPath): Promise<boolean> {
  const folders = program.includes('/') ? [''] : path.split(delimiter);
  const found = await Promise.all(folders.map((place) => mayRun(resolve(folder, place, program))));
  return found.includes(true);
}

async function mayRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
