import t from 'tap';
import { networkMetrics } from '../../src/metric.ts';
import { finishedLine } from '../../src/terminal/finished-line.ts';
import { byLoss, row } from '../findings/sample-trials.ts';

t.test('a finished trial is one plain line in every state', async (t) => {
  const spec = {
    number: 4,
    role: 'search',
    replicate: 0,
    params: { learningRate: 0.001, batchSize: 128 },
  } as const;
  const result = {
    reports: [],
    best: row(87, 0.9032),
    last: row(100, 0.9),
    artifacts: [],
    spans: [],
    seconds: 3.21,
  };
  const count = {
    finished: 3,
    trials: 9,
    metric: 'validationAccuracy',
    folds: 1,
    metrics: networkMetrics('validationAccuracy'),
  } as const;
  const who = '[3/9] trial 4 (learning rate 0.001, batch size 128)';
  t.equal(
    finishedLine(spec, { state: 'done', result }, count),
    `${who} done: best validation accuracy 90.32 % at epoch 87, 3.21 s`,
  );
  t.equal(
    finishedLine({ ...spec, role: 'final' }, { state: 'done', result }, count),
    `${who} done: test accuracy 90.00 % after epoch 100, 3.21 s`,
  );
  const lossDecides = {
    ...count,
    metric: 'validationLoss',
    folds: 1,
    metrics: networkMetrics('validationLoss'),
  } as const;
  const byLossResult = { ...result, best: byLoss(result.best), last: byLoss(result.last) };
  t.equal(
    finishedLine(spec, { state: 'done', result: byLossResult }, lossDecides),
    `${who} done: best validation loss 0.5000, validation accuracy 90.32 % at epoch 87, 3.21 s`,
    'the loss where it decided',
  );
  t.equal(
    finishedLine(spec, { state: 'diverged', step: 7, reports: [], seconds: 1 }, count),
    `${who} diverged at epoch 7, 1.00 s`,
  );
  t.equal(
    finishedLine(
      { ...spec, replicate: 2 },
      { state: 'failed', code: 'X', reason: 'no\nmemory', reports: [], seconds: 1 },
      count,
    ),
    '[3/9] trial 4 (learning rate 0.001, batch size 128, replicate 2) failed: no …, 1.00 s',
  );
  const stopped = (replicate: number, role: 'search' | 'final' = 'search') =>
    finishedLine(
      { ...spec, role, replicate },
      { state: 'stopped', checkpoint: undefined, seconds: 1 },
      { ...count, folds: 3 },
    );
  t.match(stopped(0), /batch size 128, fold 0\) stopped/, 'with folds each trial is told by its own');
  t.match(
    stopped(5),
    /batch size 128, fold 2, replicate 5\) stopped/,
    'and where each fold has several, by both',
  );
  t.match(stopped(1, 'final'), /batch size 128\) stopped/, 'a final training has the rows of all');
});
