import { PassThrough } from 'node:stream';
import t from 'tap';
import { experimentsAs, type ListedExperiment } from '../../src/terminal/experiment-list.ts';
import { experiment } from '../findings/example-results.ts';

const counts = { waiting: 1, running: 0, done: 2, diverged: 1, failed: 1, stopped: 3, paused: 0, pruned: 0 };
const listed = (changes: Partial<ListedExperiment>): ListedExperiment => ({
  ...{ ...experiment(), counts, revision: '1', state: 'stopped' },
  best: {
    id: 2,
    number: 2,
    epoch: 8,
    params: { learningRate: 0.1, batchSize: 16 },
    accuracy: 0.9333,
    loss: 0.3544,
  },
  final: null,
  ...changes,
});

t.test('a trial that was stopped has not ended', async (t) => {
  const [row] = JSON.parse(experimentsAs('json', [listed({})]));
  t.match(row, { ended: 4, trials: 8 }, 'as status counts them');
});

t.test('the metric that decided is not left out of a narrow table', async (t) => {
  const at = (metric: ListedExperiment['metric']) =>
    experimentsAs('table', [listed({ metric })], { stream: new PassThrough(), width: 66 });
  t.match(at('validationLoss'), '0.3544');
  t.notMatch(at('validationLoss'), '93.33 %');
  t.notMatch(at('validationAccuracy'), '0.3544');
  t.match(at('validationAccuracy'), '93.33 %');
});
