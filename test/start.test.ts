import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { root } from './source.ts';

const run = (...words: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : stderr;
};

/** A program of two files, with the start of coresweep's own. */
function repository(t: Test): string {
  const folder = t.testdir({
    'package.json': '{"type": "module"}',
    src: {
      'bin.ts':
        "const { place } = await import('./beside.ts');\nconsole.log(import.meta.url.slice(-3), place);",
      'beside.ts': 'export const place: string = import.meta.url.slice(-13);',
      'index.ts': '',
    },
  });
  cpSync(join(root, 'src/start.js'), join(folder, 'src/start.js'));
  return folder;
}

const sources = '.ts src/beside.ts';
const bundled = 'mjs src/beside.ts';

t.test(
  'a bundle is started as long as no file has changed since it was made, and sources otherwise',
  async (t) => {
    const folder = repository(t);
    const beside = join(folder, 'src/beside.ts');
    const start = () => run(join(folder, 'src/start.js'));
    const bundle = () => run(join(root, 'tools/bundle.ts'), folder);
    t.equal(start(), sources, 'before there is one');
    t.equal(bundle(), '');
    t.equal(start(), bundled, 'where each file still knows its place');
    const write = (word: string) => writeFileSync(beside, `export const place: string = '${word}';`);
    write('one');
    t.equal(start(), '.ts one');
    t.equal(bundle(), '');
    t.equal(start(), 'mjs one');
    const { atimeMs, mtimeMs } = statSync(beside);
    write('two');
    utimesSync(beside, atimeMs / 1000, mtimeMs / 1000);
    t.equal(start(), '.ts two', 'also with the size and the time that it had');
    t.equal(bundle(), '');
    const bundles = join(folder, 'node_modules/.cache/bundle');
    for (const made of readdirSync(bundles)) rmSync(join(bundles, made, 'bin.mjs'));
    t.equal(start(), '.ts two', 'where a file of the bundle itself is gone');
    t.equal(bundle(), '');
    t.equal(start(), 'mjs two', 'it is whole again');
    const moved = `${folder}-moved`;
    t.teardown(() => rmSync(moved, { recursive: true, force: true }));
    renameSync(folder, moved);
    t.equal(run(join(moved, 'src/start.js')), '.ts two', 'of another folder');
    rmSync(join(moved, 'src/beside.ts'));
    t.match(run(join(moved, 'src/start.js')), /beside\.ts/, 'a missing file is missing');
  },
);
