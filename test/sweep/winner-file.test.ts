import { existsSync, rmSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { type Model, readModelFile, writeModelFile } from '../../src/model/model-file.ts';
import { trialModel } from '../../src/store/trial-model.ts';
import { winnerFromFile } from '../../src/sweep/winner-file.ts';
import type { DoneTrial, TrialOutcome } from '../../src/trial.ts';
import { result, storeWith, weights } from '../store/example.ts';

/** A trial that is done, whose best weights are all `value`. */
function doneWith(accuracy: number, value: number): TrialOutcome {
  const done = result(accuracy);
  const [best, last] = done.artifacts;
  if (best?.kind !== 'network' || last === undefined) throw new Error('There is no network.');
  return {
    state: 'done',
    result: { ...done, artifacts: [{ ...best, weights: weights([3, 2, 1], () => value) }, last] },
  };
}

/** A run of two trials, the models of both, the winner's first, and one of nowhere. */
function prepared(t: Test) {
  const { store, experimentId } = storeWith(t.testdir(), [doneWith(0.5, 1), doneWith(0.75, 2)]);
  t.teardown(() => store.close());
  const [run] = store.experiments();
  if (run === undefined) throw new Error('There is no run.');
  const [winner, other] = store
    .ranked(experimentId)
    .map((trial) => trialModel(store, run, trial as DoneTrial));
  const remarks: string[] = [];
  const remark = (text: string) => remarks.push(text);
  const file = { store, experimentId, path: `${t.testdirName}/bestmodel.json`, remark };
  const [wanted, former] = [winner as Model, other as Model];
  return { file, remarks, wanted, former, foreign: { ...wanted, weights: weights([3, 2, 1], () => 3) } };
}

t.test(
  'the file is written where there is none, and what it holds is what the run goes on with',
  async (t) => {
    const { file, wanted } = prepared(t);
    t.strictSame(winnerFromFile(file, wanted), wanted);
    t.equal(file.store.modelFileSha256(file.experimentId), wanted.weights.sha256);
    rmSync(file.path);
    t.strictSame(winnerFromFile(file, wanted), wanted);
    t.ok(existsSync(file.path));
  },
);

t.test('what lay there before this run wrote its own is replaced, whatever it is', async (t) => {
  const { file, wanted, foreign } = prepared(t);
  for (const put of [() => writeModelFile(file.path, foreign), () => writeFileSync(file.path, 'no model')]) {
    put();
    t.strictSame(winnerFromFile(file, wanted), wanted);
    t.strictSame(readModelFile(file.path), wanted);
    file.store.recordModelFile(file.experimentId, 'a'.repeat(64));
  }
});

t.test(
  'a model of another database that is replaced is told, one of this database and what is no model are not',
  async (t) => {
    const { file, remarks, wanted, former, foreign } = prepared(t);
    writeFileSync(file.path, 'no model');
    winnerFromFile(file, wanted);
    winnerFromFile(file, wanted);
    file.store.recordModelFile(file.experimentId, 'a'.repeat(64));
    writeModelFile(file.path, former);
    winnerFromFile(file, wanted);
    t.same(remarks, []);
    file.store.recordModelFile(file.experimentId, 'a'.repeat(64));
    writeModelFile(file.path, foreign);
    winnerFromFile(file, wanted);
    t.match(remarks, [
      /bestmodel\.json held a model from another database \(of ".+", trial 2\), and this run's winner has replaced it\./,
    ]);
  },
);

t.test(
  'another model of the database is replaced, and so is one that tells other things of the same weights',
  async (t) => {
    const { file, wanted, former } = prepared(t);
    winnerFromFile(file, wanted);
    for (const found of [
      former,
      { ...wanted, activation: 'tanh' } as const,
      { ...wanted, provenance: null },
    ]) {
      writeModelFile(file.path, found);
      t.strictSame(winnerFromFile(file, wanted), wanted);
      t.strictSame(readModelFile(file.path), wanted);
    }
  },
);

t.test(
  'weights that are not of the database are refused and left there, even where all else agrees',
  async (t) => {
    const { file, wanted, foreign } = prepared(t);
    winnerFromFile(file, wanted);
    writeModelFile(file.path, foreign);
    t.throws(() => winnerFromFile(file, wanted), { code: 'ERR_MODEL_NOT_WINNER' });
    t.strictSame(readModelFile(file.path), foreign);
  },
);
