/** The example in the doc comment of each public function, and of the type of a user's own: it compiles, and it runs. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { codeBlocks } from './markdown.ts';
import { root } from './source.ts';

const run = promisify(execFile);

/** Runs a program without the hooks that tap gives to whatever is started through NODE_OPTIONS: tsc cannot bear them. */
const outsideTap = (cwd: string, ...command: readonly string[]) =>
  run('env', ['-u', 'NODE_OPTIONS', ...command], { cwd });

/** Name and file of each value that index.ts exports. */
function publicValues(): { name: string; file: string }[] {
  const index = readFileSync(join(root, 'src/index.ts'), 'utf8');
  return [...index.matchAll(/^export \{([^}]*)\} from '\.\/([^']+)'/gm)].flatMap(([, names, file]) =>
    (names as string)
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => ({ name: name.split(' as ')[0] as string, file: file as string })),
  );
}

/** The ts blocks of the doc comment that stands before a declaration. */
function examplesOf({ name, file }: { name: string; file: string }): string[] {
  const source = readFileSync(join(root, 'src', file), 'utf8');
  const declared = new RegExp(
    `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export (?:async )?(?:function\\*?|class|const|type) ${name}\\b`,
  );
  const [, comment = ''] = declared.exec(source) ?? [];
  const document = comment.replaceAll(/^ \* ?/gm, '');
  return codeBlocks(document)
    .filter(({ language }) => language === 'ts')
    .map(({ text }) => text);
}

// Later ones read what earlier ones have left: a database, a model.
const order = ['runSweep', 'sweepEvents'];
const rank = ({ name }: { name: string }) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
const objective = { name: 'ObjectiveFunction', file: 'objective-function.ts' };
const values = [...publicValues(), objective].sort((a, b) => rank(a) - rank(b));
/** What they show is used by coresweep. */
const silent = ['defineExperiment', objective.name];

t.test('each public function has one example, which compiles and runs', async (t) => {
  t.ok(values.length >= 8, values.map(({ name }) => name).join(', '));
  const folder = t.testdir();
  const files = new Map<string, string>();
  for (const value of values) {
    const examples = examplesOf(value);
    t.equal(examples.length, 1, `${value.name} has one example`);
    files.set(value.name, join(folder, `${value.name}.ts`));
    writeFileSync(join(folder, `${value.name}.ts`), `${examples[0]}\n`);
  }
  const config = {
    extends: join(root, 'tsconfig.json'),
    include: ['*.ts', join(root, 'src/kernel/webassembly.d.ts')],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await t.resolves(outsideTap(folder, join(root, 'node_modules/.bin/tsc'), '-p', folder), 'all compile');
  for (const [name, file] of files) {
    const { stdout } = await outsideTap(folder, process.execPath, '--conditions=coresweep-source', file);
    if (!silent.includes(name)) t.match(stdout, /\S/, `${name}'s example prints something`);
  }
});
