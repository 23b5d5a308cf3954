import t from 'tap';
import { type Course, followSight, type Seen, type SightOptions, seenUpTo } from '../../src/search/sight.ts';

const report = (step: number) => ({ step, values: [1 / step] });
const course = (steps: number, end?: Course['end']): Course => ({
  reports: Array.from({ length: steps }, (_, index) => report(index + 1)),
  end,
});
const plain = (lag: number) => ({ lag, growth: 1, rung: () => undefined });
/** Rungs after 1, 3 and 9 steps. */
const ladder = (lag: number) => ({ lag, growth: 3, rung: (index: number) => [1, 3, 9][index] });

/** What proposal `number` is shown of one lower trial, the others being done. */
function seenFrom(options: SightOptions, number: number, lower: number, one: Course): Seen | undefined {
  let shown: Seen | undefined;
  const sight = followSight(
    options,
    (at) => (at === lower ? one : course(20, 'done')),
    (at, seen) => {
      if (at === lower) shown = seen;
    },
  );
  t.ok(sight.opens(number));
  return shown;
}

t.test(
  'a proposal sees how a trial ended from the lag on, and before that its parameters only',
  async (t) => {
    const done = course(5, 'done');
    t.equal(seenFrom(plain(4), 13, 10, done), undefined);
    t.same(seenFrom(plain(4), 14, 10, done), { state: 'done', result: report(5) });
  },
);

t.test('with a ladder of rungs a trial is seen at rung r from lag * factor^r numbers on', async (t) => {
  const done = course(20, 'done');
  const seen = [1, 2, 5, 6, 17, 18, 53, 54].map((distance) => seenFrom(ladder(2), 100, 100 - distance, done));
  const at = (step: number): Seen => ({ state: 'running', result: report(step) });
  const end: Seen = { state: 'done', result: report(20) };
  t.same(seen, [undefined, at(1), at(1), at(3), at(3), at(9), at(9), end]);
});

t.test('a trial that ended before a rung is seen as it ended', async (t) => {
  t.same(seenUpTo(3, course(2, 'pruned')), { state: 'pruned', result: report(2) });
  t.same(seenUpTo(3, course(2, 'diverged')), { state: 'diverged' });
  t.same(seenUpTo(3, course(0, 'failed')), { state: 'failed' });
  t.same(seenUpTo(3, course(0, 'done')), { state: 'failed' }, 'without a report there is nothing to compare');
});

t.test(
  'at the rung itself an end is not seen yet: whether it is known would be a matter of time',
  async (t) => {
    for (const end of ['pruned', 'done', undefined] as const)
      t.same(seenUpTo(2, course(2, end)), { state: 'running', result: report(2) });
  },
);

t.test('a proposal waits for the trials that it sees, and for no other', async (t) => {
  const courses = [course(1), course(0), course(0)];
  const shown: [number, Seen][] = [];
  const sight = followSight(
    plain(2),
    (number) => courses[number - 1] as Course,
    (...news) => shown.push(news),
  );
  t.ok(sight.opens(1));
  t.ok(sight.opens(2), 'nothing is seen within the lag');
  t.notOk(sight.opens(3), 'trial 1 has not ended');
  courses[0] = course(1, 'done');
  t.ok(sight.opens(3));
  t.same(shown, [[1, { state: 'done', result: report(1) }]]);
  t.notOk(sight.opens(4));
  t.ok(sight.opens(3), 'what is open stays open');
  t.equal(shown.length, 1, 'nothing is told twice');
});

t.test('without a pruner fewer trials than the lag are open when the next one is proposed', async (t) => {
  const courses: Course[] = [];
  const sight = followSight(
    plain(5),
    (number) => courses[number - 1] as Course,
    () => undefined,
  );
  for (let number = 1; sight.opens(number); number++) courses.push(course(1));
  t.equal(courses.length, 5);
});

t.test(
  'a search of 10,000 proposals looks at one trial a rung and proposal, also when it is resumed',
  async (t) => {
    let looks = 0;
    const done = course(20, 'done');
    const follow = () =>
      followSight(
        ladder(16),
        () => {
          looks++;
          return done;
        },
        () => undefined,
      );
    const sight = follow();
    for (let number = 1; number <= 10_000; number++) t.ok(sight.opens(number) || number);
    t.ok(looks <= 4 * 10_000, `${looks} looks`);
    looks = 0;
    t.ok(follow().opens(10_000));
    t.ok(looks <= 4 * 10_000, `${looks} looks on resuming`);
  },
);
