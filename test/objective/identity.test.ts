import { hash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { commandIdentity, moduleIdentity } from '../../src/objective/identity.ts';

const files = {
  'train.ts': `import { fit } from './lib/fit.ts';\nimport knn from 'ml-knn/deep';\nimport { readFileSync } from 'node:fs';\nimport { float } from 'coresweep';\nexport { other } from "./other.js";\nconst lazy = () => import('./lazy.mjs');`,
  'lib/fit.ts': `import data from '../data.json' with { type: 'json' };\nimport '../train.ts';\nconst old = require('./old');`,
  'lib/old.cjs': 'module.exports = 1;',
  'data.json': '{"from": "./unrelated.ts"}',
  'other.js': 'export const other = 1;',
  'lazy.mjs': 'export default 1;',
  'unrelated.ts': 'export const x = 1;',
  'node_modules/ml-knn/package.json': '{"version": "1.0.0"}',
};

function folderOf(t: Test, changed: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ ...files, ...changed })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

t.test('a module is itself and all that it imports by relative path', async (t) => {
  const identity = moduleIdentity(join(folderOf(t), 'train.ts'));
  t.match(identity, /^[0-9a-f]{64}$/);
  for (const name of [
    'train.ts',
    'lib/fit.ts',
    'lib/old.cjs',
    'data.json',
    'other.js',
    'lazy.mjs',
  ] as const) {
    const changed = folderOf(t, { [name]: `${files[name]} ` });
    t.not(moduleIdentity(join(changed, 'train.ts')), identity, name);
  }
  t.equal(moduleIdentity(join(folderOf(t, { 'unrelated.ts': '' }), 'train.ts')), identity);
});

t.test('a package is its name and version', async (t) => {
  const identity = moduleIdentity(join(folderOf(t), 'train.ts'));
  const of = (text: string) =>
    moduleIdentity(join(folderOf(t, { 'node_modules/ml-knn/package.json': text }), 'train.ts'));
  t.equal(of('{"version": "1.0.0", "description": "the same"}'), identity);
  t.not(of('{"version": "1.0.1"}'), identity);
});

t.test('another folder is no change, another version is one', async (t) => {
  const folder = folderOf(t);
  const identity = moduleIdentity(join(folder, 'train.ts'));
  const other = join(folderOf(t), 'deeper');
  cpSync(folder, other, { recursive: true });
  t.equal(moduleIdentity(join(other, 'train.ts')), identity);
  t.not(moduleIdentity(join(folder, 'train.ts'), '2'), identity);
});

t.test('a module that is not there is an error of the file system', async (t) => {
  t.throws(() => moduleIdentity('/none/train.ts'), { code: 'ENOENT' });
});

t.test('a command is its words, the files that they name, and a version', async (t) => {
  const command = ['python3', 'train.ts', '{args}'];
  const folder = folderOf(t);
  const identity = commandIdentity(command, folder);
  t.equal(commandIdentity(command, folderOf(t)), identity);
  t.not(commandIdentity(command, folderOf(t, { 'train.ts': '' })), identity);
  t.not(commandIdentity([...command, '--fast'], folder), identity);
  t.not(commandIdentity(command, folder, '2'), identity);
});

t.test(
  'a word of a command names a file of its folder or an absolute one, wherever coresweep is started',
  async (t) => {
    const folder = folderOf(t);
    // This test's own folder of work has a package.json, the command's folder none.
    const command = ['sh', 'package.json'];
    t.equal(commandIdentity(command, folder), hash('sha256', JSON.stringify([command, null])));
    const absolute = ['sh', join(folder, 'train.ts')];
    const before = commandIdentity(absolute, folder);
    writeFileSync(join(folder, 'train.ts'), '');
    t.not(commandIdentity(absolute, folder), before);
  },
);
