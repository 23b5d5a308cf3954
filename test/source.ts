/** The tree as its own tests see it: files by name, what they import, their code without comments. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The folder that holds package.json. */
export const root = join(import.meta.dirname, '..');

/** Names (with / and relative to `folder`) of the files below it, sorted; none where there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, posix.join(entry.parentPath, entry.name)))
    .sort();
}

/** The TypeScript of src, name to text; the kernels' AssemblyScript is another language with rules of its own. */
export function sources(): Map<string, string> {
  const names = filesBelow(join(root, 'src'));
  const typeScript = names.filter((name) => name.endsWith('.ts') && !name.startsWith('kernel/assembly/'));
  return new Map(typeScript.map((name) => [name, readFileSync(join(root, 'src', name), 'utf8')]));
}

// Strings are matched first and kept, so that "//" inside one does not begin a comment.
const stringOrComment =
  /(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[\s\S]*?\*\//g;

/** The code without its comments. Not a parser: a regular expression holding quotes may keep a comment alive. */
export const withoutComments = (source: string): string =>
  source.replaceAll(stringOrComment, (text, string) => (string === undefined ? ' ' : text));

const importForms = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\b(?:import|require|(?<!Promise\.)resolve)\(\s*['"`]([^'"`$]+)/g,
  // A file loaded by its address: a worker, a schema. Addresses built from parts are read up to the first part.
  /\bnew URL\(\s*['"`](\.[^'"`$]*)/g,
];

/** Everything a source file names in order to load it: types, values, packages, workers, data files beside it. */
export function importsOf(source: string): string[] {
  const code = withoutComments(source);
  return importForms.flatMap((form) => [...code.matchAll(form)].map(([, specifier]) => specifier as string));
}

/** The package that a specifier names, `node:fs` included; undefined for a relative one. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
