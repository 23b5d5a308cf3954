/**
 * Bundles src, and what it is made with, into node_modules/.cache, from where start.js runs it: some ninety files load sooner than 400.
 * It serves only as long as every file that it was made of is as it was. Runs after npm has installed, and as `npm run bundle`.
 * Not here: other packages, and what threads load, which stay where they are.
 *
 *   node tools/bundle.ts [root]
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const [, , root = join(import.meta.dirname, '..')] = process.argv;
const src = join(root, 'src');
const cache = join(root, 'node_modules/.cache');

/** Packages that are many files, none of which asks where it lies. */
const inside: ReadonlySet<string> = new Set(['zod', 'table', 'fastest-levenshtein']);

/** Each file knows its place as if it were not bundled, but for bin.ts: of what it finds beside itself, the bundle has its own. */
const inPlace: Plugin = {
  name: 'in place',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(src + sep)) return;
      const text = readFileSync(path, 'utf8')
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      const url = JSON.stringify(pathToFileURL(path).href);
      return {
        contents: path === join(src, 'bin.ts') ? text : text.replaceAll('import.meta.url', url),
        loader: 'ts',
      };
    });
    onResolve({ filter: /^[^.]/ }, ({ path, importer }) =>
      importer.startsWith(src + sep) && !inside.has(path) ? { path, external: true } : undefined,
    );
    // As bin.ts does it: its words in sixty languages are read by nobody.
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, '../locales/en.js'),
    }));
  },
};

const began = Date.now();
const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/bin.ts', 'src/index.ts'],
  outdir: join(cache, 'bundle'),
  outExtension: { '.js': '.mjs' },
  ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'esnext' },
  ...{ write: false, metafile: true, logLevel: 'warning' },
  plugins: [inPlace],
});
const of = Object.fromEntries(
  Object.keys(metafile.inputs).map((name) => {
    const { size, mtimeMs, ctimeMs } = statSync(join(root, name));
    if (Math.max(mtimeMs, ctimeMs) >= began) throw new Error(`${name} has changed meanwhile.`);
    return [name, [size, mtimeMs, ctimeMs]];
  }),
);

const hash = createHash('sha256');
for (const { path, contents } of outputFiles) hash.update(basename(path)).update(contents);
const made = hash.digest('hex').slice(0, 16);
// What was made before stays: a process that runs may still load from it.
const folder = join(cache, 'bundle', made);
mkdirSync(folder, { recursive: true });
for (const { path, contents } of outputFiles) {
  const file = join(folder, basename(path));
  if (!existsSync(file) || !readFileSync(file).equals(contents)) writeWhole(file, contents);
  // The bundle's own files too: a cache that was emptied in part has no bundle.
  const { size, mtimeMs, ctimeMs } = statSync(file);
  of[relative(root, file)] = [size, mtimeMs, ctimeMs];
}
writeWhole(join(cache, 'bundle.json'), JSON.stringify({ root: join(root, sep), made, of }));

function writeWhole(file: string, contents: string | Uint8Array): void {
  const unfinished = `${file}-${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, file);
}
