import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { withTree } from '../tools/tree.ts';
import { drawnFloors } from './architecture.ts';
import { floors } from './floors.ts';
import { root } from './source.ts';

const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

t.test(
  'the tree of ARCHITECTURE.md is drawn from the first comments of the files: npm run tree',
  async (t) => {
    t.equal(document, withTree(document));
    t.not(document.replace('  bin.ts ', '  gone.ts '), withTree(document), 'another name is noticed');
  },
);

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
