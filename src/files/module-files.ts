/**
 * A module with all that it imports by relative path, where that stands in its code as text.
 * Not here: importing anything, and packages, of which only the names are returned.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface ModuleFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** What it imports other than by a relative path. */
  readonly packages: readonly string[];
}

/** Where a specifier stands: `from './a.ts'`, `import './a.ts'`, `import('./a.ts')`, `require('./a')`. */
const importing = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** What may be left out at the end of a path; modules of CommonJS do so. */
const endings = ['', '.ts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

/**
 * The module itself first, then the files that it imports, directly or not, each once.
 * @throws the file system's error where the module itself cannot be read
 */
export function moduleFiles(file: string): ModuleFile[] {
  const found = new Map<string, ModuleFile>();
  const left = [resolve(file)];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (found.has(path)) continue;
    const bytes = readFileSync(path);
    const packages: string[] = [];
    const specifiers = path.endsWith('.json') ? [] : bytes.toString().matchAll(importing);
    for (const [, , specifier = ''] of specifiers) {
      if (/^\.\.?(?:\/|$)/.test(specifier)) {
        const imported = existing(join(dirname(path), specifier));
        if (imported !== undefined) left.push(imported);
      } else packages.push(specifier);
    }
    found.set(path, { path, bytes, packages });
  }
  return [...found.values()];
}

const existing = (path: string): string | undefined =>
  endings.map((ending) => `${path}${ending}`).find(isFile);

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
