/**
 * Builds dist/, which is the package: its manifest, its manual and the documents that this leads to, and in lib/ src as
 * JavaScript, the declarations that index.d.ts leads to, the files that the code reads, and the parts of ECharts in use as one
 * file: all of it would be 62 MB. `npm pack ./dist` packs it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { pageModules } from '../src/dashboard/page-modules.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const lib = join(dist, 'lib');

rmSync(dist, { recursive: true, force: true });
buildLibrary();
await bundleCharts();
dropUnreachedDeclarations();
writeManifest();
copyDocuments();

function buildLibrary(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  // What the code reads from beside itself; the dashboard takes the types out of its page's modules (below) when it starts.
  for (const file of [
    ...['kernel/mlp.wasm', 'store/schema.sql', 'store/views.sql', 'export/optuna.sql'],
    ...['report/report.css', 'report/report.js'],
    ...['dashboard/page/index.html', 'dashboard/page/style.css', 'dashboard/page/icon.svg'],
  ]) {
    cpSync(join(root, 'src', file), join(lib, file));
  }
  for (const module of pageModules) {
    cpSync(join(root, 'src', module), join(lib, 'dashboard/page/modules', module));
  }
  // npm makes a package's bin executable when it installs it; `npm link` and others do not.
  chmodSync(join(lib, 'bin.js'), 0o755);
}

async function bundleCharts(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'echarts.ts')],
    outfile: join(lib, 'echarts.mjs'),
    ...{
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      legalComments: 'none',
      logLevel: 'warning',
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const licences = join(lib, 'echarts-licences');
  for (const name of ['echarts', 'zrender', 'tslib']) {
    const [licence] = globSync('LICENSE*', { cwd: join(root, 'node_modules', name) });
    cpSync(join(root, 'node_modules', name, `${licence}`), join(licences, `${name}.txt`));
  }
  cpSync(join(root, 'node_modules/echarts/NOTICE'), join(licences, 'NOTICE'));
}

/** The inner rooms have no readers outside, and what they declare of ECharts could not be resolved there. */
function dropUnreachedDeclarations(): void {
  const reached = new Set<string>();
  const follow = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    const text = readFileSync(join(lib, name), 'utf8');
    for (const [, path] of text.matchAll(/(?:from |import |import\()['"](\.[^'"]*)\.[jt]s['"]/g)) {
      follow(join(dirname(name), `${path}.d.ts`));
    }
  };
  follow('index.d.ts');
  for (const name of globSync('**/*.d.ts', { cwd: lib })) if (!reached.has(name)) rmSync(join(lib, name));
}

/** The repository's own manifest, without what only the repository needs. */
function writeManifest(): void {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const shared = JSON.parse(text);
  // The optional dependencies are the Node of this repository.
  for (const own of ['private', 'scripts', 'allowScripts', 'devDependencies', 'optionalDependencies'])
    delete shared[own];
  const manifest = {
    ...shared,
    exports: {
      '.': { types: './lib/index.d.ts', default: './lib/index.js' },
      './package.json': './package.json',
    },
    bin: { coresweep: 'lib/bin.js' },
  };
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function copyDocuments(): void {
  writeFileSync(
    join(dist, 'README.md'),
    readFileSync(join(root, 'docs/manual.md'), 'utf8').replaceAll('../', ''),
  );
  for (const name of ['LICENSE', 'CHANGELOG.md', 'docs/images']) {
    cpSync(join(root, name), join(dist, name), { recursive: true });
  }
  for (const name of ['experiments/data', 'experiments/objectives']) {
    cpSync(join(root, name), join(dist, name), { recursive: true });
  }
  mkdirSync(join(dist, 'results'));
  const inRoot = { cwd: root, exclude: ['experiments/readings.ts', 'experiments/*.d.ts'] };
  for (const name of globSync(['experiments/*.{ts,yaml}', '{experiments,results}/README.md'], inRoot)) {
    const text = asTypedElsewhere(readFileSync(join(root, name), 'utf8'));
    // Node reads no TypeScript below node_modules.
    if (name.endsWith('.ts')) writeFileSync(join(dist, asScript(name)), stripTypeScriptTypes(text));
    else writeFileSync(join(dist, name), text);
  }
}

/** A document of the repository for a reader who has the package: other commands, and its experiments lie elsewhere. */
function asTypedElsewhere(document: string): string {
  return document
    .replaceAll(/npm run (?:--silent )?coresweep -- /g, 'npx coresweep ')
    .replaceAll('"npm", "run", "--silent", "coresweep", "--"', '"npx", "coresweep"')
    .replaceAll(/npm run (query|leaderboard) -- /g, 'npx coresweep $1 ')
    .replaceAll(/(?<=npx coresweep run )experiments\/[\w-]+\.\w+/g, (name) =>
      asScript(`node_modules/coresweep/${name}`),
    );
}

function asScript(name: string): string {
  return name.replace(/\.ts$/, '.js');
}
