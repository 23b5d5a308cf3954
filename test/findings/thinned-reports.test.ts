import t from 'tap';
import { thinnedReports } from '../../src/findings/thinned-reports.ts';
import type { DoneTrial, Trial } from '../../src/trial.ts';

const reports = Array.from({ length: 1000 }, (_, index) => ({ step: index + 1, values: [0] }));
const stepsOf = (trial: Partial<Trial>, most: number, curve = reports) =>
  thinnedReports({ trial: () => trial as Trial, reports: () => curve }, 1, most).map(({ step }) => step);
const done: Partial<DoneTrial> = { state: 'done', best: { step: 777, values: [0] } };

t.test('a long curve is thinned evenly, with its first, its best and its last report', async (t) => {
  const steps = stepsOf(done, 100);
  t.equal(steps.length, 102);
  t.match(steps.slice(0, 3), [1, 11, 21]);
  t.ok(steps.includes(777));
  t.equal(steps.at(-1), 1000);
  t.equal(stepsOf({ state: 'diverged' }, 100).length, 101, 'of a trial without a best one too');
});

t.test('a curve that is short enough stays whole', async (t) => {
  t.equal(stepsOf(done, 5000).length, 1000);
  t.same(stepsOf(done, 100, []), []);
});
