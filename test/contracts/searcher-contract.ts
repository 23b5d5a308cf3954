/** What every search method must keep to, whatever it tries next. */
import type { Test } from 'tap';
import { randomStream } from '../../src/random.ts';
import type { Point, Searcher } from '../../src/search/searcher.ts';
import type { Trial } from '../../src/trial.ts';

type Asked = Parameters<Searcher['ask']>[0][number];

const stream = () => randomStream(1, 'search', 0, 0);
const states: readonly Trial['state'][] = ['waiting', 'running', 'done', 'diverged', 'failed', 'stopped'];

/** Points as the trials that they became, in every state in turn. */
const asTrials = (points: readonly Point[]): Asked[] =>
  points.map((point, index) => ({ ...point, state: states[index % states.length] as Trial['state'] }));

const nameOf = ({ params, replicate }: Point): string => JSON.stringify([params, replicate]);

/** Asks `step` points at a time, with a new searcher each time, until there are none; at most `most` questions. */
function searched(searcher: () => Searcher, step: number, most = 1000): Point[] {
  const points: Point[] = [];
  for (let question = 0; question < most; question++) {
    const next = searcher().ask(asTrials(points), stream(), step);
    if (next.length === 0) return points;
    points.push(...next);
  }
  throw new Error(`The search is not over after ${most} questions.`);
}

/** Holds a method to the promise of search/searcher.ts; its space must be small enough to be searched whole. */
export function searcherContract(t: Test, searcher: () => Searcher): void {
  t.test('the same history and random stream give the same points', async (t) => {
    const history = asTrials(searcher().ask([], stream(), 2));
    t.same(searcher().ask(history, stream(), 3), searcher().ask(history, stream(), 3));
    const once = searcher();
    t.same(once.ask(history, stream(), 3), once.ask(history, stream(), 3), 'nothing is kept from before');
  });

  t.test('no point is handed out twice, whatever became of it', async (t) => {
    const names = searched(searcher, 1).map(nameOf);
    t.equal(new Set(names).size, names.length);
    t.ok(names.length > 1, 'there was something to search');
  });

  t.test('a search goes on as it was after a restart from its history', async (t) => {
    const whole = searched(searcher, 2);
    for (const done of whole.keys()) {
      const rest = searcher().ask(asTrials(whole.slice(0, done)), stream(), 1);
      t.equal(nameOf(rest[0] as Point), nameOf(whole[done] as Point), `after ${done} trials`);
    }
  });

  t.test('at most as many points are given as asked for, and none for a limit of 0', async (t) => {
    for (const limit of [0, 1, 2, 3]) {
      t.ok(searcher().ask([], stream(), limit).length <= limit, `limit ${limit}`);
    }
  });

  t.test('the history is left as it was', async (t) => {
    const history = asTrials(searcher().ask([], stream(), 2)).map((trial) => Object.freeze(trial));
    t.doesNotThrow(() => searcher().ask(Object.freeze(history), stream(), 2));
  });
}
