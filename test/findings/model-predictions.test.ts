import t from 'tap';
import { findData } from '../../src/data/find-data.ts';
import { misreadRows, predictionsOf } from '../../src/findings/model-predictions.ts';
import { decisive } from '../../src/metric.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

/** Dense pictures take the other kernel. */
for (const inkShare of ['sparse', 'dense'] as const) {
  t.test(`the rows predicted right are those that the training counted (${inkShare} rows)`, async (t) => {
    const folder = t.testdir();
    writeTinyIdx(folder, {
      train: 200,
      test: 301,
      rows: inkShare === 'sparse' ? 8 : 3,
      columns: inkShare === 'sparse' ? 8 : 3,
    });
    const ranges = { train: [0, 100], validation: [100, 200], test: [0, 301] } as const;
    const database = `${folder}/results.db`;
    const classNames = ['shirt', 'boot', 'bag'];
    const data = { source: 'idx', folder, classNames, ...ranges } as const;
    const { experimentId, final } = await runSweep(
      {
        name: 'small',
        data,
        model: { hidden: [3] },
        training: { epochs: 2 },
        space: { learningRate: [0.05], batchSize: [16] },
        final: { epochs: 2 },
      },
      { database, threads: 1 },
    );
    const results = openReadOnly(database);
    t.teardown(() => results.close());
    const [experiment] = results.experiments();
    if (final?.state !== 'done' || experiment === undefined) throw new Error('nothing was trained');
    t.equal(experiment.id, experimentId);
    const found = await findData({ ...data, pixels: '0-1' }, experiment.dataHash ?? '', ['/nowhere', folder]);
    const weights = results.weights(final.id, 'last');
    if ('reason' in found || found.data.test === undefined || weights === undefined)
      throw new Error('no data');
    const predictions = predictionsOf(found.data, found.data.test, {
      ...{ weights, activation: 'sigmoid', output: 'sigmoid' },
    });
    t.same(predictions.classes, classNames);
    const correct = results.correct(final.id) as Uint8Array;
    for (const [row, label] of predictions.labels.entries()) {
      const isRight = ((correct[row >> 3] as number) >> (row & 7)) & 1;
      t.equal(predictions.predicted[row] === label, isRight === 1, `row ${row}`);
    }
    const wrong = misreadRows(predictions);
    t.equal(wrong.length, Math.round(301 * (1 - decisive(final.last))));
    const sureness = wrong.map((row) => predictions.confidence[row] as number);
    t.same(
      sureness,
      sureness.toSorted((a, b) => b - a),
      'the surest mistakes first',
    );
    t.ok(predictions.confidence.every((value) => value > 0 && value <= 1));
  });
}

t.test('data that has changed, or is gone, is a reason and no error', async (t) => {
  const folder = t.testdir();
  writeTinyIdx(folder);
  const options = {
    source: 'idx',
    folder: '.',
    train: [0, 50],
    validation: [50, 100],
    pixels: '0-1',
  } as const;
  t.match(await findData(options, 'another hash', [folder]), { reason: /has changed since it was run/ });
  t.match(await findData({ ...options, folder: 'gone' }, 'hash', [folder]), { reason: /There is no folder/ });
});
