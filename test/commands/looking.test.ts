/** The verbs that look at results, as a person types them. */

import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import t from 'tap';
import { main } from '../../src/cli.ts';
import { networkMetrics } from '../../src/metric.ts';
import { openStore } from '../../src/store/store.ts';
import { paperOf } from '../../src/terminal/paper.ts';
import { displayWidth } from '../../src/words/text.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { addExperiment, done, experiment, result, spec } from '../store/example.ts';
import { typedOnTerminal, typed as typedThere } from './command-line.ts';

/** What a command line writes, and its exit code. */
async function typed(line: string, { isTerminal = false } = {}) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const colours = isTerminal ? { isTTY: true, columns: 100, getColorDepth: () => 8 } : {};
  const terminal = {
    out: Object.assign(out, colours) as unknown as NodeJS.WriteStream,
    err: Object.assign(err, colours) as unknown as NodeJS.WriteStream,
    signal: new AbortController().signal,
    program: 'coresweep',
  };
  const code = await main(line.split(' '), terminal);
  return { code, out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

/** A small experiment: trial 2 diverges, the others and phase 2 are done. */
const folder = t.testdir({
  'small.json': JSON.stringify({
    name: 'small',
    data: { source: 'idx', folder: 'data', train: [0, 100], validation: [100, 200], test: [0, 60] },
    model: { hidden: [4] },
    training: { epochs: 3 },
    space: { learningRate: [0.05, 3e38, 0.1], batchSize: [16] },
    final: { epochs: 2 },
  }),
});
writeTinyIdx(`${folder}/data`, { train: 200 });
const db = `${folder}/out/results.db`;

t.before(async () => {
  const { code, out } = await typed(`run ${folder}/small.json --db ${db} --threads 2`);
  t.equal(code, 1, 'some trial diverged');
  t.match(out, `files     ${folder}/out/report.html`);
});

t.test('run leaves a report beside its database', async (t) => {
  const page = readFileSync(`${folder}/out/report.html`, 'utf8');
  t.match(page, '<h1>small</h1>');
  t.match(page, 'diverged at epoch');
  for (const name of ['confusion-matrix', 'roc-curve', 'reliability'])
    t.match(page, `id="${name}"`, 'the rows were at hand');
  t.match(page, 'id="heat-map-small"', 'drawn for telephones too');
  t.ok(statSync(`${folder}/out/report.html`).size < 1_000_000);
});

t.test('a report of an undisturbed run tells of one session, one of an old database of none', async (t) => {
  const subtitleOf = (page: string) => /id="time-line".*?<p class="words">(.*?)</s.exec(page)?.[1];
  t.match(
    subtitleOf(readFileSync(`${folder}/out/report.html`, 'utf8')),
    /^2 threads for \d+\.\d\d s: kept busy \d+\u00a0% of the time by trials that were finished$/,
  );
  const old = `${t.testdir()}/results.db`;
  cpSync(new URL('../fixtures/results-version-3.db', import.meta.url), old);
  t.equal((await typed(`report --db ${old}`)).code, 0);
  const page = readFileSync(`${t.testdirName}/report.html`, 'utf8');
  t.equal(subtitleOf(page), undefined);
  t.match(page, '<h3>No time line</h3>');
});

t.test('report writes the same bytes again, or elsewhere', async (t) => {
  const path = `${folder}/elsewhere/page.html`;
  const { code, out } = await typed(`report --db ${db} --output ${path}`);
  t.match({ code, out }, { code: 0, out: `${path}\n` });
  t.ok(existsSync(path));
});

t.test('plot draws every figure in the format asked for, and prints where', async (t) => {
  for (const format of ['svg', 'png']) {
    const { code, out } = await typed(`plot --db ${db} --format ${format}`);
    t.equal(code, 0);
    const paths = out.trim().split('\n');
    for (const name of [
      'heat-map',
      'parallel-coordinates',
      'parameter-effects',
      'time-line',
      'phase1-learning-curve',
    ])
      t.ok(paths.includes(`${folder}/out/${name}.${format}`), name);
    for (const path of paths) t.ok(statSync(path).size > 500, path);
  }
});

t.test(
  'leaderboard, status and compare print tables of equal lines, without colour where there is none',
  async (t) => {
    for (const line of ['leaderboard', 'status', 'compare 1 3']) {
      const { code, out } = await typed(`${line} --db ${db}`);
      t.equal(code, 0);
      t.notOk(out.includes('\u001b'));
      const framed = out.split('\n').filter((text) => /^[┌│├└]/.test(text) && /[┐│┤┘]$/.test(text));
      t.equal(new Set(framed.map((text) => text.length)).size, 1, line);
    }
  },
);

/** The verbs that print tables. */
const tables = [
  ['leaderboard'],
  ['status'],
  ['compare', '1', '3'],
  ['compare', '2', 'final'],
  ['show', '1'],
  ['show', 'final'],
  ['query', 'SELECT * FROM leaderboard'],
];

t.test('on a terminal no line is wider than it, and what is left out is named', async (t) => {
  for (const columns of [80, 72, 200]) {
    for (const line of tables) {
      const { exitCode, out } = await typedOnTerminal(columns, ...line, '--db', db);
      t.equal(exitCode, 0);
      const widest = Math.max(...out.split('\n').map(displayWidth));
      t.ok(widest <= columns, `${line.join(' ')}: ${widest} of ${columns} columns`);
    }
  }
  const { out } = await typedOnTerminal(80, 'leaderboard', '--db', db);
  t.match(out, /│ rank │ trial │/);
  t.match(out, /\n--wide adds 6 columns: best epoch, .*…\n/);
});

t.test('--wide shows all columns, and so does a pipe, where lines have no end', async (t) => {
  for (const line of tables.filter(([verb]) => verb !== 'show')) {
    const piped = (await typedThere(...line, '--db', db)).out;
    t.notMatch(piped, '--wide');
    t.equal((await typedOnTerminal(60, ...line, '--wide', '--db', db)).out, piped, line.join(' '));
  }
});

t.test('COLUMNS says how wide a pipe is', async (t) => {
  const paper = (columns: string) => paperOf(new PassThrough(), {}, { COLUMNS: columns }).width;
  t.equal(paper('72'), 72);
  for (const none of ['', '0', 'wide']) t.equal(paper(none), Number.POSITIVE_INFINITY);
});

t.test('compare has parameters, intervals, the paired test and both curves', async (t) => {
  const { out } = await typed(`compare 1 3 --db ${db}`);
  t.match(out, /learning rate +│ +0\.05 +│ +0\.1 /);
  t.match(out, /its accuracy +│ \d+\.\d\d %/);
  t.match(out, /95 % interval, from +│ \d+\.\d\d % .*\n│ 95 % interval, to +│ \d+\.\d\d %/);
  t.match(
    out,
    /On the same 100 rows, \d+ (is|are) right with trial 1 alone and \d+ (is|are) right with trial 3 alone.\nMcNemar's p [=<] 0/,
  );
  t.match(out, /validation accuracy +⠒⠒⠒ trial 1 .* ⠂ ⠂ trial 3/);
  const rows = JSON.parse((await typed(`compare 1 3 --db ${db} --format json`)).out);
  t.match(rows[0], { quantity: 'learningRate', first: 0.05, second: 0.1 });
});

t.test(
  'compare with a trial that diverged, or with the final training, says why there is no test',
  async (t) => {
    for (const line of ['compare 1 2', 'compare 1 final']) {
      const { code, out } = await typed(`${line} --db ${db}`);
      t.equal(code, 0);
      t.match(out, 'No paired test');
      t.notMatch(out, /NaN|undefined/);
    }
    const { code, err } = await typed(`compare 1 9 --db ${db}`);
    t.match(
      { code, err },
      { code: 2, err: /The trial must be a number from 1 to 3, or "winner" or "final", but got "9"/ },
    );
  },
);

t.test(
  'a trial that runs is told from one that lies ready, and from one whose process is gone, wherever trials are told of',
  async (t) => {
    const database = `${t.testdir()}/results.db`;
    const store = openStore(database);
    const id = store.beginExperiment(experiment());
    store.addTrials(id, [spec(1), spec(2)]);
    const [first = 0, second = 0] = store.trials(id).map((trial) => trial.id);
    for (const trial of [first, second]) store.startAttempt(trial);
    const trials = [{ id: first, epochs: 9, elapsed: 1, left: 1, curve: [] }];
    const live = { elapsed: 1, left: 1, threads: 1, trials };
    writeFileSync(`${database}-live-${process.pid}`, JSON.stringify(live));
    const asked = async (line: string) => (await typed(`${line} --db ${database}`)).out;
    const states = async () => [
      ...['show 1', 'show 2'].map(async (line) => (await asked(line)).split('\n')[0]?.split(' ').at(-1)),
      asked('compare 1 2 --format csv').then((csv) => /^state,(.*),$/m.exec(csv)?.[1]),
      asked('leaderboard --format json').then((json) =>
        JSON.parse(json).map(({ state }: { state: string }) => state),
      ),
      asked('report --output -').then((html) => html.match(/(?<="text reason \w+" colspan="7">)\w+/g)),
    ];
    const now = async () => Promise.all(await states());
    const [one, two] = ['running', 'waiting'];
    t.strictSame(await now(), [one, two, `${one},${two}`, [one, two], [one, two]]);
    // As a kill does, closing gives the lock back and records nothing.
    store.close();
    const cut = 'interrupted';
    t.strictSame(await now(), [cut, cut, `${cut},${cut}`, [cut, cut], [cut, cut]]);
  },
);

t.test('show says how sure an accuracy is and how it stands against the winner', async (t) => {
  const texts = [await typed(`show 1 --db ${db}`), await typed(`show 3 --db ${db}`)].map(({ out }) => out);
  t.equal(texts.filter((text) => text.includes('\nthe winner\n')).length, 1);
  t.equal(texts.filter((text) => /against the winner, trial \d: p [=<] 0/.test(text)).length, 1);
  for (const text of texts) t.match(text, /best \(epoch \d\): .*95 %: /);
  t.match((await typed(`show final --db ${db}`)).out, /last \(epoch 2\): test accuracy .*95 %: /);
});

t.test('show names no weights of a pruned network, of which none are kept', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  addExperiment(store, [{ state: 'pruned', result: { ...result(0.5), artifacts: [] } }]);
  store.close();
  const { out } = await typed(`show 1 --db ${path}`);
  t.match(out, /pruned at epoch 2/);
  t.notMatch(out, /undefined|weights/);
});

