/** What every search method must keep to, whatever it tries next. */
import type { Test } from 'tap';
import { randomStream } from '../../src/random.ts';
import { historyOf } from '../../src/search/history.ts';
import type { Point, Searcher, SeenTrial } from '../../src/search/searcher.ts';
import type { Trial } from '../../src/trial.ts';

const stream = (number: number) => randomStream(1, 'search', number, 0);
const states: readonly Trial['state'][] = ['waiting', 'running', 'done', 'diverged', 'failed', 'stopped'];

/** Points as the trials that they became, in every state in turn. */
const asTrials = (points: readonly Point[]): SeenTrial[] =>
  points.map((point, index) => ({ ...point, state: states[index % states.length] as Trial['state'] }));

const asked = (searcher: Searcher, points: readonly Point[]): Point | undefined =>
  searcher.ask(historyOf(asTrials(points)), stream(points.length + 1));

const nameOf = (point: Point | undefined): string => JSON.stringify([point?.params, point?.replicate]);

/** Asks trial by trial, with a new searcher each time, until the search is over; at most `most` times. */
function searched(searcher: () => Searcher, most = 1000): Point[] {
  const points: Point[] = [];
  while (points.length <= most) {
    const next = asked(searcher(), points);
    if (next === undefined) return points;
    points.push(next);
  }
  throw new Error(`The search is not over after ${most} questions.`);
}

/** Holds a method to the promise of search/searcher.ts; its space must be small enough to be searched whole. */
export function searcherContract(t: Test, searcher: () => Searcher): void {
  t.test('the same history and random stream give the same point', async (t) => {
    const history = searched(searcher).slice(0, 2);
    t.same(asked(searcher(), history), asked(searcher(), history));
    const once = searcher();
    t.same(asked(once, history), asked(once, history), 'nothing is kept from before');
  });

  t.test(
    'no point is handed out twice, whatever became of it, and there are as many as promised',
    async (t) => {
      const names = searched(searcher).map(nameOf);
      t.equal(new Set(names).size, names.length);
      t.equal(names.length, searcher().total);
      t.ok(names.length > 1, 'there was something to search');
    },
  );

  t.test('a search goes on as it was after a restart from its history', async (t) => {
    const whole = searched(searcher);
    for (const done of whole.keys())
      t.equal(nameOf(asked(searcher(), whole.slice(0, done))), nameOf(whole[done]), `after ${done} trials`);
  });

  t.test('the history is left as it was', async (t) => {
    const trials = Object.freeze(
      asTrials(searched(searcher).slice(0, 2)).map((trial) => Object.freeze(trial)),
    );
    t.doesNotThrow(() => searcher().ask({ ...historyOf(trials), trials }, stream(3)));
  });
}
