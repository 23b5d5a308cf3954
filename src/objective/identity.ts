/**
 * What an objective is, as a hash: of its code and of all that this imports, so that changed code is another run.
 * Followed are imports by relative path that stand in the code as text. A package counts by its name and version, and coresweep
 * itself not at all: its own part in a trial stays the same between versions. Not here: what becomes of a change.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isFile, moduleFiles } from '../files/module-files.ts';

/**
 * SHA-256 (hex) of a module, of the files that it imports by relative path, directly or not, and of `version`. Where the
 * module's folder lies is not part of it.
 * @throws the file system's error where the module itself cannot be read
 */
export function moduleIdentity(file: string, version?: string): string {
  const folder = dirname(resolve(file));
  const files = new Map<string, string>();
  const packages = new Set<string>();
  for (const { path, bytes, packages: imported } of moduleFiles(file)) {
    files.set(relative(folder, path).replaceAll(sep, '/'), hash('sha256', bytes));
    for (const specifier of imported) packages.add(packageText(specifier, dirname(path)));
  }
  packages.delete('');
  return identityOf([...pairs(files), ...[...packages].sort(), version ?? null]);
}

/**
 * SHA-256 (hex) of a command, of the files that it names, and of `version`. What a program imports is not followed.
 * @param folder where the command runs
 */
export function commandIdentity(command: readonly string[], folder: string, version?: string): string {
  const files = new Map<string, string>();
  for (const word of command) {
    // A program of the system is known by its path alone.
    const path = isAbsolute(word) && word !== command[0] ? word : join(folder, word);
    if (isFile(path)) files.set(word, hash('sha256', readFileSync(path)));
  }
  return identityOf([command, ...pairs(files), version ?? null]);
}

const pairs = (files: ReadonlyMap<string, string>): [string, string][] =>
  [...files].sort(([one], [other]) => (one < other ? -1 : 1));

const identityOf = (parts: readonly unknown[]): string => hash('sha256', JSON.stringify(parts));

/** `name@version`, from the nearest node_modules that has it; empty for what is Node's, or coresweep's. */
function packageText(specifier: string, from: string): string {
  if (specifier.startsWith('node:')) return '';
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (name === 'coresweep') return '';
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    if (isFile(manifest))
      return `${name}@${(JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version}`;
    // Node's own without its prefix, an alias, or text that only looks like an import.
    if (folder === dirname(folder)) return '';
  }
}