t.test('leaderboard prints the best few, or those of every experiment', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  addExperiment(store, [done(0.5), done(0.75), done(0.6)], undefined, 'first');
  addExperiment(store, [done(0.8), done(0.7)], undefined, 'second');
  store.close();
  const lines = async (options: string) =>
    (await typed(`leaderboard --db ${path} --format csv ${options}`)).out.trim().split('\r\n').slice(1);
  const places = (rows: readonly string[], columns: number) =>
    rows.map((row) => row.split(',').slice(0, columns).join(' '));
  t.same(places(await lines('--top 1'), 2), ['1 1']);
  t.same(places(await lines('--top 2 --experiment 1'), 2), ['1 2', '2 3']);
  t.same(places(await lines('--all --top 2'), 4), [
    '1 first 1 2',
    '1 first 2 3',
    '2 second 1 1',
    '2 second 2 2',
  ]);
  const { out } = await typed(`leaderboard --db ${path} --all`);
  t.match(out, /^first \(run 1\)\n┌.+\n\nsecond \(run 2\)\n┌/su);
  t.equal((await typed(`leaderboard --db ${path} --top 0`)).code, 2);
  const both = await typed(`leaderboard --db ${path} --all --experiment 1`);
  t.match(both, { code: 2, err: '--all and --experiment exclude each other: give one of them' });
});

