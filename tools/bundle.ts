/**
 * Bundles src, and what it is made with, into node_modules/.cache, from where start.js runs it: some ninety files load sooner than 400,
 * and a training thread's one file sooner than 35.
 * It serves only as long as every file that it was made of is as it was. Runs after npm has installed, and as `npm run bundle`.
 * Not here: other packages, and what other threads load, which stay where they are.
 *
 *   node tools/bundle.ts [root]
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const [, , root = join(import.meta.dirname, '..')] = process.argv;
const src = join(root, 'src');
const cache = join(root, 'node_modules/.cache');

/** Packages that are many files, none of which asks where it lies. */
const inside: ReadonlySet<string> = new Set(['zod', 'table', 'fastest-levenshtein']);

const worker = 'src/execute/network/worker.ts';
/** Of what these find beside themselves, the bundle has its own: index.ts, and the file of a thread. */
const movable: ReadonlySet<string> = new Set(
  ['bin.ts', 'execute/network/thread-pool.ts'].map((name) => join(src, name)),
);

/**
 * Node's own modules as they are. To import one, Node asks it for all that it has, and loads on demand what that stands for: of fs its
 * streams and promises, of crypto what browsers have. That took 15 ms of a start, and some more of each thread's.
 */
const builtIn: Plugin = {
  name: 'built in',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'node' } : { path, external: true },
    );
    onLoad({ filter: /./, namespace: 'node' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) as object);
      // Whatever is named and not imported is left out, as it has no effect.
      const members = names.map((name) => `export const ${name} = /* @__PURE__ */ member('${name}');`);
      const contents = `const all = process.getBuiltinModule('${path}');
        const member = (name) => all[name];
        export default all;
        ${members.join('\n')}`;
      return { contents };
    });
  },
};

/** Each file knows its place as if it were not bundled, but for those. */
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
        contents: movable.has(path) ? text : text.replaceAll('import.meta.url', url),
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

const bundleOf = (options: BuildOptions & { entryPoints: string[] }) =>
  build({
    ...options,
    ...{ absWorkingDir: root, outdir: join(cache, 'bundle'), outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'esnext', plugins: [builtIn, inPlace] },
    ...{ write: false, metafile: true, logLevel: 'warning' },
  });

const began = Date.now();
// Threads share no module with the main one, so theirs has no need to be cut where they would meet.
const bundles = await Promise.all([
  bundleOf({ entryPoints: ['src/bin.ts', 'src/index.ts'], splitting: true }),
  bundleOf({ entryPoints: [worker] }),
]);
const outputFiles = bundles.flatMap(({ outputFiles = [] }) => outputFiles);
const of = Object.fromEntries(
  bundles
    .flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}))
    .filter((name) => !name.startsWith('node:'))
    .map((name) => {
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
