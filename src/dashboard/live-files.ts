/** The files in which running processes tell how far their trials are: results.db-live-PID, one a process. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const prefixOf = (database: string): string => join(dirname(database), `${basename(database)}-live-`);

export const liveFileOf = (database: string, pid: number): string => `${prefixOf(database)}${pid}`;

export interface FoundLiveFile {
  readonly path: string;
  readonly pid: number;
  /** Not while it is being written. */
  readonly isWhole: boolean;
}

/** Those that lie beside a database, whether or not their processes live. */
export function liveFiles(database: string): FoundLiveFile[] {
  const prefix = basename(prefixOf(database));
  return namesIn(dirname(database)).flatMap((name) => {
    const [, pid, end] = name.startsWith(prefix)
      ? (/^(\d+)(\.new)?$/.exec(name.slice(prefix.length)) ?? [])
      : [];
    if (pid === undefined) return [];
    return [{ path: join(dirname(database), name), pid: Number(pid), isWhole: end === undefined }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