t.test(
  'of a point that was proposed again the best few show one trial, and say how many they leave out',
  async (t) => {
    const path = `${t.testdir()}/results.db`;
    const store = openStore(path);
    const { trialIds } = addExperiment(store, [done(0.75), done(0.75), done(0.6), done(0.75), done(0.5)]);
    const [first, second, , fourth] = trialIds as [number, number, number, number];
    store.recordSameAs(second, first);
    store.recordSameAs(fourth, first);
    store.close();
    const numbers = async (options: string): Promise<number[]> =>
      JSON.parse((await typed(`leaderboard --db ${path} --format json ${options}`)).out).map(
        ({ trial }: { trial: number }) => trial,
      );
    t.same(await numbers('--top 2'), [1, 3]);
    t.same((await numbers('--wide')).toSorted(), [1, 2, 3, 4, 5]);
    const { out } = await typed(`leaderboard --db ${path} --top 2`);
    t.match(out, /^2 copies of these, points that were proposed again, are left out\.$/m);
    t.notMatch((await typed(`leaderboard --db ${path}`)).out, /left out/);
  },
);

t.test('list names every experiment with its winner, and how it stands', async (t) => {
  const { code, out } = await typed(`list --db ${db}`);
  t.equal(code, 0);
  t.match(out, /│ +1 │ small │ done +│ +3 │/);
  const [first] = JSON.parse((await typed(`list --db ${db} --format json`)).out);
  const [winner] = JSON.parse((await typed(`leaderboard --db ${db} --format json`)).out);
  t.match(first, {
    ...{ experiment: 1, name: 'small', state: 'done', ended: 3, trials: 3 },
    ...{ winner: winner.trial, validationAccuracy: winner.validationAccuracy },
    parameters: { learningRate: winner.learningRate, batchSize: winner.batchSize },
  });
  t.equal((await typed(`list --db ${folder}/none.db`)).code, 65);
});

