/** The paths by which one database is reached, and the one that must not reach it. Not here: who starts a sweep on them (starts.ts). */
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Started, start } from './small-sweep.ts';

/** Paths that all lead to `database`, from its folder; makes the links that some of them need beside the folder. */
export function spellings(database: string): readonly string[] {
  const [folder, name] = [dirname(database), basename(database)];
  const [file, linkedFolder] = [`${folder}.db`, `${folder}-link`];
  symlinkSync(join(basename(folder), name), file);
  symlinkSync(folder, linkedFolder);
  mkdirSync(join(dirname(folder), 'x'), { recursive: true });
  return [name, file, `./../x/../${basename(folder)}/${name}`, join(linkedFolder, name), database];
}

/** Starts a sweep on a database that is spelled so, from the folder of `database`. */
export const startAs = (definition: string, database: string, spelled: string): Started =>
  start(
    { definition, database: spelled },
    { wrapper: ['sh', '-c', 'cd "$0" && exec "$@"', dirname(database)] },
  );

/** What a sweep has left where only a link to its database lies. */
export function faultsBesideLinks(database: string): string[] {
  const link = `${basename(dirname(database))}.db`;
  const found = readdirSync(dirname(dirname(database))).filter(
    (name) => name !== link && name.startsWith(link),
  );
  return found.map((name) => `${name} lies beside a link to the database`);
}

/** A hard link is a second name with a log of its own: under either, a sweep is refused, and nothing is written. */
export async function faultsOfHardLink(
  definition: string,
  database: string,
  spelled: string,
): Promise<string[]> {
  const other = `${dirname(database)}-hard.db`;
  linkSync(database, other);
  const before = readFileSync(database);
  const found: string[] = [];
  for (const path of [other, spelled]) {
    const { code, err } = await startAs(definition, database, path).ended;
    if (code !== 74 || !/has 2 names \(hard links\).* \[ERR_DATABASE_LINKED\]\n$/.test(err))
      found.push(`by ${path}, with a hard link to it: ended with ${code}: ${err}`);
  }
  if (!readFileSync(database).equals(before)) found.push('a sweep that was refused has written');
  rmSync(other);
  return found;
}
