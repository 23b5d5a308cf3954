import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { tinyDefinition, tinyExperiment, typed } from './command-line.ts';

const prepared = (t: Test) => tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition }));

t.test(
  'a run prints the leaderboard to stdout, a line a trial to stderr, and leaves its files',
  async (t) => {
    const { definition, db } = prepared(t);
    const { exitCode, out, err } = await typed('run', definition, '--db', db, '--threads', '2');
    t.equal(exitCode, 0);
    t.match(out, /validation/);
    t.match(out, /test accuracy/i);
    t.notMatch(out, /\[1\/4\]/);
    // Drawing, where it takes long, has lines of its own.
    const lines = err.split('\n').filter((line) => line.startsWith('['));
    t.equal(lines.length, 5);
    for (const [index, line] of lines.slice(0, 4).entries())
      t.match(line, new RegExp(`^\\[${index + 1}/4\\] trial \\d`));
    t.match(lines[4], /^\[1\/1\] .* test accuracy/);
    const files = readdirSync(dirname(db)).filter((name) => !/-(shm|wal|lock)$/.test(name));
    t.same(files, [
      'bestmodel.json',
      'phase1-accuracy-curve.svg',
      'phase1-learning-curve.svg',
      'phase2-accuracy-curve.svg',
      'phase2-learning-curve.svg',
      'report.html',
      'results.db',
    ]);
  },
);

t.test('a run trains on as many threads as it is given, or as there are cores', async (t) => {
  const { definition, db } = prepared(t);
  const cores = availableParallelism();
  const given = [[], ['--threads', String(cores)], ['--threads', '1'], ['--threads', String(cores + 1)]];
  for (const words of given) await typed('run', definition, '--db', db, '--fresh', ...words);
  const { out } = await typed(
    'query',
    '--db',
    db,
    '--format',
    'json',
    'SELECT threads FROM session ORDER BY id',
  );
  t.same(
    JSON.parse(out),
    [cores, cores, 1, cores + 1].map((threads) => ({ threads })),
  );
});

t.test('--format json prints one document with every field that is promised', async (t) => {
  const { definition, db } = prepared(t);
  const { exitCode, out } = await typed('run', definition, '--db', db, '--format', 'json');
  t.equal(exitCode, 0);
  const folder = dirname(db);
  const sha256 = /^[0-9a-f]{64}$/;
  const measured = { epoch: Number, validationAccuracy: Number, validationLoss: Number };
  const document = JSON.parse(out);
  const trial = { state: 'done', best: measured, last: measured, seconds: Number, weightsSha256: sha256 };
  t.match(document, {
    experiment: { id: 1, name: 'tiny', seed: 1, state: 'done' },
    trials: [
      { ...trial, number: 1, params: { learningRate: 0.1, batchSize: 16 } },
      { ...trial, number: 2, params: { learningRate: 0.1, batchSize: 32 } },
      { ...trial, number: 3, params: { learningRate: 0.01, batchSize: 16 } },
      { ...trial, number: 4, params: { learningRate: 0.01, batchSize: 32 } },
    ],
    winner: trial,
    final: {
      testAccuracy: Number,
      testLoss: Number,
      peak: { epoch: Number, testAccuracy: Number, testLoss: Number },
      weightsSha256: sha256,
    },
    seconds: Number,
    paths: { database: db, bestModel: `${folder}/bestmodel.json`, plots: Array },
  });
  t.equal(document.trials.length, 4);
  t.equal(document.paths.plots.length, 4);
  for (const path of [document.paths.bestModel, ...document.paths.plots]) t.ok(existsSync(path), path);
  const best = Math.max(...document.trials.map((one: typeof document.winner) => one.best.validationAccuracy));
  t.equal(document.winner.best.validationAccuracy, best);
});

t.test(
  '--phase 1 stops before the final training, and --format csv prints the leaderboard alone',
  async (t) => {
    const { definition, db } = prepared(t);
    const { exitCode, out, err } = await typed(
      'run',
      definition,
      '--db',
      db,
      '--phase',
      '1',
      '--format',
      'csv',
    );
    t.equal(exitCode, 0);
    t.match(out, /^rank,trial,learningRate,batchSize,/);
    t.equal(out.trimEnd().split('\r\n').length, 5);
    t.notMatch(err, /test accuracy/);
    t.match(
      err,
      `No report was drawn of the search alone. To draw it: coresweep report --experiment 1 --db ${db}`,
    );
    t.notOk(existsSync(join(dirname(db), 'phase1-learning-curve.svg')));
    t.ok(existsSync(join(dirname(db), 'bestmodel.json')));
  },
);

