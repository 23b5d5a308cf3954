import t from 'tap';
import { decisive } from '../../src/metric.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { planFor, randomRows, trainHere } from './in-process.ts';

const ones = (bits: Uint8Array | undefined): number =>
  [...(bits ?? [])].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);

/** 270 and 300 rows to evaluate: more than one block of 256, and no whole number of bytes. */
async function smallSweep(folder: string, threads: number) {
  writeTinyIdx(folder, { train: 400, test: 303 });
  const database = `${folder}/${threads}/results.db`;
  const { experimentId } = await runSweep(
    {
      name: 'small',
      data: { source: 'idx', folder, train: [0, 130], validation: [130, 400], test: [0, 303] },
      model: { hidden: [4] },
      training: { epochs: 6 },
      space: { learningRate: [0.003, 0.3], batchSize: [16, 64] },
      final: { epochs: 3 },
    },
    { database, threads },
  );
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  return { results, experimentId, trials: results.trials(experimentId) };
}

t.test(
  'the stored rows are those that the best weights of phase 1, and the last of phase 2, get right',
  async (t) => {
    const { results, trials } = await smallSweep(t.testdir(), 2);
    t.equal(trials.length, 5);
    for (const trial of trials) {
      if (trial.state !== 'done') throw new Error(trial.state);
      const evaluationAccuracy = decisive(trial.role === 'search' ? trial.best : trial.last);
      const rows = trial.role === 'search' ? 270 : 303;
      const correct = results.correct(trial.id);
      t.equal(correct?.length, Math.ceil(rows / 8));
      t.equal(
        ones(correct),
        Math.round(evaluationAccuracy * rows),
        `role ${trial.role}, trial ${trial.number}`,
      );
    }
  },
);

t.test('they are those of the model: of the best epoch, or of the last one', async (t) => {
  const data = randomRows();
  const settings = { epochs: 20, params: { learningRate: 0.5, batchSize: 8 } };
  const { validation } = data;
  const rows = validation.to - validation.from;
  const rightOf = (modelEpoch: 'best' | 'last') => {
    const { correct, curve, bestEpoch } = trainHere(data, planFor(data, { ...settings, modelEpoch }));
    const rightAt = (epoch: number) => Math.round((curve[epoch - 1]?.evaluationAccuracy ?? 0) * rows);
    return { found: ones(correct), best: rightAt(bestEpoch), last: rightAt(settings.epochs) };
  };
  const [best, last] = [rightOf('best'), rightOf('last')];
  t.not(best.best, best.last, 'it can be told apart');
  t.equal(best.found, best.best);
  t.equal(last.found, last.last);
});

t.test(
  'every done trial has a span on one of the threads, and no thread does two things at once',
  async (t) => {
    const { results, experimentId, trials } = await smallSweep(t.testdir(), 2);
    const spans = results.spans(experimentId);
    t.same(new Set(spans.map(({ trialId }) => trialId)), new Set(trials.map(({ id }) => id)));
    for (const thread of [0, 1]) {
      const own = spans.filter((span) => span.thread === thread).sort((a, b) => a.from - b.from);
      for (const [i, { from, to }] of own.entries()) {
        t.ok(from >= (own[i - 1]?.to ?? 0) - 1e-3 && to > from, JSON.stringify(own));
      }
    }
  },
);

t.test('the number of threads does not change which rows are right', async (t) => {
  const [one, two] = [await smallSweep(t.testdir(), 1), await smallSweep(t.testdir(), 2)];
  for (const [i, { id }] of one.trials.entries()) {
    t.same(one.results.correct(id), two.results.correct(two.trials[i]?.id as number));
  }
});
