/**
 * Other people's files in a database's folder, with names or beginnings like those of a run's: they stay, byte by byte.
 * Not here: which files are a run's own (src/files/leftovers.ts).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** No system has a process of that number, so nobody is still writing. */
const noProcess = 999_999_999;

const foreign: Readonly<Record<string, string>> = {
  'thesis.99999.tmp': 'Chapter 1\n',
  'notes.tmp': '',
  'report.html.tmp': '<!doctype html>\n<p>Mine.\n',
  'results.db.bak': 'SQLite format 3\0, and no more',
  'bestmodel.json.99999.tmp': '{\n  "format": "coresweep-model"',
  'coresweep-1-x.tmp': '<svg ',
  // Only its content tells that it is not a run's.
  [`coresweep-${noProcess}-00000000-0000-4000-8000-000000000000.tmp`]: 'Minutes of the meeting\n',
};

export function writeForeignFiles(folder: string): void {
  for (const [name, text] of Object.entries(foreign)) writeFileSync(join(folder, name), text);
}

/** One sentence for each of them that is gone or changed. */
export function foreignFaults(folder: string): string[] {
  return Object.entries(foreign).flatMap(([name, text]) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [`the foreign file ${name} is gone`];
    return readFileSync(path, 'utf8') === text ? [] : [`the foreign file ${name} has changed`];
  });
}