t.test('the seed changes every trial, the number of threads none', async (t) => {
  const { definition, db } = prepared(t);
  const hashes = async (...options: string[]) => {
    const { out } = await typed('run', definition, '--db', db, '--format', 'json', ...options);
    const { trials, final } = JSON.parse(out);
    return [...trials, final].map((trial: { weightsSha256: string }) => trial.weightsSha256);
  };
  const one = await hashes('--threads', '1');
  t.same(await hashes('--threads', '3'), one);
  const other = await hashes('--seed', '2');
  t.same(
    other.filter((hash) => one.includes(hash)),
    [],
  );
});

t.test('--set changes values for this run, and a value given twice is told on stderr', async (t) => {
  const { definition, db } = prepared(t);
  const set = ['--set', 'space.learningRate=0.5,0.5', '--set', 'training.epochs=1', '--set', 'name=a=b'];
  const { exitCode, out, err } = await typed('run', definition, '--db', db, '--format', 'json', ...set);
  t.equal(exitCode, 0);
  const { experiment, trials } = JSON.parse(out);
  t.equal(experiment.name, 'a=b');
  t.same(
    trials.map((trial: { params: object }) => trial.params),
    [
      { learningRate: 0.5, batchSize: 16 },
      { learningRate: 0.5, batchSize: 32 },
    ],
  );
  t.match(err, /^space\.learningRate holds 0\.5 more than once; it is tried once\.\n/);
});

t.test('a run with a diverged trial ends with exit code 1, the others done', async (t) => {
  const { definition, db } = prepared(t);
  const set = ['--set', 'space.learningRate=0.1,1e38', '--set', 'data.pixels=raw'];
  const { exitCode, out } = await typed('run', definition, '--db', db, '--format', 'json', ...set);
  const { trials, winner } = JSON.parse(out);
  const states = trials.map(({ state }: { state: string }) => state);
  t.ok(states.includes('diverged') && states.includes('done'), states.join());
  t.equal(winner.state, 'done');
  t.equal(exitCode, 1);
});

