/** Verdicts belong to reports: what is decided at a later one does not answer an earlier one. */
import t from 'tap';
import { percentilePruner } from '../../src/prune/percentile.ts';
import { judgeBy } from '../../src/sweep/judge.ts';
import type { Report } from '../../src/trial.ts';

const median = percentilePruner({ percentile: 50, startupTrials: 2, warmupSteps: 0, intervalSteps: 1 });
const reports = (...losses: number[]): Report[] =>
  losses.map((loss, place) => ({ step: place + 1, values: [loss] }));

t.test('a trial that hurries on hears of each report what was decided there', async (t) => {
  const judge = judgeBy(median, { name: 'loss', goal: 'minimise' }, () => {});
  const { signal } = new AbortController();
  judge.hear(1, reports(3, 1));
  judge.hear(3, reports(2, 4, 1));
  const heard = [1, 2, 3].map((step) => judge.decided(3, step, signal));
  t.same(
    [1, 2, 3].map((step) => judge.verdict(3, step)),
    [undefined, undefined, undefined],
  );
  // Frees both rungs at once: the third trial is among the better at the first, and the worst at the second.
  judge.hear(2, reports(3, 1));
  t.same(await Promise.all(heard), ['go on', 'prune', 'prune']);
  t.same(
    [1, 2, 3].map((step) => judge.verdict(3, step)),
    ['go on', 'prune', 'prune'],
  );
});

t.test('who waits where the run stops is told nothing', async (t) => {
  const judge = judgeBy(median, { name: 'loss', goal: 'minimise' }, () => {});
  const abort = new AbortController();
  judge.hear(3, reports(2));
  const heard = judge.decided(3, 1, abort.signal);
  abort.abort();
  t.equal(await heard, undefined);
});

t.test('where the run has stopped already, nobody waits', async (t) => {
  const judge = judgeBy(median, { name: 'loss', goal: 'minimise' }, () => {});
  judge.hear(3, reports(2));
  t.equal(await judge.decided(3, 1, AbortSignal.abort()), undefined);
});

t.test('of a metric that is maximised the higher are the better', async (t) => {
  const judge = judgeBy(median, { name: 'score', goal: 'maximise' }, () => {});
  for (const [index, score] of [5, 3, 2, 4].entries()) judge.hear(index + 1, reports(score));
  t.same(
    [3, 4].map((number) => judge.verdict(number, 1)),
    ['prune', 'go on'],
  );
});

t.test('a report that is told again, by a trial that is tried again, is not heard', async (t) => {
  const late = percentilePruner({ percentile: 50, startupTrials: 2, warmupSteps: 2, intervalSteps: 1 });
  const judge = judgeBy(late, { name: 'loss', goal: 'minimise' }, () => {});
  for (const number of [1, 2]) judge.hear(number, reports(3, 3));
  judge.hear(3, reports(9));
  judge.hear(3, reports(1, 4));
  t.equal(judge.verdict(3, 2), 'prune');
});

t.test('a trial is judged at its first thousand reports', async (t) => {
  const judge = judgeBy(median, { name: 'loss', goal: 'minimise' }, () => {});
  t.equal(judge.rungs.at(-1), 1_000);
});
