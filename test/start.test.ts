import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { root } from './source.ts';

const run = (...words: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : stderr;
};

/** A program and its thread, with the start of coresweep's own. */
function repository(t: Test): string {
  const folder = t.testdir({
    'package.json': '{"type": "module"}',
    src: {
      'bin.ts': `
        const { place } = await import('./beside.ts');
        const { file, shared } = await import('./execute/network/thread-pool.ts');
        const index = './index' + import.meta.url.slice(import.meta.url.lastIndexOf('.'));
        const required = process.getBuiltinModule('node:module').createRequire(import.meta.url)(index);
        const imported = await import(new URL(index, import.meta.url).href);
        for (const { shared: own } of [required, imported])
          if (own !== shared) throw new Error('A definition has modules of its own.');
        if (process.argv[2]) process.getBuiltinModule('node:v8').setFlagsFromString(process.argv[2]);
        const thread = await import(file);
        const [answer] = [1, 2, 3].map(() => thread.default());
        console.log(import.meta.url.slice(-3), file.slice(-9), answer, await place);
      `,
      'beside.ts': 'export const place: string = import.meta.url.slice(-13);',
      'index.ts': "export { shared } from './execute/network/thread-pool.ts';",
      execute: {
        network: {
          'thread-pool.ts':
            "import { extname } from 'node:path';\nexport const shared = {};\nexport const file = new URL('./worker' + extname(import.meta.url), import.meta.url).href;",
          'worker.ts': 'export default (): string => import.meta.url.slice(-9);',
        },
      },
    },
  });
  cpSync(join(root, 'src/start.js'), join(folder, 'src/start.js'));
  return folder;
}

/** Files in which Node's engine finds what it has compiled before. */
const keptIn = (bundles: string): string[] =>
  readdirSync(bundles, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.cjs-\d+$/.test(name))
    .map((name) => join(bundles, name));

const fromSources = '.ts worker.ts worker.ts';
const fromBundle = 'mjs orker.mjs worker.ts';

t.test(
  'a bundle is started as long as no file has changed since it was made, and sources otherwise',
  async (t) => {
    const folder = repository(t);
    const beside = join(folder, 'src/beside.ts');
    const start = () => run(join(folder, 'src/start.js'));
    const bundle = () => run(join(root, 'tools/bundle.ts'), folder);
    t.equal(start(), `${fromSources} src/beside.ts`, 'before there is one');
    t.equal(bundle(), '');
    t.equal(
      start(),
      `${fromBundle} src/beside.ts`,
      'where each file still knows its place, and a thread has one of its own',
    );
    const bundles = join(folder, 'node_modules/.cache/bundle');
    const files = readdirSync(bundles, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('js'),
    );
    const texts = files.map((name) => readFileSync(join(bundles, name), 'utf8'));
    t.match(texts.join(), /getBuiltinModule\("node:path"\)/);
    t.notMatch(texts.join(), /from "node:/, 'to import a module of Node takes longer than to ask for it');
    const write = (word: string) =>
      writeFileSync(
        beside,
        `const said = ([text]: TemplateStringsArray) => text;\nexport const place = said\`${word}\`;`,
      );
    write('one');
    t.equal(start(), `${fromSources} one`);
    t.equal(bundle(), '');
    t.equal(start(), `${fromBundle} one`);
    const { atimeMs, mtimeMs } = statSync(beside);
    write('two');
    utimesSync(beside, atimeMs / 1000, mtimeMs / 1000);
    t.equal(start(), `${fromSources} two`, 'also with the size and the time that it had');
    t.equal(bundle(), '');
    for (const made of readdirSync(bundles)) rmSync(join(bundles, made, 'bin.mjs'));
    t.equal(start(), `${fromSources} two`, 'where a file of the bundle itself is gone');
    t.equal(bundle(), '');
    t.equal(start(), `${fromBundle} two`, 'it is whole again');
    const moved = `${folder}-moved`;
    t.teardown(() => rmSync(moved, { recursive: true, force: true }));
    renameSync(folder, moved);
    t.equal(run(join(moved, 'src/start.js')), `${fromSources} two`, 'of another folder');
    rmSync(join(moved, 'src/beside.ts'));
    t.match(run(join(moved, 'src/start.js')), /beside\.ts/, 'a missing file is missing');
  },
);

t.test('a bundle stays for a month after it was replaced: processes may still load from it', async (t) => {
  const folder = repository(t);
  const bundles = join(folder, 'node_modules/.cache/bundle');
  const replaced = (name: string) => join(bundles, name, 'replaced');
  const say = (word: string): string[] => {
    writeFileSync(join(folder, 'src/beside.ts'), `export const place = '${word}';`);
    t.equal(run(join(root, 'tools/bundle.ts'), folder), '');
    t.equal(run(join(folder, 'src/start.js')), `${fromBundle} ${word}`);
    return readdirSync(bundles);
  };
  const age = (name: string, days: number) => {
    const then = Date.now() / 1000 - days * 24 * 3600;
    utimesSync(replaced(name), then, then);
  };
  const [one = ''] = say('one');
  const two = say('two').find((name) => name !== one) ?? '';
  t.same(readdirSync(bundles).sort(), [one, two].sort());
  age(one, 29);
  t.same(say('two').sort(), [one, two].sort());
  age(one, 31);
  t.same(say('two'), [two]);
  const three = say('three').find((name) => name !== two) ?? '';
  age(two, 31);
  t.same(say('two').sort(), [two, three].sort(), 'one that is made again is in use again');
  t.notOk(existsSync(replaced(two)));
});

t.test('no bundle is made where bin.ts imports in a way that its names are not found', async (t) => {
  const folder = repository(t);
  const bin = join(folder, 'src/bin.ts');
  writeFileSync(bin, readFileSync(bin, 'utf8').replace('const { place } =', 'const {\n place } ='));
  t.match(run(join(root, 'tools/bundle.ts'), folder), /bin\.ts does not import \.\/beside\.ts as const/);
  t.equal(run(join(folder, 'src/start.js')), `${fromSources} src/beside.ts`);
});

t.test(
  'a package that a run loads is in the bundle and knows its place, and others are loaded from theirs',
  async (t) => {
    const folder = repository(t);
    const said = "exports.said = ['id' in module, __dirname.slice(-5), __filename.slice(-8)].join(' ');";
    for (const name of ['table', 'other']) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{"type": "commonjs"}');
      writeFileSync(join(folder, 'node_modules', name, 'index.js'), said);
    }
    writeFileSync(
      join(folder, 'src/beside.ts'),
      `import table from 'table';
       import other from 'other';
       export const place = import('other').then((later) => [table.said, other.said, later.said].join());`,
    );
    const start = () => run(join(folder, 'src/start.js'));
    const others = 'true other index.js,true other index.js';
    t.equal(start(), `${fromSources} true table index.js,${others}`);
    t.equal(run(join(root, 'tools/bundle.ts'), folder), '');
    t.equal(start(), `${fromBundle} false table index.js,${others}`);
    writeFileSync(join(folder, 'node_modules/table/index.js'), `${said}exports.said += '!';`);
    t.equal(start(), `${fromSources} true table index.js!,${others}`, 'until it has changed');
  },
);

