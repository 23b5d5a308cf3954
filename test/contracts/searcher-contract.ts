/** What every search method must keep to, whatever it tries next. */
import type { Test } from 'tap';
import { randomStream } from '../../src/random.ts';
import { historyOf } from '../../src/search/history.ts';
import type { Point, Searcher, SeenTrial } from '../../src/search/searcher.ts';
import { misfits } from '../../src/space/misfits.ts';
import type { Space } from '../../src/space/space.ts';
import type { Trial } from '../../src/trial.ts';

const stream = (number: number) => randomStream(1, 'search', number, 0);
const ends = ['done', 'diverged', 'done', 'failed'] as const;
const states = [...ends, 'waiting', 'running', 'stopped'] as const;

/** Points as the trials that they became: the first 30 have ended, later ones are in every state; done ones with a result. */
const asTrials = (points: readonly Point[]): SeenTrial[] =>
  points.map((point, index) => {
    const among = index < 30 ? ends : states;
    const state = among[index % among.length] as Trial['state'];
    const values = [(index * 7) % 5, index];
    return { ...point, state, ...(state === 'done' ? { result: { step: 1, values } } : {}) };
  });

const asked = (searcher: Searcher, points: readonly Point[]): Point | undefined =>
  searcher.ask(historyOf(asTrials(points)), stream(points.length + 1));

const nameOf = (point: Point | undefined): string => JSON.stringify([point?.params, point?.replicate]);

/** Asks trial by trial, with a new searcher each time, until the search is over or has been asked `most` times. */
function searched(searcher: () => Searcher, most: number): Point[] {
  const points: Point[] = [];
  while (points.length < most) {
    const next = asked(searcher(), points);
    if (next === undefined) return points;
    points.push(next);
  }
  return points;
}

/** Histories that a search can meet and nobody hopes for: a name, and how each trial ended. */
const unkind: readonly (readonly [string, (index: number) => Pick<SeenTrial, 'state' | 'result'>])[] = [
  ['all have failed', () => ({ state: 'failed' })],
  ['all have diverged', () => ({ state: 'diverged' })],
  ['nothing is known', () => ({ state: 'running' })],
  ['all are equal', () => ({ state: 'done', result: { step: 1, values: [1, 1] } })],
  [
    'values are huge',
    (index) => ({
      state: 'done',
      result: { step: 1, values: [(index % 2 ? 1 : -1) * Number.MAX_VALUE, -Number.MAX_VALUE] },
    }),
  ],
  [
    'all were pruned',
    (index) => ({ state: 'pruned', result: { step: 1 + (index % 3), values: [index, 0] } }),
  ],
];

/**
 * Holds a method to the promise of search/searcher.ts.
 * @param space what it searches; a search that is over must be so after 60 trials at the latest
 */
export function searcherContract(t: Test, space: Space, searcher: () => Searcher): void {
  const most = 60;
  const isOver = Number.isFinite(searcher().total) && searcher().total <= most;

  t.test('the same history and random stream give the same point', async (t) => {
    const history = searched(searcher, most).slice(0, most / 2);
    t.same(asked(searcher(), history), asked(searcher(), history));
    const once = searcher();
    const other = historyOf(
      asTrials(history).map(({ params, replicate }) => ({ params, replicate, state: 'failed' })),
    );
    once.ask(other, stream(history.length + 1));
    const from = 'nothing is kept from another history of the same points';
    t.same(asked(once, history), asked(searcher(), history), from);
    t.same(asked(once, history), asked(once, history), 'nor from before');
  });

  t.test(
    'every point lies in the space, its parameters in order, and those that do not apply are absent',
    async (t) => {
      const points = searched(searcher, most);
      t.ok(points.length > 1, 'there was something to search');
      for (const { params, replicate } of points) {
        t.same(misfits(space, params), []);
        const names = space.map(({ name }) => name).filter((name) => name in params);
        t.same(Object.keys(params), names);
        t.ok(Number.isInteger(replicate) && replicate >= 0);
      }
    },
  );

  if (isOver)
    t.test(
      'no point is handed out twice, whatever became of it, and there are as many as promised',
      async (t) => {
        const names = searched(searcher, most + 1).map(nameOf);
        t.equal(new Set(names).size, names.length);
        t.equal(names.length, searcher().total);
      },
    );

  t.test('a search goes on as it was after a restart from its history', async (t) => {
    const whole = searched(searcher, most);
    const once = searcher();
    for (const done of whole.keys()) {
      t.equal(nameOf(asked(searcher(), whole.slice(0, done))), nameOf(whole[done]), `after ${done} trials`);
      t.equal(nameOf(asked(once, whole.slice(0, done))), nameOf(whole[done]), 'and without one');
    }
  });

  for (const [name, ended] of unkind)
    t.test(`a search goes on where ${name}`, async (t) => {
      const history = historyOf();
      for (let number = 1; number <= most; number++) {
        const point = searcher().ask(history, stream(number));
        if (point === undefined) {
          t.ok(isOver);
          break;
        }
        t.same(misfits(space, point.params), []);
        history.add({ ...point, ...ended(number) });
      }
    });

  t.test('the history is left as it was', async (t) => {
    const trials = Object.freeze(asTrials(searched(searcher, 20)).map((trial) => Object.freeze(trial)));
    t.doesNotThrow(() => searcher().ask({ ...historyOf(trials), trials }, stream(3)));
  });
}
