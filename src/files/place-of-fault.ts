/** In which file and line the import of a module has failed, and what helps where Node read it as CommonJS. */
import { spawnSync } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleFiles } from './module-files.ts';

export interface Place {
  readonly path: string;
  readonly line: number;
}

const syntaxCheck = fileURLToPath(new URL(`./syntax-check${extname(import.meta.url)}`, import.meta.url));

/** Far longer than parsing takes. */
const checkMs = 10_000;

/** What the stack of an error says of its place: above it, of syntax, or in its first line of somebody's own code. */
function placeInStack(thrown: unknown): Place | undefined {
  const lines = (thrown instanceof Error ? (thrown.stack ?? '') : '').split('\n');
  const isPlace = (line: string, place: number) =>
    place === 0 || (/^\s+at /.test(line) && !/\bnode:/.test(line));
  return lines
    .filter(isPlace)
    .map(placeIn)
    .find((place) => place !== undefined);
}

/** @param file the module that was to be imported; where none of its parts fails to parse, there is no place */
export function placeOfFault(file: string, thrown: unknown): Place | undefined {
  // It names who imports, and the first line in its stack is ours, which resolves.
  if ((thrown as { readonly code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND') return undefined;
  const found = placeInStack(thrown);
  if (found !== undefined || !(thrown instanceof SyntaxError)) return found;
  try {
    const paths = moduleFiles(file)
      .map(({ path }) => path)
      .filter((path) => /\.m?[jt]s$/.test(path));
    const args = ['--experimental-vm-modules', '--no-warnings', syntaxCheck, ...paths];
    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: checkMs });
    const place = placeIn(stderr.split('\n')[0] ?? '');
    return place !== undefined && paths.includes(place.path) ? place : undefined;
  } catch {
    // The file is gone meanwhile: the error alone must do.
    return undefined;
  }
}

/** For the end of a sentence: packages made by `npm init` are CommonJS, in which `import` and `export` are faults of syntax. */
export const moduleRemedy = (thrown: unknown): string =>
  thrown instanceof SyntaxError && /outside a module|token 'export'|bodies of modules/.test(thrown.message)
    ? '. If the package.json above it says "type": "commonjs", write "module" there (npm pkg set type=module), or let its name end in .mts or .mjs'
    : '';

/** `file:///a/b.ts:3`, `/a/b.ts:3:7` or `at f (file:///a/b.ts:3:7)`. */
function placeIn(line: string): Place | undefined {
  const [, where = '', number] =
    /((?:file:\/\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+)(?::\d+)?\)?$/.exec(line) ?? [];
  if (number === undefined) return undefined;
  return {
    path: where.startsWith('file:') ? fileURLToPath(where.replace(/\?.*$/, '')) : where,
    line: Number(number),
  };
}
