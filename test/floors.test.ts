import t from 'tap';
import { floorFaults, floors } from './floors.ts';
import { importsOf, sources } from './source.ts';

t.test('every file of src keeps to its floor', async (t) => {
  t.same(floorFaults(sources()), []);
});

t.test('a room stands on one floor only', async (t) => {
  const rooms = floors.flatMap((floor) => floor.rooms);
  t.equal(new Set(rooms).size, rooms.length);
});

/** The faults of a house of one file. */
const faultsOf = (file: string, source: string) => floorFaults(new Map([[file, source]]));

t.test('an import from a floor above is named with both floors', async (t) => {
  t.same(faultsOf('train/train.ts', "import { sweep } from '../sweep.ts';"), [
    'train/train.ts (floor 2) imports sweep.ts (floor 5): a file never imports from a floor above.',
  ]);
});

t.test('rooms on one floor do not import each other, types included', async (t) => {
  t.match(faultsOf('data/mnist.ts', "import type { Store } from '../store/store.ts';"), [
    /data\/mnist.ts \(floor 3\) imports store\/store.ts \(floor 3\): rooms on one floor/,
  ]);
  t.match(faultsOf('errors.ts', "import { x } from './random.ts';"), [/rooms on one floor/]);
});

t.test('a file may import its own room and the floors below', async (t) => {
  const source =
    "import { a } from './model.ts';\nimport { b } from '../kernel/kernels.ts';\nimport { c } from '../errors.ts';";
  t.same(faultsOf('train/train.ts', source), []);
  t.same(faultsOf('bin.ts', "await import('./cli.ts');"), []);
});

t.test('a dynamic import, a worker address and a re-export count as imports', async (t) => {
  for (const source of [
    "const sweep = await import('../sweep.ts');",
    "new Worker(new URL('../execute/network/worker.ts', import.meta.url));",
    `new Worker(new URL(\`../execute/network/worker\${extension}\`, import.meta.url));`,
    "export { sweep } from '../sweep.ts';",
    "import '../sweep.ts';",
    "import {\n  sweep,\n  type Sweep,\n} from '../sweep.ts';",
    "let sweep: typeof import('../sweep.ts');",
  ]) {
    t.match(faultsOf('store/store.ts', source), [/never imports from a floor above/], source);
  }
});

t.test('an import of a low floor can be out of bounds too', async (t) => {
  t.match(faultsOf('execute/network/threads.ts', "import { grid } from '../../search/grid.ts';"), [
    /execute must not know search/,
  ]);
  t.match(faultsOf('report/plot.ts', "import { run } from '../execute/executor.ts';"), [
    /report must not know execute/,
  ]);
});

t.test('src does not reach out of itself, but for its version', async (t) => {
  t.match(faultsOf('cli.ts', "import x from '../test/source.ts';"), [/lies outside src/]);
  t.same(faultsOf('cli.ts', "import { version } from '../package.json' with { type: 'json' };"), []);
});

t.test('a room without a floor is refused', async (t) => {
  t.match(faultsOf('utils/many.ts', ''), [/utils\/many.ts is in no room/]);
});

t.test('what a floor must not know is found', async (t) => {
  const planted: [file: string, source: string, fault: RegExp][] = [
    ['train/train.ts', "import { readFileSync } from 'node:fs';", /files/],
    ['search/grid.ts', "import { Worker } from 'node:worker_threads';", /threads/],
    ['search/grid.ts', 'const now = Date.now();', /clocks/],
    ['train/train.ts', 'const from = performance.now();', /clocks/],
    ['random.ts', 'return Math.random();', /chance/],
    ['kernel/reference.ts', 'return Math.exp(-x);', /inexact mathematics/],
    ['train/train.ts', 'return Math.log(x);', /inexact mathematics/],
    ['train/train.ts', "import Database from 'better-sqlite3';", /SQL/],
    ['sweep.ts', 'store.run(`SELECT * FROM trial`);', /SQL/],
    ['sweep.ts', "store.run('UPDATE trial SET state = 1');", /SQL/],
    ['sweep.ts', "import { Piscina } from 'piscina';", /Piscina/],
    ['sweep.ts', "process.stderr.write('done');", /terminals/],
    ['execute/network/threads.ts', "console.log('started');", /terminals/],
    ['report/curves.ts', "import { threadId } from 'node:worker_threads';", /threads/],
  ];
  for (const [file, source, fault] of planted) {
    t.match(faultsOf(file, source), [/must not know about/], source);
    t.match(faultsOf(file, source), [fault], source);
  }
});

t.test('where it is allowed, knowledge is no fault', async (t) => {
  t.same(
    faultsOf(
      'execute/network/threads.ts',
      "import { Piscina } from 'piscina';\nconst from = performance.now();",
    ),
    [],
  );
  t.same(faultsOf('store/store.ts', "import Database from 'better-sqlite3';\nconst sql = 'SELECT 1';"), []);
  t.same(faultsOf('terminal/leaderboard.ts', "process.stdout.write('done');"), []);
});

t.test('comments are no imports and no knowledge', async (t) => {
  const source =
    "// import { sweep } from '../sweep.ts';\n/** Not Math.exp: it drifts.\nimport '../sweep.ts';\n */";
  t.same(faultsOf('kernel/simd.ts', source), []);
  t.same(importsOf("const address = 'http://example.org'; import('./model.ts');"), ['./model.ts']);
});
