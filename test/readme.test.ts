/** README.md is run from top to bottom, as a reader would, in a copy of the tree. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { type MarkedBlock, markedBlocks, printsAsShown } from './markdown.ts';
import { root } from './source.ts';

/** Only what hangs takes longer, also on a machine with other work; a little before the whole file's own limit. */
const blockTimeoutMs = 1_100_000;

const run = promisify(execFile);

/** What a reader has after cloning and `npm ci`, results from earlier runs left out. */
async function copyOfTheTree(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-readme-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const name of [
    'package.json',
    'tsconfig.json',
    'README.md',
    'src',
    'experiments',
    'results/README.md',
  ]) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** What a block prints on stdout. */
async function printedBy(
  { language, text, line }: MarkedBlock & { kind: 'run' },
  folder: string,
): Promise<string> {
  switch (language) {
    case 'sh':
      return await shell(text, folder);
    case 'ts': {
      const file = `block-at-line-${line}.ts`;
      await writeFile(join(folder, file), text);
      return await shell(`node --conditions=coresweep-source ${file}`, folder);
    }
    case 'sql': {
      using database = opened(join(folder, 'results/results.db'));
      return JSON.stringify(statements(text).map((statement) => database.prepare(statement).all()));
    }
    default:
      return language satisfies never;
  }
}

async function shell(script: string, cwd: string): Promise<string> {
  const path = [join(cwd, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  // npm is not to print the name of each script it runs: a README shows what the script prints.
  // A README shows what a terminal of 80 columns does.
  const env = { ...process.env, PATH: path, COLUMNS: '80', NO_COLOR: '1', npm_config_loglevel: 'silent' };
  const { stdout } = await run('sh', ['-eu', '-c', script], {
    cwd,
    env,
    timeout: blockTimeoutMs,
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

function opened(path: string) {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  return Object.assign(database, { [Symbol.dispose]: () => database.close() });
}

const statements = (sql: string): string[] =>
  sql.split(/;\s*$/m).filter((statement) => statement.trim() !== '');

/** Runs blocks in order; each is one assertion that names its line. */
async function runBlocks(t: Test, blocks: readonly MarkedBlock[], folder: string): Promise<void> {
  let printed = '';
  for (const block of blocks) {
    if (block.kind === 'run') {
      printed = await printedBy(block, folder);
      t.pass(`the block at line ${block.line} runs`);
    } else if (printsAsShown(printed, block.text)) {
      t.pass(`the block at line ${block.line} is what was printed`);
    } else {
      t.equal(printed, block.text, `the block at line ${block.line} is what was printed`);
    }
  }
}

/** The right-hand column of "what the paper says", out of the database that `npm run sweep` left. */
function measuredRows(folder: string): string[] {
  using database = opened(join(folder, 'results/results.db'));
  const row = (sql: string) => database.prepare(sql).get() as Readonly<Record<string, number>>;
  const winner = row('SELECT * FROM leaderboard WHERE rank = 1');
  const { last_v1 } = row("SELECT * FROM trial WHERE role = 'final'");
  const percent = (accuracy: number | undefined) => `${(100 * (accuracy ?? Number.NaN)).toFixed(2)} %`;
  const [best, last] = [winner['validation_accuracy'], winner['last_validation_accuracy']].map(percent);
  return [
    `| validation accuracy of the winner | about 84 % | ${best} (best epoch), ${last} (last epoch) |`,
    `| test accuracy after the final training | 75.08 % | ${percent(last_v1)} |`,
    `| best learning rate | 0.001 in two places, 0.01 in a third | ${winner['learning_rate']} |`,
    `| best batch size | 128 | ${winner['batch_size']} |`,
  ];
}

t.test('what README.md tells to run runs, and prints what it shows', async (t) => {
  const folder = await copyOfTheTree(t);
  const blocks = markedBlocks(await readFile(join(folder, 'README.md'), 'utf8'));
  t.ok(blocks.length > 0, 'README.md marks blocks to be run');
  await runBlocks(t, blocks, folder);
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  for (const row of measuredRows(folder)) t.match(readme, row, `README.md has the row ${row}`);
});

t.test('every speed that README.md names stands in bench/RESULTS.md', async (t) => {
  const [, section = ''] = (await readFile(join(root, 'README.md'), 'utf8')).split(/^## Speed$/m);
  const figures = section.split('\n## ')[0]?.match(/\d+\.\d+/g) ?? [];
  const results = await readFile(join(root, 'bench/RESULTS.md'), 'utf8');
  t.ok(figures.length >= 3, figures.join(', '));
  for (const figure of figures) t.ok(results.includes(figure), figure);
});

t.test('a block of each language is run, and one that fails is not passed over', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-readme-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const block = (language: 'sh' | 'ts', text: string) => ({ kind: 'run', line: 1, language, text }) as const;
  t.equal(await printedBy(block('sh', 'echo one\necho two'), folder), 'one\ntwo\n');
  t.equal(await printedBy(block('ts', 'const n: number = 2;\nconsole.log(n);'), folder), '2\n');
  await t.rejects(printedBy(block('sh', 'false\ntrue'), folder), 'a failing line ends the script');
  await t.rejects(printedBy(block('ts', "throw new Error('no');"), folder), /no/);
  t.equal(statements('SELECT 1;\n\nSELECT 2;\n').length, 2);
});
