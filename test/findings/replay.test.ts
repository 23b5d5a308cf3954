/** Which pruner a run should have had, of any metric and any steps. */
import t from 'tap';
import { prunersFigure } from '../../src/figures/pruners.ts';
import {
  adviceOf,
  type Recorded,
  type ReplayRow,
  replayIfTelling,
  replayOf,
} from '../../src/findings/replay.ts';
import { replayText } from '../../src/terminal/replay.ts';
import type { Report, Trial } from '../../src/trial.ts';

/** How good trial n is in the end: the best one begins as the worst. */
const endOf = (number: number): number => (number === 17 ? 200 : number);
const at = (number: number, step: number): number =>
  number === 17 && step < 30 ? -100 : endOf(number) - 100 / step;

/** Thirty trials that report a score, the higher the better, after 10, 20, ... 100 steps; beside it one that falls. */
function recorded(state: (number: number) => 'done' | 'pruned' | 'failed' = () => 'done'): Recorded {
  const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
  const curveOf = (number: number): Report[] =>
    Array.from({ length: state(number) === 'done' ? 10 : 1 }, (_, index) => {
      const step = 10 * (index + 1);
      return { step, values: [at(number, step), -step] };
    });
  const trialOf = (number: number) => {
    const last = curveOf(number).at(-1);
    return { id: number, number, state: state(number), best: last, last } as unknown as Trial;
  };
  const ranked = numbers.toSorted((a, b) => endOf(b) - endOf(a));
  return {
    standings: ranked.map((number, index) => ({
      rank: state(number) === 'failed' ? null : index + 1,
      trial: trialOf(number),
    })),
    experiment: {
      ...{ id: 1, name: 'scores' },
      metrics: [
        { name: 'score', goal: 'maximise' },
        { name: 'other', goal: 'minimise' },
      ],
    },
    reportsOf: curveOf,
  };
}

t.test('a score to be maximised is pruned where it is low, at steps that are multiples of ten', async (t) => {
  const { rows, steps, trials, cut } = replayOf(recorded());
  t.match({ steps, trials, cut }, { steps: 3000, trials: 30, cut: 0 });
  // Each trial is better than all before it, so only the one that starts low is stopped: at its first report.
  const halvings = rows.filter(({ settings }) => settings.method === 'asha');
  t.equal(halvings.length, 4);
  for (const row of halvings) t.match(row, { pruned: 1, steps: 2910, winner: 30, crowned: 2 });
});

t.test('places are those of the leaderboard; a trial that failed has none and wins nothing', async (t) => {
  const { rows } = replayOf(recorded((number) => (number === 17 ? 'failed' : 'done')));
  t.ok(rows.every(({ crowned }) => crowned !== 1));
});

t.test('nobody is told unasked of few trials, of pruned ones, or of a single step', async (t) => {
  t.ok(replayIfTelling(recorded()));
  t.equal(replayIfTelling(recorded((number) => (number > 19 ? 'failed' : 'done'))), undefined);
  t.equal(replayIfTelling(recorded((number) => (number === 3 ? 'pruned' : 'done'))), undefined);
  const once: Recorded = { ...recorded(), reportsOf: () => [{ step: 1, values: [1, 1] }] };
  t.throws(() => replayOf(once), { code: 'ERR_NOTHING_TO_REPLAY' });
});

t.test('of a run that pruned it is said that more is not known', async (t) => {
  const replayed = replayOf(recorded((number) => (number % 3 === 0 ? 'pruned' : 'done')));
  t.match(
    replayText('table', replayed, { width: 80, colour: false } as never).replaceAll('\n', ' '),
    '10 of the 30 trials were pruned when they ran',
  );
});

t.test('the figure has a bar for each pruner and says which place its winner has', async (t) => {
  const replayed = replayOf(recorded());
  const { table, tips, subtitle } = prunersFigure(replayed);
  t.equal(table?.rows.length, replayed.rows.length);
  t.equal(tips.length, replayed.rows.length);
  t.match(tips[4]?.text, 'trial 30 wins, which is number 2 of all');
  t.match(subtitle, adviceOf(replayed));
});

t.test('pruners that save alike are all named, and none where none saves', async (t) => {
  const row = (name: string, steps: number, crowned: number) =>
    ({ name, steps, crowned, recordedSteps: 100 }) as ReplayRow;
  const adviceFor = (...rows: ReplayRow[]) => adviceOf({ rows });
  const one = row('median', 40, 1);
  t.match(adviceFor(one, row('strict', 10, 2), row('late', 80, 1)), /keep the winner, median saves most$/);
  t.match(adviceFor(one, row('asha', 40, 1)), /keep the winner, these save most, all alike: median; asha$/);
  t.equal(adviceFor(row('late', 100, 1)), 'No pruner that keeps the winner saves a step');
  t.equal(adviceFor(row('strict', 10, 2)), 'Each of these pruners would have stopped the winner');
});
