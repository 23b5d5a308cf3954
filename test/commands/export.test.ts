import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import t, { type Test } from 'tap';
import { readModelFile } from '../../src/model/model-file.ts';
import { openStore } from '../../src/store/store.ts';
import { addExperiment, diverged, done, spec } from '../store/example.ts';
import { forceFinal } from '../store/forced.ts';
import { typed } from './command-line.ts';

/** A database of three trials, of which the third is the winner, and a final training. */
function database(t: Test): string {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  const { experimentId } = addExperiment(store, [done(0.9), diverged, done(0.95)]);
  store.addTrials(experimentId, [{ ...spec(1, 'final'), params: spec(3).params }]);
  const final = store.trials(experimentId)[3]?.id as number;
  store.startAttempt(final);
  store.finish(final, done(0.97));
  store.close();
  return path;
}

t.test('without a word, the winner goes out as safetensors beside the database', async (t) => {
  const db = database(t);
  const { exitCode: code, out } = await typed('export', '--db', db);
  t.equal(code, 0);
  t.equal(out, `${t.testdirName}/winner.safetensors\n`);
  t.match(readFileSync(out.trim()).toString('latin1'), /"validationAccuracy":"0.95"/);
});

t.test('a trial and the final training go out as files that are read again', async (t) => {
  const db = database(t);
  await typed('export', '1', '--format', 'json', '--db', db);
  t.match(readModelFile(`${t.testdirName}/trial-1.json`).provenance, { trial: 1, validationAccuracy: 0.9 });
  const file = `${t.testdirName}/deep/er.json`;
  t.equal((await typed('export', 'final', '--format', 'json', '-o', file, '--db', db)).out, `${file}\n`);
  t.match(readModelFile(file).provenance, { testAccuracy: 0.97 / 2 }, 'of the last epoch, not of the best');

  const store = openStore(db);
  const again = { ...spec(2, 'final'), params: spec(3).params };
  store.addTrials(1, [again]);
  const another = store.trials(1).at(-1)?.id as number;
  store.startAttempt(another);
  store.finish(another, done(0.5));
  store.close();
  forceFinal(db, 1, 2, 'a'.repeat(64));
  await typed('export', 'final', '--format', 'json', '-o', file, '--db', db);
  t.match(readModelFile(file).provenance, { testAccuracy: 0.25 }, 'of the final training that counts now');
});

