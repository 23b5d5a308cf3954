import { cpSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { sealAll } from '../../src/store/to-version-5.ts';
import { tinyDefinition, tinyExperiment, typed } from './command-line.ts';

const { definition, db } = tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition }));
const base = dirname(definition);
t.equal((await typed('run', definition, '--db', db)).exitCode, 0);

/** Verifies a copy of the database in which something was changed, as if it had been recorded so, or by damage. */
async function verifiedAfter(t: Test, sql: string, words: string[] = [], kind = 'recorded') {
  const folder = t.testdir();
  cpSync(db, join(folder, 'results.db'));
  const copy = new Database(join(folder, 'results.db'));
  copy.exec(sql);
  if (kind === 'recorded') sealAll(copy);
  copy.close();
  return typed('verify', ...words, '--db', join(folder, 'results.db'), '--base', base);
}

t.test('every trial of both phases has the same bits when it is trained again', async (t) => {
  const { exitCode, out } = await typed('verify', '--db', db, '--base', base);
  t.equal(exitCode, 0);
  t.equal(out.match(/every bit the same/g)?.length, 5);
  // In the order in which they end, which two threads decide.
  t.match(out, /^final training .*: every bit the same$/m);
  t.match(out, /\n5 trials trained again, every bit as recorded\.\n$/);
});

t.test('trials can be named, or picked at random', async (t) => {
  t.match((await typed('verify', '2', 'final', '--db', db, '--base', base)).out, /^2 trials trained again/m);
  t.match(
    (await typed('verify', '--sample', '3', '--db', db, '--base', base)).out,
    /^3 trials trained again/m,
  );
  t.match(await typed('verify', '9', '--db', db, '--base', base), { exitCode: 2, err: /ERR_NO_TRIAL/ });
});

t.test('one changed bit of a curve or of a hash is told, with exit code 1', async (t) => {
  const curve = await verifiedAfter(t, 'UPDATE report SET v4 = v4 + 1e-15 WHERE trial_id = 2 AND step = 3');
  t.equal(curve.exitCode, 1);
  t.match(curve.out, /^trial 2 .*: DIFFERENT\n {2}curve: epoch 3 was /m);
  t.equal(curve.out.match(/every bit the same/g)?.length, 4);
  const hash = await verifiedAfter(t, `UPDATE trial SET last_sha256 = '${'0'.repeat(64)}' WHERE id = 1`, [
    '1',
  ]);
  t.match(hash, { exitCode: 1, out: /last weights: recorded 0{64}, now/ });
});

t.test('what was damaged since is named, and nothing is called the same', async (t) => {
  for (const [sql, record] of [
    ['UPDATE report SET v2 = v2 + 1e-15 WHERE trial_id = 2 AND step = 3', /curve of/],
    [`UPDATE experiment SET encoding = replace(encoding, '"0-1"', '"raw"')`, /experiment 1/],
    ["UPDATE artifact SET correct = x'00' WHERE trial_id = 2 AND name = 'best'", /model "best"/],
    ['UPDATE span SET "to" = "to" + 0.1 WHERE trial_id = 2', /times of/],
    ['UPDATE trial SET seconds = seconds + 0.1 WHERE id = 2', /trial 2 of experiment 1/],
  ] as const) {
    const { exitCode, out, err } = await verifiedAfter(t, sql, ['2'], 'damaged');
    t.equal(exitCode, 65, sql);
    t.match(err, /ERR_RECORD_DAMAGED/);
    t.match(err, record);
    t.notMatch(out, /as recorded|the same/);
  }
});

t.test('rows that a model gets right are compared as well', async (t) => {
  const { exitCode, out } = await verifiedAfter(
    t,
    "UPDATE artifact SET correct = zeroblob(length(correct)) WHERE trial_id = 2 AND name = 'best'",
    ['2'],
  );
  t.equal(exitCode, 1);
  t.match(out, /rows that its model gets right: recorded 0+, now/);
});

t.test('other data or other arithmetic than was recorded is refused', async (t) => {
  const zeros = '0'.repeat(64);
  t.match(await verifiedAfter(t, `UPDATE experiment SET data_hash = '${zeros}'`), {
    exitCode: 65,
    err: /ERR_DATA_CHANGED/,
  });
  t.match(await verifiedAfter(t, `UPDATE experiment SET kernel_hash = '${zeros}'`), {
    exitCode: 65,
    err: /ERR_KERNELS_CHANGED/,
  });
});

t.test('trials that started from a file are trained from it again, and from no other', async (t) => {
  const folder = t.testdir({ 'tiny.yaml': `${tinyDefinition}start: { file: start.json }\n` });
  const from = tinyExperiment(folder);
  cpSync(join(dirname(db), 'bestmodel.json'), join(folder, 'start.json'));
  t.equal((await typed('run', from.definition, '--db', from.db)).exitCode, 0);
  t.match(await typed('verify', '--db', from.db, '--base', folder), {
    exitCode: 0,
    out: /5 trials trained again, every bit as recorded/,
  });
  t.match(await typed('verify', 'winner', '--db', from.db, '--base', folder), {
    exitCode: 0,
    out: /^1 trial /m,
  });
  cpSync(join(dirname(from.db), 'bestmodel.json'), join(folder, 'start.json'));
  t.match(await typed('verify', '--db', from.db, '--base', folder), {
    exitCode: 65,
    err: /ERR_START_CHANGED/,
  });
});

