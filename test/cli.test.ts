import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { tinyDefinition, tinyExperiment, typed, typedOnTerminal } from './commands/command-line.ts';
import { root } from './source.ts';

const verbs = [
  ...[
    'run',
    'worker',
    'cache',
    'ask',
    'tell',
    'status',
    'list',
    'leaderboard',
    'show',
    'compare',
    'importances',
    'replay',
    'report',
    'plot',
    'dashboard',
    'query',
    'verify',
    'check',
  ],
  ...['export', 'predict', 'import', 'schema'],
];
const bin = join(root, 'src/bin.ts');

/** A command line in a process of its own, as the shell starts it. */
function started(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [bin, ...argv], { env: { ...process.env, ...environment } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<{ exitCode: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, out, err }));
  });
  return { child, ended };
}

t.test('help goes to stdout and names every verb', async (t) => {
  const { exitCode, out, err } = await typed('--help');
  t.equal(exitCode, 0);
  t.equal(err, '');
  for (const verb of verbs) t.match(out, new RegExp(`^  coresweep ${verb}\\b`, 'm'));
});

t.test('help in a pipe is as wide as COLUMNS says', async (t) => {
  const { env } = process;
  const before = env['COLUMNS'];
  t.teardown(() => (before === undefined ? delete env['COLUMNS'] : Object.assign(env, { COLUMNS: before })));
  env['COLUMNS'] = '60';
  const { out } = await typed('run', '--help');
  t.ok(out.split('\n').every((line) => line.length <= 60));
});

t.test('an error is broken between words, where lines have an end', async (t) => {
  const { err } = await typedOnTerminal(40, 'lederboard');
  t.equal(
    err,
    '"lederboard" is not a command; did you\nmean "leaderboard"? See coresweep\n--help. [ERR_COMMAND_LINE]\n',
  );
});

t.test('the help of each verb shows its options and examples', async (t) => {
  for (const verb of verbs) {
    const { exitCode, out, err } = await typed(verb, '--help');
    t.equal(exitCode, 0, verb);
    t.equal(err, '');
    t.match(out, new RegExp(`Examples:\\n +coresweep ${verb}`));
    t.match(out, /--help/);
    t.ok(
      out.split('\n').every((line) => line.length <= 100),
      'no line is wider than 100 characters',
    );
  }
});

t.test('the version is that of package.json', async (t) => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  t.match(await typed('--version'), { exitCode: 0, out: `${version}\n`, err: '' });
});

t.test('a command line without a verb, or with an unknown one, is told which there are', async (t) => {
  const all = verbs.join(', ');
  for (const [argv, said] of [
    [[], `A command is needed: ${all}. See coresweep --help.`],
    [['rn'], '"rn" is not a command; did you mean "run"? See coresweep --help.'],
    [
      ['lederboard', '--format', 'json'],
      '"lederboard" is not a command; did you mean "leaderboard"? See coresweep --help.',
    ],
    [['frobnicate'], `"frobnicate" is not a command; known are ${all}. See coresweep --help.`],
  ] as const) {
    t.same(await typed(...argv), { exitCode: 2, out: '', err: `${said} [ERR_COMMAND_LINE]\n` });
  }
});

t.test('a verb behind another one is told to be a command of its own', async (t) => {
  const { exitCode, err } = await typed('run', 'x.yaml', 'list');
  t.equal(exitCode, 2);
  t.match(err, '"list" is a command of its own, and here it stands after run. See coresweep --help.');
});

t.test('a word that is none of those for its place is told without the dashes of an option', async (t) => {
  t.match(await typed('cache', 'foo'), {
    exitCode: 2,
    err: '<action> must be one of "show", "clear", but got "foo". See coresweep --help.',
  });
});

t.test('a database without its option is shown how it is named', async (t) => {
  for (const line of [
    ['leaderboard', 'a.db'],
    ['check', 'a.sqlite3'],
  ])
    t.match(await typed(...line), {
      exitCode: 2,
      err: `is one argument too many; did you mean "--db ${line[1]}"?`,
    });
  t.match((await typed('list', 'a')).err, '"a" is one argument too many; put quotes around');
});

t.test('an unknown option is told which there are', async (t) => {
  t.match(await typed('leaderboard', '--formt', 'json'), {
    exitCode: 2,
    err: '"--formt" is not an option here; did you mean "--format"? See coresweep --help.',
  });
  t.match(await typed('plot', '-q'), {
    exitCode: 2,
    err: '"-q" is not an option here; known are --db, --experiment, --base, --format, --help. See coresweep --help.',
  });
});

t.test('an option that takes no value is told so, and nothing runs', async (t) => {
  const { definition, db } = tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition }));
  for (const value of ['yes', '1', ''])
    t.match(await typed('run', definition, '--db', db, `--dry-run=${value}`), {
      exitCode: 2,
      out: '',
      err: `--dry-run takes no value, but got "${value}". See coresweep --help. [ERR_COMMAND_LINE]\n`,
    });
  t.notOk(existsSync(db));
  t.match(await typed('run', definition, '--db', db, '--dry-run=true'), {
    exitCode: 0,
    out: /Nothing was run/,
  });
});

