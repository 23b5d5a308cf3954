/**
 * The one file that a database's path leads to. SQLite finds a database's log and lock beside it, by name: under two names
 * a database would have two logs and two owners, and each would lose what the other writes.
 * Not here: what is in the file (database.ts), and who may write to it (ownership.ts).
 */
import { lstatSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { errors } from '../errors.ts';
import { explained } from './explained.ts';

/** `path`, or where it leads if it is a symbolic link, also one to a file that is yet to be made. */
export const databaseFile = (path: string): string => explained(path, linkedFile)(path);

function linkedFile(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  // Also where links lead in a circle, which this refuses.
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  const target = readlinkSync(path);
  return linkedFile(isAbsolute(target) ? target : join(realpathSync(dirname(path)), target));
}

/**
 * Throws unless the file at `path`, which is no symbolic link, can be reached by no other name: a hard link or a mount of
 * the file alone gives it one in another folder. The mount of a whole folder does not, for the log lies in it as well.
 */
export function expectOneName(path: string, { nlink }: Stats): void {
  if (nlink > 1) throw errors.databaseLinked(path, nlink);
  if (mountPoints().includes(realpathSync(path))) throw errors.databaseMounted(path);
}

/** Where file systems, folders and files are mounted; known on Linux alone. */
function mountPoints(): string[] {
  if (process.platform !== 'linux') return [];
  return linesOf('/proc/self/mountinfo').map((line) =>
    // https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html: white space and backslashes are in octal.
    (line.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    ),
  );
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // No /proc here.
    return [];
  }
}