t.test('the ending of the file says the format, where no --format does', async (t) => {
  const db = database(t);
  const written = async (name: string, ...words: string[]) => {
    const file = `${t.testdirName}/${name}`;
    t.equal((await typed('export', ...words, '-o', file, '--db', db)).out, `${file}\n`);
    return readFileSync(file, 'latin1');
  };
  t.match(await written('a.onnx'), 'coresweep');
  await written('b.JSON', '1');
  t.match(readModelFile(`${t.testdirName}/b.JSON`).provenance, { trial: 1 });
  t.match(await written('c.csv'), /^experiment_id,/);
  t.match(await written('d.jsonl', 'curves'), /^\{"experiment_id":/);
  t.match(await written('e.onnx', '--format', 'csv'), /^experiment_id,/, 'what is told counts');
  t.same(JSON.parse(await written('trials.json', 'trials'))[0].rank, 1, 'an array');
  t.match(await written('f.bin'), /^.{8}\{"__metadata__"/s, 'safetensors, for an ending that is no format');
});

t.test('tables go to stdout, or to a file', async (t) => {
  const db = database(t);
  const csv = await typed('export', '--format', 'csv', '--db', db);
  const [head, ...lines] = csv.out.trimEnd().split('\r\n');
  t.match(head, /^experiment_id,experiment,rank,trial_id,trial,learning_rate,batch_size/);
  t.same(
    lines.map((line) => line.split(',')[2]),
    ['1', '2', ''],
  );
  const jsonl = await typed('export', 'curves', '--format', 'jsonl', '--db', db);
  const epochs = jsonl.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same(
    epochs.map(({ phase, trial, epoch }) => [phase, trial, epoch]),
    [
      [1, 1, 1],
      [1, 1, 2],
      [1, 2, 1],
      [1, 3, 1],
      [1, 3, 2],
      [2, 1, 1],
      [2, 1, 2],
    ],
  );
  const whole = await typed('export', 'winner', '--format', 'json', '-o', '-', '--db', db);
  t.equal(JSON.parse(whole.out).format, 'coresweep-model', '- is stdout for what else would be a file');
  await typed('export', 'trials', '--format', 'csv', '-o', `${t.testdirName}/trials.csv`, '--db', db);
  t.equal(readFileSync(`${t.testdirName}/trials.csv`, 'utf8'), csv.out);
});

t.test('what cannot be exported is refused, and nothing is written', async (t) => {
  const db = database(t);
  const file = `${t.testdirName}/out`;
  for (const [argv, message] of [
    [['2'], /"2" is diverged.*ERR_NO_MODEL/],
    [['7'], /a number from 1 to 3, or "winner" or "final" or "trials" or "curves", but.*ERR_NO_TRIAL/],
    [['winner', '--format', 'csv'], /as safetensors, onnx, json, but got csv/],
    [['curves', '--format', 'optuna'], /as csv, jsonl, json, but got optuna/],
    [['--format', 'xml'], /--format must be one of/],
    [['--format', 'csv', '--format', 'jsonl'], /--format must be given once, but got "csv" and "jsonl"/],
    [['-o', 'elsewhere'], /--output must be given once/],
  ] as const) {
    const { exitCode: code, err, out } = await typed('export', ...argv, '--db', db, '-o', file);
    t.equal(code, 2);
    t.match(err, message);
    t.equal(out, '');
    t.notOk(existsSync(file));
  }
  for (const [what, name] of [
    ['winner', 'model.csv'],
    ['curves', 'curves.onnx'],
  ] as const) {
    const other = `${t.testdirName}/${name}`;
    const { exitCode: code, err } = await typed('export', what, '-o', other, '--db', db);
    t.equal(code, 2);
    t.match(err, /ERR_EXPORT_FORMAT/, 'not in another format under that ending');
    t.notOk(existsSync(other));
  }
});

t.test('a folder is no file to write to, and is told without what was tried', async (t) => {
  const db = database(t);
  const { exitCode: code, err } = await typed('export', 'trials', '--db', db, '-o', t.testdirName);
  t.equal(code, 74);
  t.match(err, /as a file, for it is a folder\. Name a file in it\. \[ERR_FILE_SYSTEM\]/);
  t.notMatch(err, /tmp'|EISDIR/);
});

t.test('neither the database nor a study is overwritten', async (t) => {
  const db = database(t);
  const before = readFileSync(db);
  symlinkSync('results.db', `${t.testdirName}/link.db`);
  symlinkSync('.', `${t.testdirName}/folder`);
  for (const [file, what] of [
    [db, 'the database itself'],
    [`${t.testdirName}/./results.db`, 'the database itself'],
    [`${t.testdirName}/link.db`, 'the database itself'],
    [`${t.testdirName}/folder/results.db`, 'the database itself'],
    ...['-wal', '-shm', '-journal', '-lock'].map((end) => [db + end, 'a part of the database']),
    [`${t.testdirName}/folder/results.db-lock`, 'a part of the database'],
    [`${t.testdirName}/bestmodel.json`, "the winner's model"],
  ] as const) {
    for (const given of [db, `${t.testdirName}/link.db`]) {
      const { exitCode: code, err } = await typed('export', '--db', given, '--output', file);
      t.equal(code, 2, file);
      t.match(err, `is ${what}`);
    }
  }
  t.match(
    (await typed('report', '--db', db, '--output', `${t.testdirName}/link.db`)).err,
    /is the database itself/,
  );
  t.same(readFileSync(db), before);
  t.equal(readFileSync(`${db}-lock`).length, 0);
  t.equal((await typed('export', '--format', 'optuna', '--db', db)).exitCode, 0);
  const again = await typed('export', '--format', 'optuna', '--db', db);
  t.equal(again.exitCode, 2);
  t.match(again.err, /optuna.db" exists already/);
});

t.test('a pipe is written to, not replaced by a file', async (t) => {
  const db = database(t);
  const pipe = `${t.testdirName}/pipe`;
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => reader.kill());
  const said = reader.stdout.setEncoding('utf8').toArray();
  t.equal((await typed('export', '--format', 'csv', '--db', db, '-o', pipe)).exitCode, 0);
  await once(reader, 'close');
  t.match((await said).join(''), /^experiment_id,/);
  t.ok(statSync(pipe).isFIFO());
});
