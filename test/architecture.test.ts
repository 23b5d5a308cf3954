import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { drawnFloors, drawnTree, treeFaults } from './architecture.ts';
import { floors } from './floors.ts';
import { filesBelow, root } from './source.ts';

const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

t.test('the tree of ARCHITECTURE.md shows every file of src and nothing else', async (t) => {
  const files = filesBelow(join(root, 'src')).map((file) => `src/${file}`);
  t.same(treeFaults(drawnTree(document), files), []);
});

t.test('the floors of ARCHITECTURE.md are those that the tests hold', async (t) => {
  t.same(
    drawnFloors(document),
    floors.map(({ floor, rooms }) => ({ floor, rooms })),
  );
});

t.test('the top level holds what the house plan names and what its tools need', async (t) => {
  const plan = [
    'README.md',
    'bench',
    'experiments',
    'package.json',
    'results',
    'src',
    'test',
    'tools',
    'tsconfig.json',
  ];
  const documents = ['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'docs'];
  const tools = ['.ci', '.editorconfig', '.gitignore', '.npmrc', '.taprc', 'biome.json', 'package-lock.json'];
  const ignored = ['.git', '.tap', 'coverage', 'dist', 'node_modules'];
  const known = new Set([...plan, ...documents, ...tools, ...ignored]);
  t.same(
    readdirSync(root).filter((name) => !known.has(name) && !/\.(?:cpuprofile|tgz)$/.test(name)),
    [],
  );
});

t.test('a file that is not drawn, and a drawing of no file, are named', async (t) => {
  const drawn = drawnTree(
    '```text\nsrc/\n  a.ts     one\n  room/    many\n    b.ts   two\n  closed/  all\n  gone.ts\n```',
  );
  t.same(drawn, ['src/', 'src/a.ts', 'src/room/', 'src/room/b.ts', 'src/closed/', 'src/gone.ts']);
  const files = ['src/a.ts', 'src/room/b.ts', 'src/room/new.ts', 'src/closed/x.ts', 'src/closed/y/z.ts'];
  t.same(treeFaults(drawn, files), [
    'src/room/new.ts is not in the tree of ARCHITECTURE.md: give it a line with its role.',
    'src/gone.ts is in the tree of ARCHITECTURE.md, but not on the disk.',
  ]);
});