t.test(
  'what the engine has compiled is kept with a bundle, and is made anew where it is of no use',
  async (t) => {
    const folder = repository(t);
    writeFileSync(
      join(folder, 'src/beside.ts'),
      'const said = ([text]: TemplateStringsArray) => text;\nexport const place = said`zwölf…`;',
    );
    const start = () => run(join(folder, 'src/start.js'));
    t.equal(run(join(root, 'tools/bundle.ts'), folder), '');
    const bundles = join(folder, 'node_modules/.cache/bundle');
    t.same(keptIn(bundles), []);
    t.equal(start(), `${fromBundle} zwölf…`, 'letters of any alphabet come through');
    t.equal(keptIn(bundles).length, 2, 'of the program, and of a thread that has answered three times');
    for (const kept of keptIn(bundles)) {
      const sound = readFileSync(kept);
      const { mtimeMs } = statSync(kept);
      t.equal(start(), `${fromBundle} zwölf…`);
      t.equal(statSync(kept).mtimeMs, mtimeMs, 'what serves stays as it is');
      const damaged = Buffer.from(sound);
      damaged.subarray(sound.length / 3, sound.length / 2).reverse();
      for (const useless of [
        '',
        'not compiled',
        sound.subarray(0, sound.length / 2),
        Buffer.alloc(sound.length),
        damaged,
      ]) {
        writeFileSync(kept, useless);
        t.equal(start(), `${fromBundle} zwölf…`);
        t.notSame(readFileSync(kept), Buffer.from(useless), 'made anew');
      }
    }
  },
);

t.test('runs with other flags of the engine in turn leave each other what they have compiled', async (t) => {
  const folder = repository(t);
  t.equal(run(join(root, 'tools/bundle.ts'), folder), '');
  const bundles = join(folder, 'node_modules/.cache/bundle');
  const start = (...flags: string[]) => {
    t.equal(run(join(folder, 'src/start.js'), ...flags), `${fromBundle} src/beside.ts`);
    return keptIn(bundles).map((name) => `${basename(name)} of ${statSync(name).mtimeMs}`);
  };
  const wide = '--experimental-wasm-revectorize';
  const ofThread = start(wide);
  t.equal(
    ofThread.length,
    1,
    'of the thread alone: what is loaded before a flag is set serves no run once it is set',
  );
  const ofBoth = start();
  t.equal(ofBoth.length, 3, 'of the program and a thread, and what there was');
  t.ok(ofThread.every((kept) => ofBoth.includes(kept)));
  t.same(start(wide), ofBoth);
  t.same(start(), ofBoth);
});

t.test('on a Node that is too old for the sources, one line says what to do', async (t) => {
  const folder = repository(t);
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.18.0' } })`;
  t.equal(
    run('--import', older, join(folder, 'src/start.js')),
    "coresweep's sources need Node 24 or newer, but this is Node 22.18.0. Install a newer one, or use npm's scripts (`npm run coresweep -- ...`), which bring their own on Linux and Windows.\n",
  );
});