/** A run of a module; `keys` are those of its definition beside the usual ones. */
async function objectiveRun(t: Test, code: string, keys = ''): Promise<{ folder: string; db: string }> {
  const yaml = `name: valley\nobjective: ./valley.mjs\nmetrics: { loss: minimise }\nspace: { x: [1, 2, 3] }\n${keys}`;
  const folder = t.testdir({ 'valley.mjs': code, 'valley.yaml': yaml });
  const db = join(folder, 'results.db');
  const { exitCode, err } = await typed('run', join(folder, 'valley.yaml'), '--db', db);
  t.equal(exitCode, 0, err);
  return { folder, db };
}

t.test('a run that is not deterministic is not verified, and that is said', async (t) => {
  const code = 'export default () => performance.now();';
  const { folder, db } = await objectiveRun(t, code, 'deterministic: false\n');
  t.match(await typed('verify', '--db', db, '--base', folder), {
    exitCode: 2,
    out: '',
    err: /deterministic: false.*nothing\s+to verify.*ERR_NOT_DETERMINISTIC/s,
  });
});

const valley = `export default async function ({ params, report, save }) {
  for (let step = 1; step <= 3; step++) await report(step, { loss: (params.x - 2) ** 2 + 1 / step });
  save(Buffer.from('model of ' + params.x));
}
`;

t.test('trials of an objective are run again: every report and the saved model', async (t) => {
  const { folder, db } = await objectiveRun(t, valley);
  const verified = (...words: string[]) => typed('verify', ...words, '--db', db, '--base', folder);
  const { exitCode, out, err } = await verified();
  t.equal(exitCode, 0, err);
  t.equal(out.match(/every bit the same/g)?.length, 3);
  t.match(out, /\n3 trials run again, every bit as recorded\.\n$/);
  const copy = new Database(db);
  copy.exec('UPDATE report SET v1 = 7 WHERE trial_id = 2 AND step = 2');
  copy.exec(`UPDATE trial SET model_sha256 = '${'0'.repeat(64)}' WHERE id = 3`);
  sealAll(copy);
  copy.close();
  const changed = await verified();
  t.equal(changed.exitCode, 1);
  t.match(
    changed.out,
    /^trial 2 .*: DIFFERENT\n {2}curve: step 2 was \{"loss":7\}, but is \{"loss":0\.5\}$/m,
  );
  t.match(changed.out, /^trial 3 .*: DIFFERENT\n {2}model: recorded 0{64}, now [0-9a-f]{64}$/m);
  t.match(changed.out, /and 2 differ from what is recorded: the objective \(deterministic: false says/);
});

t.test('a final trial of an objective is run again from what the winner saved', async (t) => {
  const code = valley
    .replace('report, save', 'report, save, start')
    .replace("'model of '", "'from ' + start + ' to '");
  const { folder, db } = await objectiveRun(t, code, 'final: {}\n');
  t.match((await typed('show', 'final', '--db', db)).out, /^final training/m);
  t.match((await typed('leaderboard', '--db', db)).exitCode, 0);
  t.match(await typed('verify', 'final', '--db', db, '--base', folder), {
    exitCode: 0,
    out: /^final training .*: every bit the same\n1 trial run again/m,
  });
});

t.test('what an objective reads beside its code shows, and changed code is refused', async (t) => {
  const reading = `import { readFileSync } from 'node:fs';
export default () => Number(readFileSync(new URL('number.txt', import.meta.url), 'utf8'));`;
  const folder = t.testdir({
    'valley.mjs': reading,
    'number.txt': '1',
    'valley.json': JSON.stringify({
      ...{ name: 'reading', objective: './valley.mjs', metrics: { loss: 'minimise' }, space: { x: [1] } },
    }),
  });
  const db = join(folder, 'results.db');
  await typed('run', join(folder, 'valley.json'), '--db', db);
  writeFileSync(join(folder, 'number.txt'), '2');
  const read = await typed('verify', '1', '--db', db, '--base', folder);
  t.match(read, { exitCode: 1, out: /best step: recorded .*now .*curve: step 1 was \{"loss":1\}, but is/s });
  writeFileSync(join(folder, 'valley.mjs'), 'export default () => 1;');
  const changed = await typed('verify', '--db', db, '--base', folder);
  t.match(changed, { exitCode: 65, out: '', err: /ERR_OBJECTIVE_CHANGED/ });
});

t.test('commands are run again, and what was pruned is pruned again', async (t) => {
  const command = `const x = Number(process.argv[2].slice(4));
for (let step = 1; step <= 3; step++) console.log(JSON.stringify({ step, loss: x / step }));`;
  const definition = {
    ...{ name: 'slopes', metrics: { loss: 'minimise' }, space: { x: [1, 2, 3, 4] } },
    objective: { command: [process.execPath, 'slope.mjs', '{args}'] },
    prune: { method: 'median', startupTrials: 2 },
  };
  const folder = t.testdir({ 'slope.mjs': command, 'slopes.json': JSON.stringify(definition) });
  const db = join(folder, 'results.db');
  await typed('run', join(folder, 'slopes.json'), '--db', db);
  t.match((await typed('leaderboard', '--db', db)).out, /pruned at 1/);
  t.match(await typed('verify', '--db', db, '--base', folder), {
    exitCode: 0,
    out: /4 trials run again, every bit as recorded/,
  });
});

t.test('trials that were told of are not run again', async (t) => {
  const study = { name: 'study', metrics: { loss: 'minimise' }, space: { x: [1, 2] } };
  const folder = t.testdir({ 'study.json': JSON.stringify(study) });
  const db = join(folder, 'results.db');
  t.equal((await typed('ask', join(folder, 'study.json'), '--db', db)).exitCode, 0);
  t.equal((await typed('tell', '1', '--values', '{"loss": 1}', '--db', db)).exitCode, 0);
  t.match(await typed('verify', '--db', db), { exitCode: 2, out: '', err: /ERR_STUDY_TOLD/ });
});