t.test('an option of another tool is told what it is called here', async (t) => {
  const cases: [line: string[], meant: string][] = [
    [['run', 'x.yaml', '--database', 'x.db'], '--db'],
    [['run', 'x.yaml', '--output=x.db'], '--db'],
    [['run', 'x.yaml', '--n_jobs', '4'], '--threads'],
    [['run', 'x.yaml', '--n-trials', '20'], '--set search.trials=N'],
    [['leaderboard', '--study-name', 'a'], '--experiment'],
    [['report', '--out', 'x.html'], '--output'],
  ];
  for (const [line, meant] of cases)
    t.match(await typed(...line), { exitCode: 2, err: ` is not an option here; did you mean "${meant}"?` });
  t.match((await typed('plot', '--n-jobs', '4')).err, 'known are --db', 'where there is none like it');
});

t.test('a fault of coresweep itself shows its stack and exits with 70', async (t) => {
  const broken = {
    write() {
      throw new TypeError('the stream is broken');
    },
  } as unknown as NodeJS.WriteStream;
  const { main } = await import('../src/cli.ts');
  const said: string[] = [];
  const err = { write: (text: string) => said.push(text) } as unknown as NodeJS.WriteStream;
  t.equal(
    await main(['schema'], { out: broken, err, signal: new AbortController().signal, program: 'coresweep' }),
    70,
  );
  t.match(said.join(''), /^coresweep has met a fault of its own:\nTypeError: the stream is broken\n +at /);
});

t.test('help is English whatever the environment speaks', async (t) => {
  const { exitCode, out } = await started(['show', '--help'], { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' })
    .ended;
  t.equal(exitCode, 0);
  t.match(out, /Examples:/);
  t.match(out, /Show help/);
});

t.test('the process exits with the code of the fault, told on stderr alone', async (t) => {
  const { exitCode, out, err } = await started(['leaderboard', '--db', join(t.testdirName, 'none.db')]).ended;
  t.equal(exitCode, 65);
  t.equal(out, '');
  t.match(err, /^There are no results in .* \[ERR_RESULTS_MISSING\]\n$/);
});

t.test('a completion script is printed, and completes verbs and options', async (t) => {
  const [script, words, options] = await Promise.all([
    started(['completion'], { SHELL: '/bin/bash' }).ended,
    started(['--get-yargs-completions', 'coresweep', ''], { SHELL: '/bin/bash' }).ended,
    started(['--get-yargs-completions', 'coresweep', 'run', '--'], { SHELL: '/bin/bash' }).ended,
  ]);
  t.match(script, { exitCode: 0, err: '', out: /complete .*coresweep/ });
  for (const verb of verbs) t.ok(words.out.split('\n').includes(verb), verb);
  for (const option of ['--threads', '--max-trials']) t.ok(options.out.split('\n').includes(option), option);
});

t.test('a reader that goes away ends a query quietly, and does not end a sweep', async (t) => {
  const { definition, db } = tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition }));
  const sweep = started(['run', definition, '--db', db]);
  sweep.child.stdout.destroy();
  sweep.child.stderr.destroy();
  t.equal((await sweep.ended).exitCode, 0);
  t.ok(existsSync(db.replace('results.db', 'phase2-accuracy-curve.svg')), 'the sweep has come to its end');

  const numbers =
    'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT x FROM n';
  const query = started(['query', numbers, '--format', 'csv', '--db', db]);
  query.child.stdout.once('data', () => query.child.stdout.destroy());
  t.match(await query.ended, { exitCode: 0, err: '' });
});

t.test('an output that cannot be written is told, with exit code 74', async (t) => {
  // Linux's device on which there is never room.
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [bin, 'schema'], { stdio: ['ignore', full, 'pipe'] });
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  closeSync(full);
  t.equal(exitCode, 74);
  t.match(err, /^The output cannot be written: ENOSPC/);
});

t.test('help and errors give command lines as they are typed in this repository', async (t) => {
  const underNpm = { npm_lifecycle_event: 'coresweep' };
  const help = await started(['show', '--help'], underNpm).ended;
  t.match(help.out, /^ {2}npm run coresweep -- show 4 /m);
  const wrong = await started(['nonsense'], underNpm).ended;
  t.match(wrong.err, 'See npm run coresweep -- --help.');
  const none = `${t.testdir()}/none.db`;
  const missing = await started(['leaderboard', '--db', none], underNpm).ended;
  t.match(missing.err, `Run an experiment first (\`npm run coresweep -- run FILE --db ${none}\`)`);
  const completion = await started(['completion'], underNpm).ended;
  t.match(completion.out, /complete .* coresweep$/m, 'a shell completes one word');
});

t.test(
  'documents give the commands of where they are read: npx knows only a package that is installed',
  async (t) => {
    for (const document of ['README.md', 'experiments/README.md', 'results/README.md'])
      t.notMatch(readFileSync(join(root, document), 'utf8'), /npx"?,? "?coresweep/, document);
    for (const document of ['CHANGELOG.md', 'docs/manual.md'])
      t.notMatch(readFileSync(join(root, document), 'utf8'), /npm run/, `${document}, which the package has`);
  },
);

t.test('the README and the manual of the package list every verb', async (t) => {
  for (const document of ['README.md', 'docs/manual.md']) {
    const rows =
      readFileSync(join(root, document), 'utf8')
        .match(/^\| `.*/gm)
        ?.join('\n') ?? '';
    t.same(
      verbs.filter((verb) => !rows.includes(`\`${verb}\``)),
      [],
      document,
    );
  }
});