t.test('bad input is refused on stderr, and nothing is written', async (t) => {
  const { definition, db } = prepared(t);
  const whole = (option: string, range: string, got: string) =>
    `${option} must be a whole number from ${range}, but got "${got}". [ERR_OPTION_VALUE]\n`;
  const cases: [string[], number, string | RegExp][] = [
    [['--threads', '0'], 2, /^--threads 0 leaves all the work to other machines: it takes --workers /],
    [['--threads', 'abc'], 2, whole('--threads', '0 to 1024', 'abc')],
    [['--threads', '-1'], 2, whole('--threads', '0 to 1024', '-1')],
    [['--threads', '1.5'], 2, whole('--threads', '0 to 1024', '1.5')],
    [['--threads', '1e3'], 2, whole('--threads', '0 to 1024', '1e3')],
    [['--threads='], 2, whole('--threads', '0 to 1024', '')],
    [['--threads', '1025'], 2, whole('--threads', '0 to 1024', '1025')],
    [['--threads'], 2, '--threads needs a value. See coresweep --help. [ERR_COMMAND_LINE]\n'],
    [['--threads', '1', '--threads', '2'], 2, /^--threads must be given once, but got "1" and "2"/],
    [['--phase', '3'], 2, whole('--phase', '1 to 2', '3')],
    [['--phase', '0'], 2, whole('--phase', '1 to 2', '0')],
    [['--seed', '-1'], 2, /^--seed must be a whole number of at least 0, but got "-1"\./],
    [['--max-trials', '0'], 2, whole('--max-trials', '1 to 1000000', '0')],
    [
      ['--max-trials', '3'],
      2,
      'The grid holds 4 trials (2 of learningRate x 2 of batchSize), but at most 3 are allowed. Try fewer values, or allow them with --max-trials 4. [ERR_TOO_MANY_TRIALS]\n',
    ],
    [['--set', 'search.replicates=1000', '--set', 'space.batchSize=1,2,3,4,5,6'], 2, /--max-trials 12000\. /],
    [['--set'], 2, '--set needs a value. See coresweep --help. [ERR_COMMAND_LINE]\n'],
    [['--set', 'training.epochs'], 2, /^--set "training\.epochs" cannot be applied: there is no "="/],
    [['--set', 'training.epoch=5'], 2, /training\.epoch is not a known key; did you mean "epochs"\?/],
    [
      ['--set', 'space.batchSize=81'],
      2,
      /space\.batchSize\[0\] must be .* 1 to 80 \(the training rows\), but got 81/,
    ],
    [['--set', 'data.train=0,121', '--set', 'data.validation=121,130'], 2, /data\.train must be .* <= 120/],
    [['--set', 'data.folder=nowhere'], 65, /There is no folder .*nowhere"/],
    [['--format', 'xml'], 2, /^--format must be one of "table", "json", "csv", "markdown", but got "xml"/],
    [['--format', 'csv', '--format', 'json'], 2, /^--format must be given once, but got "csv" and "json"/],
    [
      ['--db='],
      2,
      /^The database \(--db\) must be the path of a file, such as results\/results\.db, but got ""/,
    ],
    [['--db', 'b.db'], 2, /^--db must be given once, but got ".* and "b\.db"\./],
    [['--thraeds', '2'], 2, /^"--thraeds" is not an option here; did you mean "--threads"\?/],
    [['other.yaml'], 2, /^"other\.yaml" is one argument too many/],
  ];
  for (const [options, exitCode, message] of cases) {
    const database = options[0] === '--db=' ? [] : ['--db', db];
    const ended = await typed('run', definition, ...database, ...options);
    t.equal(ended.exitCode, exitCode, options.join(' '));
    t.equal(ended.out, '', 'nothing on stdout');
    typeof message === 'string' ? t.equal(ended.err, message) : t.match(ended.err, message);
  }
  t.notOk(existsSync(dirname(db)), 'no folder was made');
});

t.test('a definition that is missing, or not named, is told', async (t) => {
  t.match(await typed('run'), {
    exitCode: 2,
    out: '',
    err: /^Something is missing: coresweep run <definition>\. /,
  });
  t.match(await typed('run', 'none.yaml'), {
    exitCode: 2,
    out: '',
    err: /^There is no definition "none\.yaml"\./,
  });
});

t.test('a file that is no database stops a run before it trains, and stays as it was', async (t) => {
  const { definition } = prepared(t);
  const db = `${t.testdirName}/mine.db`;
  writeFileSync(db, 'my diary');
  const { exitCode, out, err } = await typed('run', definition, '--db', db);
  t.equal(exitCode, 65);
  t.equal(out, '');
  t.match(err, /mine\.db" is not an SQLite database, and was left as it is\./);
  t.equal(readFileSync(db, 'utf8'), 'my diary');
  t.same(readdirSync(t.testdirName).sort(), ['mine.db', 'pictures', 'tiny.yaml']);
});

t.test('--stop-after ends a session with so many trials, in order, and the same words go on', async (t) => {
  const { definition, db } = prepared(t);
  const words = ['run', definition, '--db', db, '--threads', '2', '--stop-after', '3'];
  const first = await typed(...words);
  t.equal(first.exitCode, 0, 'a budget that is used up is no fault');
  t.match(first.err, 'The budget of 3 trials is used up: the run ends in order.');
  t.match(first.err, `Stopped. To go on: coresweep run ${definition} --db ${db} --threads 2 --stop-after 3`);
  t.equal(first.err.split('\n').filter((line) => /^\[\d\/4\] trial/.test(line)).length, 3, 'three trials');
  t.notMatch(first.err, /test accuracy/, 'no final training');

  const second = await typed(...words);
  t.equal(second.exitCode, 0);
  t.match(second.err, /3 of 4 trials are recorded already/);
  t.match(second.err, /test accuracy/, 'the final training is no trial of the search');
  t.notMatch(second.err, /Stopped/);
});

t.test(
  'limits.runSeconds and --stop-after with a time end a session where it is, and it can go on',
  async (t) => {
    for (const given of [
      ['--set', 'limits.runSeconds=0.05'],
      ['--stop-after', '0.05s'],
    ]) {
      const { definition, db } = prepared(t);
      const slow = ['--set', 'training.epochs=2000', '--set', 'space.batchSize=1', '--phase', '1'];
      const { exitCode, err } = await typed('run', definition, '--db', db, ...slow, ...given);
      t.equal(exitCode, 0);
      t.match(err, 'The budget of 0.05 s is used up: the run ends in order.');
      t.match(err, /Stopped\. To go on: coresweep run /);
    }
  },
);

t.test('search.trials ends the search, the winner is trained on, and a larger one goes on', async (t) => {
  const { definition, db } = prepared(t);
  const run = (trials: number, ...more: string[]) =>
    typed('run', definition, '--db', db, '--set', `search.trials=${trials}`, ...more);
  const first = await run(3);
  t.equal(first.exitCode, 0);
  t.match(first.err, 'The search has had its 3 trials (search.trials); with more, it goes on.');
  t.match(first.err, /test accuracy/);
  const { out, err } = await run(9, '--format', 'json');
  t.match(err, /Going on with experiment 1: 3 of 4 trials are recorded already/);
  t.equal(JSON.parse(out).trials.length, 4, 'the grid has no more');
});

t.test(
  '--dry-run prints what would run, writes nothing, and guesses the time from recorded trials',
  async (t) => {
    const { definition, db } = prepared(t);
    const lost = `${dirname(definition)}/lost.json`;
    const own = { name: 'lost', objective: './lost.ts', metrics: { loss: 'minimize' }, space: { x: [1] } };
    writeFileSync(lost, JSON.stringify(own));
    t.match(await typed('run', lost, '--db', db, '--dry-run'), {
      exitCode: 2,
      err: /cannot be read: there is no such file\. .*ERR_OBJECTIVE_FILE/,
    });
    const dry = (...more: string[]) =>
      typed('run', definition, '--db', db, '--threads', '2', '--dry-run', ...more);
    const before = await dry();
    t.equal(before.exitCode, 0);
    t.match(before.out, 'tiny would be a new run of 4 trials.');
    t.match(before.out, 'How long 4 trials would take on 2 threads is not known');
    t.match(before.out, /trial │ +learning( rate)? │ +batch/);
    t.notOk(existsSync(dirname(db)), 'not even a folder');

    await typed('run', definition, '--db', db, '--stop-after', '3', '--threads', '1');
    const bytes = readFileSync(db);
    const after = await dry();
    t.match(after.out, 'tiny would go on with experiment 1: 3 of 4 trials are recorded.');
    t.match(
      after.out,
      /1 trial on 2 threads would take about \d+ s: one takes [\d.e-]+ s, the mean of 3 trials/,
    );
    t.match(after.out, /\n│ +4 │ +0\.01 │ +32 │/);
    t.same(readFileSync(db), bytes);
    const document = JSON.parse((await dry('--format', 'json')).out);
    t.match(document, {
      experiment: { name: 'tiny', seed: 1, goesOnWith: 1 },
      trials: { total: 4, recorded: 3, left: 1 },
      next: [{ number: 4, params: { learningRate: 0.01, batchSize: 32 }, replicate: 0 }],
      threads: 2,
      trialSeconds: { trials: 3, experimentId: 1 },
    });
    const epochs = JSON.parse((await dry('--format', 'json', '--set', 'training.epochs=30')).out);
    t.equal(epochs.experiment.goesOnWith, null, 'another definition');
    t.ok(Math.abs(epochs.trialSeconds.mean / document.trialSeconds.mean - 10) < 1e-6, 'ten times the epochs');
  },
);

t.test('--stop-after wants trials or a time', async (t) => {
  for (const wrong of ['0', '-1', '1.5', 'ten', '5d', '', '0s', '1e9h']) {
    t.match(
      await typed('run', 'x.yaml', `--stop-after=${wrong}`),
      { exitCode: 2, err: /^--stop-after must be a number of trials, such as 50, or a time/ },
      wrong,
    );
  }
});
