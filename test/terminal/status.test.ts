import { PassThrough } from 'node:stream';
import t from 'tap';
import { statusOf } from '../../src/findings/status.ts';
import { statusText } from '../../src/terminal/status.ts';
import { experiment, resultsOf, trial } from '../findings/example-results.ts';

t.test('a trial whose epochs were trained on several threads is listed once, by its end', async (t) => {
  const spans = [
    { trialId: 1, session: 1, thread: 0, from: 0, to: 2 },
    { trialId: 2, session: 1, thread: 1, from: 0, to: 3 },
    { trialId: 1, session: 1, thread: 1, from: 3, to: 4 },
    { trialId: 3, session: 1, thread: 0, from: 2, to: 5 },
    { trialId: 3, session: 1, thread: 1, from: 4, to: 5 },
  ];
  const results = resultsOf([trial(1), trial(2), trial(3)], { spans });
  const status = statusOf(results, experiment(), 'done', undefined, 0);
  t.same(
    status.rows.map((row) => row.trial.number),
    [3, 1, 2],
    'the latest first',
  );
  const paper = { stream: new PassThrough(), width: Number.POSITIVE_INFINITY };
  t.equal(statusText('csv', status, paper).split('\r\n').length, 4);
});

t.test(
  'trials of which no end is recorded, as of failed ones, stand among the others by their numbers',
  async (t) => {
    const failed = (number: number) => trial(number, { state: 'failed', code: 'ERR_TRIAL', reason: 'no' });
    const numbers = (...trials: ReturnType<typeof trial>[]) => {
      const spans = [4, 2].map((trialId) => ({ trialId, session: 1, thread: 0, from: 0, to: 2 }));
      const timed = spans.filter(({ trialId }) =>
        trials.some(({ id, state }) => id === trialId && state === 'done'),
      );
      const { rows } = statusOf(resultsOf(trials, { spans: timed }), experiment(), 'done', undefined, 0);
      return rows.map((row) => row.trial.number);
    };
    t.same(numbers(...[1, 2, 3, 4, 5, 6, 7].map(failed)), [7, 6, 5, 4, 3]);
    t.same(numbers(failed(1), trial(2), failed(3), trial(4), failed(5), failed(6)), [6, 5, 3, 2, 4]);
    t.same(numbers(trial(2), failed(3), trial(4)), [3, 2, 4]);
  },
);

const wide = () => ({ stream: new PassThrough(), width: Number.POSITIVE_INFINITY });

t.test(
  'what a killed process last told of a trial says nothing of one that is done, nor when one would end',
  async (t) => {
    const told = (id: number) => ({ id, epochs: 10, elapsed: 3, left: 1, curve: [] });
    const live = { elapsed: 3, left: 1, trials: [told(1), told(2)], threads: 2 };
    const spans = [{ trialId: 1, session: 1, thread: 0, from: 0, to: 2 }];
    const trials = [trial(1), trial(2, { state: 'running' })];
    const status = statusOf(resultsOf(trials, { spans }), experiment(), 'interrupted', live, 0);
    const [cut, done] = JSON.parse(statusText('json', status, wide()));
    t.match(done, { trial: 1, state: 'done', secondsLeft: null });
    t.match(cut, { trial: 2, state: 'interrupted', secondsLeft: null });
    const text = statusText('table', status, wide());
    t.notMatch(text, '8/10', 'its best epoch, of no other number');
    t.notMatch(text, ' left ');
  },
);

t.test('a trial that lies ready is neither counted nor listed as running', async (t) => {
  const trials = [trial(1), ...[2, 3, 4].map((number) => trial(number, { state: 'running' }))];
  const told = (id: number) => ({ id, epochs: 10, elapsed: 3, left: 1, curve: [] });
  const live = { elapsed: 3, left: 1, trials: [told(2), told(3)], threads: 2 };
  const status = statusOf(resultsOf(trials), experiment(), 'running', live, 0);
  t.match(status.counts, { done: 1, running: 2, waiting: 1 });
  t.same(
    status.rows.map((row) => row.trial.number),
    [2, 3, 1],
  );
  t.match(statusText('table', status, wide()), '1 of 4 trials, 2 running\n');
  const cut = statusOf(resultsOf(trials), experiment(), 'interrupted', live, 0);
  t.match(statusText('table', cut, wide()), '3 interrupted', 'the next run goes on with each of them');
});

t.test('the final training stands beside the trials of the search', async (t) => {
  const trials = [trial(1), trial(2, { role: 'final', state: 'running' })];
  const text = (state: 'running' | 'interrupted') =>
    statusText('table', statusOf(resultsOf(trials), experiment(), state, undefined, 0), wide());
  t.match(text('running'), '\n1 of 1 trials, final training running\n');
  t.match(text('interrupted'), '\n1 of 1 trials, final training interrupted\n');
});

t.test('a run that is done has a winner, one that may go on a winner so far', async (t) => {
  const results = resultsOf([trial(1)]);
  const lines = (state: 'done' | 'stopped') =>
    statusText('table', statusOf(results, experiment(), state, undefined, 0), wide()).split('\n');
  t.match(lines('done')[0], /done in 12\.50 s$/);
  t.match(lines('done')[2], /^winner: trial 1, /);
  t.match(lines('stopped')[0], /stopped after 12\.50 s$/);
  t.match(lines('stopped')[2], /^winner so far: trial 1, /);
});

t.test('a run that is done without a result waits for none', async (t) => {
  const results = resultsOf([trial(1, { state: 'failed' })]);
  const text = statusText('table', statusOf(results, experiment(), 'done', undefined, 0), wide());
  t.match(text, 'winner: none, for no trial has a result');
});

t.test('replicates are told apart, in the table and as winner', async (t) => {
  const spans = [{ trialId: 2, session: 1, thread: 0, from: 0, to: 2 }];
  const status = statusOf(
    resultsOf([trial(2, { replicate: 1 })], { spans }),
    experiment(),
    'done',
    undefined,
    0,
  );
  t.match(JSON.parse(statusText('json', status, wide())), [{ trial: 2, replicate: 1 }]);
  const text = statusText('table', status, wide());
  t.match(text, '│ replicate │');
  t.match(text, /^winner: trial 2, learning rate 0\.01, batch size 128, replicate 1: /m);
});
