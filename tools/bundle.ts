/**
 * Bundles src, and the packages that a run loads, into node_modules/.cache, from where start.js runs it: one file loads sooner than 400,
 * and what Node's engine has compiled of it can be kept (load-bundled.js). It serves only as long as every file that it was made of is as
 * it was. Runs after npm has installed, and as `npm run bundle`.
 * Not here: other packages, and what function threads load, which stay where they are.
 *
 *   node tools/bundle.ts [root]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { writeWhole } from '../src/files/write-whole.ts';

const [, , root = join(import.meta.dirname, '..')] = process.argv;
const src = join(root, 'src');
const cache = join(root, 'node_modules/.cache');

/** Packages that a run loads, and what they load. Optional ones, and the one that draws PNG files, stay where they lie. */
const inside = ['zod', 'table', 'fastest-levenshtein', 'yargs', 'yaml', 'piscina', 'better-sqlite3'];

const worker = 'src/execute/network/worker.ts';
const bin = join(src, 'bin.ts');
/** Of what these find beside themselves, the bundle has its own: index.ts, and the file of a thread. */
const movable: ReadonlySet<string> = new Set([bin, join(src, 'execute/network/thread-pool.ts')]);

/**
 * Node's own modules and other packages, as they are. Node's are asked for each name by itself: an import reads all that a module has, and
 * so loads what it would load on demand, of fs its streams and promises, of crypto what browsers have. That took 15 ms of a
 * start, and some more of each thread's.
 */
const asTheyAre: Plugin = {
  name: 'as they are',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'node' } : { path, external: true },
    );
    onResolve({ filter: /^[^.]/ }, ({ path, importer }) =>
      importer.startsWith(src + sep) && !inside.includes(path) ? { path, external: true } : undefined,
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
  setup({ onLoad, onResolve, initialOptions: { format } }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(src + sep)) return;
      const text = readFileSync(path, 'utf8');
      const contents = (format === 'cjs' ? asInScript(text) : text)
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      const url = JSON.stringify(pathToFileURL(path).href);
      return {
        contents: movable.has(path) ? contents : contents.replaceAll('import.meta.url', url),
        loader: 'ts',
      };
    });
    onLoad({ filter: /node_modules.*\.c?js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('__filename', JSON.stringify(path))
        .replaceAll('__dirname', JSON.stringify(dirname(path))),
    }));
    // As bin.ts does it: zod's words in sixty languages are read by nobody.
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, '../locales/en.js'),
    }));
  },
};

/** A script cannot import: what is not in the bundle, load-bundled.js imports for it. What is CommonJS it requires itself. */
const asInScript = (text: string): string =>
  text
    .replaceAll(/(?<!typeof )\bimport\((?!'\.)/g, 'bundleImport(')
    .replaceAll('createRequire(import.meta.url)(', 'require(');

/** What bin.ts imports is in the file that all share. */
const fromWhole: Plugin = {
  name: 'from whole',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ importer, path }) => {
      if (importer !== bin) return undefined;
      // Else it would start, and miss what it asks for.
      if (!ofBin.some(([, , file]) => file === path))
        return { errors: [{ text: `bin.ts does not import ${path} as const { … } = await import('…').` }] };
      return { path: './whole.mjs', external: true };
    });
  },
};

const bundleOf = async (options: BuildOptions, plugins: readonly Plugin[] = []) => {
  const { outputFiles = [], metafile } = await build({
    ...{ absWorkingDir: root, outdir: join(cache, 'bundle') },
    ...{ bundle: true, platform: 'node', target: 'esnext' },
    ...{ write: false, metafile: true, logLevel: 'warning' },
    plugins: [...plugins, asTheyAre, inPlace],
    ...options,
  });
  return { contents: inAscii(outputFiles[0]?.text ?? ''), inputs: Object.keys(metafile?.inputs ?? {}) };
};

