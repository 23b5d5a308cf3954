import { PassThrough } from 'node:stream';
import t from 'tap';
import { statusOf, statusText } from '../../src/report/status.ts';
import { experiment, resultsOf, trial } from './example-results.ts';

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
