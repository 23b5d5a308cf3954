/** Its flag holds for the whole process, which is why these tests have a file, and so a process, of their own. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { useWideVectors } from '../../src/commands/wide-vectors.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { typed } from './command-line.ts';

const paper = fileURLToPath(new URL('../../experiments/paper.ts', import.meta.url));
const pins = JSON.parse(readFileSync(new URL('../pins/paper-hashes.json', import.meta.url), 'utf8'));
const refused = { code: 'ERR_WIDE_VECTORS', exitCode: 2 };

t.test('256-bit vectors are refused, in words, where there are none or none were tried', async (t) => {
  t.throws(() => useWideVectors('arm64'), { ...refused, message: /this is arm64/ });
  t.throws(() => useWideVectors('x64', '12.4.254.21-node.27'), { ...refused, message: /Node 24 to 26/ });
  t.throws(() => useWideVectors('x64', '15.0.1'), { ...refused, message: /never tried with V8 15/ });
});

const isHere = process.arch === 'x64' && /^(?:13|14)\./.test(process.versions.v8);
const reason = isHere ? false : `no 256-bit vectors in V8 ${process.versions.v8} on ${process.arch}`;

t.test('a run with 256-bit vectors says so and gives the bits of the paper', { skip: reason }, async (t) => {
  const db = `${t.testdir()}/results.db`;
  const sets = ['--set', 'training.epochs=2', '--phase', '1', '--db', db];
  const { exitCode, err } = await typed('run', paper, '--wide-vectors', ...sets);
  t.equal(exitCode, 0, err);
  t.match(err, /^256-bit vectors are on/);
  const results = openReadOnly(db);
  const hashes = results
    .trials(1)
    .map((trial) => (trial.state === 'done' ? trial.artifacts.last : trial.state));
  results.close();
  t.same(
    hashes,
    pins.runs[0].search.map(({ last }: { last: string }) => last),
  );
});

t.test('wide layers pass the check against the reference too', { skip: reason }, async (t) => {
  const db = `${t.testdir()}/results.db`;
  const sets = ['model.hidden=128,36', 'training.epochs=10', 'data.validation=50000,50500'];
  const { exitCode, err } = await typed(
    ...(['run', paper, '--wide-vectors', '--phase', '1', '--db', db] as const),
    ...[...sets, 'space.learningRate=0.001', 'space.batchSize=128'].flatMap((set) => ['--set', set]),
  );
  t.equal(exitCode, 0, err);
});