/** esbuild writes strings so, but not templates: what is ASCII takes the engine half the room. */
const inAscii = (text: string): string =>
  text.replaceAll(/[^\t\n\r -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const asScript = { format: 'cjs', define: { 'import.meta': 'bundleMeta' } } as const;

const began = Date.now();
/** The names that bin.ts imports, by file. */
const ofBin = [...readFileSync(bin, 'utf8').matchAll(/const \{ (.+) \} = await import\('(\.[^']+)'\)/g)];
// A definition imports index.ts, or requires it, and so nothing may be awaited; nothing else needs all of it.
const whole = [
  ...ofBin.map(([, names, path]) => `export { ${names} } from '${path}';`),
  "export const index = () => require('./index.ts');",
].join('\n');
// Threads share no module with the main one, so theirs is a file of its own.
const [main, program, thread] = await Promise.all([
  bundleOf({ entryPoints: [bin], format: 'esm' }, [fromWhole]),
  bundleOf({ stdin: { contents: whole, resolveDir: src }, ...asScript }),
  bundleOf({ entryPoints: [worker], ...asScript }),
]);
const loading = "import { loadBundled } from './load.mjs';\n";
const exported = Object.keys(await import(pathToFileURL(join(src, 'index.ts')).href));
const outputs: Readonly<Record<string, string | Uint8Array>> = {
  'load.mjs': readFileSync(join(import.meta.dirname, 'load-bundled.js')),
  'bin.mjs': main.contents,
  'whole.cjs': program.contents,
  'whole.mjs': `${loading}const { exports, keep } = loadBundled('whole', import.meta);
    process.once('exit', keep);
    export const { ${[...ofBin.map(([, names]) => names), 'index'].join(', ')} } = exports;\n`,
  'index.mjs': `import { index } from './whole.mjs';\nexport const { ${exported.join(', ')} } = index();\n`,
  'worker.cjs': thread.contents,
  // A thread is ended, and does not end by itself: by its third answer it has trained.
  'worker.mjs': `${loading}const { exports, keep } = loadBundled('worker', import.meta);
    let answers = 0;
    export default (task) => {
      const answer = exports.default(task);
      if (++answers === 3) keep();
      return answer;
    };\n`,
};

const of = Object.fromEntries(
  [main, program, thread]
    .flatMap(({ inputs }) => inputs)
    .filter((name) => !/^(node:|<)/.test(name))
    .map((name) => {
      const { size, mtimeMs, ctimeMs } = statSync(join(root, name));
      if (Math.max(mtimeMs, ctimeMs) >= began) throw new Error(`${name} has changed meanwhile.`);
      return [name, [size, mtimeMs, ctimeMs]];
    }),
);

const hash = createHash('sha256');
for (const [name, contents] of Object.entries(outputs)) hash.update(name).update(contents);
const made = hash.digest('hex').slice(0, 16);
const bundles = join(cache, 'bundle');
const folder = join(bundles, made);
for (const [name, contents] of Object.entries(outputs)) {
  const file = join(folder, name);
  if (!existsSync(file) || !readFileSync(file).equals(Buffer.from(contents))) writeWhole(file, contents);
  // The bundle's own files too: a cache that was emptied in part has no bundle.
  const { size, mtimeMs, ctimeMs } = statSync(file);
  of[relative(root, file)] = [size, mtimeMs, ctimeMs];
}
writeWhole(join(cache, 'bundle.json'), JSON.stringify({ root: join(root, sep), made, of }));
removeReplaced();
const paper = join(root, 'experiments/paper.ts');
if (existsSync(paper)) compileFor(paper);

/** A bundle goes a month after another has replaced it: until then a process that runs may still load from it. */
function removeReplaced(): void {
  for (const name of readdirSync(bundles)) {
    const mark = join(bundles, name, 'replaced');
    if (name === made) rmSync(mark, { force: true });
    else if (!existsSync(mark)) writeFileSync(mark, '');
    else if (statSync(mark).mtimeMs < began - 30 * 24 * 3_600_000)
      rmSync(join(bundles, name), { recursive: true });
  }
}

/** Runs a short form of it, so that what a run compiles is kept, and not what the first command compiles, whichever that is. */
function compileFor(definition: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'coresweep-'));
  const words = ['run', definition, '--phase', '1', '--set', 'training.epochs=1'];
  const line = [...words, '--db', join(scratch, 'results.db')];
  // Where it fails, the first command keeps what it has.
  spawnSync(process.execPath, [join(src, 'start.js'), ...line], { stdio: 'ignore', timeout: 60_000 });
  rmSync(scratch, { recursive: true, force: true });
}
