import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { readModelFile } from '../../src/model/model-file.ts';
import { safetensorsOf } from '../../src/model/safetensors.ts';
import { digits, sampleModel } from '../export/sample-models.ts';
import { typed } from './command-line.ts';

const model = sampleModel([784, 20, 10], digits);

t.test('a safetensors file becomes a model file with the same bits', async (t) => {
  const file = `${t.testdir()}/mine.safetensors`;
  writeFileSync(file, safetensorsOf(model));
  const {
    exitCode: code,
    out,
    err,
  } = await typed('import', file, '--db', `${t.testdirName}/results/results.db`);
  t.equal(code, 0);
  t.equal(out, `${t.testdirName}/results/mine.json\n`);
  t.match(err, `784-20-10, weights ${model.weights.sha256}`);
  t.strictSame(readModelFile(out.trim()), { ...model, provenance: null });
});

t.test('the database is not overwritten', async (t) => {
  const file = `${t.testdir({ 'results.db': 'kept' })}/mine.safetensors`;
  writeFileSync(file, safetensorsOf(model));
  const db = `${t.testdirName}/results.db`;
  const { exitCode: code, err } = await typed('import', file, '--db', db, '-o', db);
  t.equal(code, 2);
  t.match(err, /is the database itself/);
  t.equal(readFileSync(db, 'utf8'), 'kept');
});

t.test('a damaged file leaves nothing behind', async (t) => {
  const file = `${t.testdir()}/mine.safetensors`;
  writeFileSync(file, safetensorsOf(model).subarray(0, 5000));
  const { exitCode: code, out, err } = await typed('import', file, '-o', `${t.testdirName}/start.json`);
  t.equal(code, 65);
  t.equal(out, '');
  t.match(err, /cannot be used: it promises 63640 bytes of numbers.*ERR_MODEL_FILE/);
  t.notOk(existsSync(`${t.testdirName}/start.json`));
});
