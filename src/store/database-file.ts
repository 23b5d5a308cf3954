/**
 * The one file that a database's path leads to. SQLite finds a database's log and lock beside it, by name: under two names
 * a database would have two logs and two owners, and each would lose what the other writes.
 * Not here: what is in the file (usable-file.ts), and who may write to it (ownership.ts).
 */
import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { errors } from '../errors.ts';
import { explained } from './explained.ts';

/** Where the winner's weights go. */
export const bestModelPath = (database: string): string => join(dirname(database), 'bestmodel.json');

/**
 * By the first two SQLite means a database that is gone at the end; no system knows a name with the third in it. A folder's name
 * ends in the fourth, and the last is an address, such as Optuna's sqlite:///study.db, of which a path would make folders.
 */
const namesNoFile = /^$|^:memory:$|\0|[/\\]$|^[a-z][\w+.-]+:\/\//i;

/** What is written beside a database has these names, and would replace one that had them. */
const reservedName = /^(?:bestmodel\.json|report\.html|.*\.(?:svg|png)|.*-(?:wal|shm|lock|journal))$/i;

/**
 * `path`, or where it leads if it is a symbolic link, also one to a file that is yet to be made.
 * @throws ERR_DATABASE_NAME where another file of a run has that name, ERR_OPTION_VALUE for what names no file
 */
export function databaseFile(path: string): string {
  if (typeof path !== 'string' || namesNoFile.test(path)) throw errors.databaseName(path);
  const file = explained(path, linkedFile)(path);
  if (reservedName.test(basename(file))) throw errors.databaseReserved(file);
  return file;
}

function linkedFile(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  // Also where links lead in a circle, which this refuses.
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  const target = readlinkSync(path);
  return linkedFile(isAbsolute(target) ? target : join(realpathSync(dirname(path)), target));
}

/** Whether two paths lead to one file, whatever links lead there, and also where it is yet to be made. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (a !== undefined && b !== undefined) return a.dev === b.dev && a.ino === b.ino;
  // Two names that differ in their case alone are one file on some systems.
  return a === b && place(linkedFile(one)).toLowerCase() === place(linkedFile(other)).toLowerCase();
}

/** Where a file is to be made, of whose folders some may be missing too. */
function place(path: string): string {
  const folder = resolve(dirname(path));
  return join(
    existsSync(folder) || folder === dirname(folder) ? realpathSync(folder) : place(folder),
    basename(path),
  );
}

/**
 * Throws unless the file at `path`, which is no symbolic link, can be reached by no other name: a hard link or a mount of
 * the file alone gives it one in another folder. The mount of a whole folder does not, for the log lies in it as well.
 */
export function expectOneName(path: string, { nlink }: Stats): void {
  if (nlink > 1) throw errors.databaseLinked(path, nlink);
  if (mountPoints().includes(realpathSync(path))) throw errors.databaseMounted(path);
}

/** Throws if SQLite would meet a pipe or a folder where its log or lock must lie: it waits at a pipe, and hears no signal. */
export function expectFilesBeside(path: string): void {
  for (const end of ['-journal', '-wal', '-shm', '-lock']) {
    const isFile = statSync(path + end, { throwIfNoEntry: false })?.isFile() ?? true;
    if (!isFile) throw errors.besideDatabase(path + end);
  }
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
