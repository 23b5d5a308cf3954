/** What opening a database makes where there is none, and how that is taken away again where nothing came of it. */
import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * To be asked before anything is made.
 * @returns takes away what has been made since, and nothing that was there before; undefined where there is a database
 */
export function takingAway(path: string): (() => void) | undefined {
  if (existsSync(path)) return undefined;
  const missing: string[] = [];
  for (let folder = dirname(path); !isThere(folder); folder = dirname(folder)) missing.push(folder);
  return () => {
    try {
      for (const end of ['', '-wal', '-shm', '-lock']) rmSync(path + end, { force: true });
      for (const folder of missing) rmdirSync(folder);
    } catch {
      // Others have put something there meanwhile, or have a file open that Windows keeps for them: what stays is empty.
    }
  };
}

/** A root counts as there: nothing lies above it, even where it is that of a drive that Windows does not have. */
const isThere = (folder: string): boolean => existsSync(folder) || folder === dirname(folder);
