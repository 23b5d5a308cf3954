import t from 'tap';
import { networkMetrics } from '../../src/metric.ts';
import {
  finishedLine,
  type ProgressState,
  type RunningTrial,
  renderProgress,
  secondsLeft,
  trialSecondsLeft,
} from '../../src/terminal/progress.ts';
import { displayWidth } from '../../src/words/text.ts';
import { byLoss, row } from '../findings/sample-trials.ts';

const running = (number: number, epoch: number): RunningTrial => ({
  id: number,
  number,
  params: { learningRate: 0.001, batchSize: 128 },
  epoch,
  epochs: 100,
  startedAt: 1_000,
  ...(epoch > 0 && { loss: 0.6123, accuracy: 0.8812 }),
});

const state: ProgressState = {
  role: 'search',
  trials: 9,
  finished: 3,
  diverged: 0,
  failed: 0,
  metric: 'validationAccuracy',
  folds: 1,
  metrics: networkMetrics('validationAccuracy'),
  epochsPerTrial: 100,
  threads: 2,
  measured: { epochs: 0, seconds: 0 },
  running: [running(4, 50), running(5, 0)],
};

t.test(
  'a running trial shows its parameters, epoch, loss, accuracy and time left beside a bar',
  async (t) => {
    const [first, second, role] = renderProgress(state, { columns: 140, rows: 24 }, 6_000);
    t.match(
      first,
      /^trial 4 {2}learning rate 0\.001 {2}batch size 128 {2}█{12}░{12} {2}50\/100 {2}loss 0\.6123 {2}accuracy 88\.12 % {2}5 s left$/,
    );
    t.match(second, /^trial 5 .* {2}░{24} {3}0\/100$/);
    // 3 finished trials and half a trial of 9, of 24 characters.
    t.match(role, /^search +█{9}░{15} {2}3 of 9 trials {2}/);
  },
);

t.test('no line is wider than the terminal, however narrow', async (t) => {
  for (let columns = 1; columns <= 150; columns++) {
    const lines = renderProgress(state, { columns, rows: 24 }, 6_000);
    t.ok(Math.max(...lines.map(displayWidth)) < Math.max(2, columns), `${columns} columns`);
  }
});

t.test('eighty columns have room for a bar', async (t) => {
  t.match(renderProgress(state, { columns: 80, rows: 24 }, 6_000)[0], /█+░+ {2}50\/100/);
});

t.test('more trials than the terminal has lines are counted instead of shown', async (t) => {
  const many = { ...state, running: Array.from({ length: 64 }, (_, i) => running(i + 1, 10)) };
  const lines = renderProgress(many, { columns: 120, rows: 10 }, 6_000);
  t.equal(lines.length, 9);
  t.match(lines.at(-1), '56 more running');
});

t.test('the time left of a trial follows its own speed', async (t) => {
  t.equal(trialSecondsLeft(running(1, 25), 6_000), 15);
  t.equal(trialSecondsLeft(running(1, 100), 6_000), 0);
  t.equal(trialSecondsLeft(running(1, 0), 6_000), undefined);
});

t.test('the time left of a phase is its remaining epochs over the threads', async (t) => {
  // 50 epochs took 5 s; 4 waiting trials, 50 and 100 epochs remain: 550 epochs at 0.1 s on 2 threads.
  t.equal(secondsLeft(state, 6_000), 27.5);
  // 100 epochs in 5 s of trials that have ended halve the mean: 150 epochs in 10 s.
  t.equal(secondsLeft({ ...state, measured: { epochs: 100, seconds: 5 } }, 6_000)?.toFixed(3), '18.333');
  t.equal(secondsLeft({ ...state, running: [running(4, 0)] }, 6_000), undefined);
});

t.test('the last trial alone keeps only its own thread busy', async (t) => {
  t.equal(secondsLeft({ ...state, threads: 8, finished: 8, running: [running(9, 50)] }, 6_000), 5);
});

t.test('a clock that stepped back, and a phase of no trials, give no nonsense', async (t) => {
  t.equal(trialSecondsLeft(running(1, 50), 0), 0);
  t.match(
    renderProgress({ ...state, trials: 0, finished: 0, running: [] }, { columns: 80, rows: 24 }, 0)[0],
    /0 of 0/,
  );
});

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
  t.match(
    stopped(1, 'final'),
    /batch size 128, replicate 1\) stopped/,
    'a final training has the rows of all',
  );
});