t.test('status tells of a run that is under way, and of one in which nothing has finished', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  const hash = 'a'.repeat(64);
  const id = store.beginExperiment({
    ...{ name: 'a\u001b[31m|b', definition: '{}', definitionHash: hash, dataHash: hash, kernelHash: hash },
    ...{
      seed: 1,
      metric: 'validationAccuracy',
      metrics: networkMetrics('validationAccuracy'),
      objectiveHash: null,
      encoding: '{}',
      createdAt: new Date(Date.now() - 65_000).toISOString(),
    },
  });
  store.addTrials(id, [
    { number: 1, role: 'search', key: 'k', replicate: 0, params: { learningRate: 0.1, batchSize: 8 } },
    { number: 2, role: 'search', key: 'l', replicate: 0, params: { learningRate: 0.2, batchSize: 8 } },
  ]);
  store.startAttempt(store.trials(id)[0]?.id as number);
  const { code, out } = await typed(`status --db ${path}`);
  t.equal(code, 0);
  t.match(out, /running for 1 min \d\d s/);
  t.match(out, '0 of 2 trials, 1 running');
  t.match(out, 'winner so far: no trial is done yet');
  t.match(out, 'a\\u001b[31m|b (run 1)');
  const markdown = (await typed(`status --db ${path} --format markdown`)).out;
  t.match(markdown, /^a\\u001b/);
  t.match(markdown, /\n\n\| trial \|/, 'a table of its own on GitHub');
  // Nothing but the lock tells a killed process from one that runs.
  store.close();
  const killed = (await typed(`status --db ${path}`)).out;
  t.match(killed, '(run 1): interrupted; the same command continues it');
  t.match(killed, '0 of 2 trials, 1 interrupted');
  t.notMatch(killed, 'running');
});

t.test('Markdown tables have as many cells in every line', async (t) => {
  for (const line of ['leaderboard', 'compare 1 3', 'status']) {
    const { out } = await typed(`${line} --db ${db} --format markdown`);
    const rows = out.split('\n').filter((text) => text.startsWith('|'));
    t.ok(rows.length > 2);
    t.equal(new Set(rows.map((text) => text.split(/(?<!\\)\|/).length)).size, 1, line);
    t.match(rows[1], /^\| (?::?-+:? \| ?)+$/);
  }
});

t.test('on a terminal, long work shows what it is at and leaves no trace', async (t) => {
  const { err, out } = await typed(`report --db ${db}`, { isTerminal: true });
  t.match(err, 'reading the data set ...');
  t.match(err, 'drawing heat-map ...');
  t.ok(err.endsWith('\r\u001b[K'));
  t.equal(out, `${folder}/out/report.html\n`);
});
