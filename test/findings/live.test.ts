import t from 'tap';
import { readyAmong } from '../../src/findings/live.ts';

const recorded = (...numbers: number[]) => numbers.map((number) => ({ id: number + 10, number }));
const told = (threads: number, ...numbers: number[]) => ({
  ...{ elapsed: 1, left: null, threads },
  trials: recorded(...numbers).map(({ id }) => ({ id, epochs: 0, elapsed: 1, left: null, curve: [] })),
});
const ready = (...asked: Parameters<typeof readyAmong>) => [...readyAmong(...asked)].sort();

t.test('of trials that are recorded as running those lie ready for whom there is no thread', async (t) => {
  t.same(ready(recorded(1, 2, 3), told(2, 1, 2)), [13]);
  t.same(ready(recorded(3, 2, 1), told(2, 2)), [13], 'a lower number sits first, told or not');
  t.same(ready(recorded(5, 6, 7, 8), told(2, 1, 2)), [17, 18], 'what was told has ended since');
});

t.test('who sits does not lie ready', async (t) => {
  t.same(ready(recorded(1, 2), told(2, 1)), [], 'there is a thread for the second');
  t.same(ready(recorded(1, 2, 3), told(2, 1, 2, 3)), [], 'three share two threads');
  t.same(ready(recorded(2), told(1, 1, 2, 3)), []);
  t.same(ready([], told(1)), []);
  t.same(ready(recorded(1, 2, 3), undefined), [], 'where nothing is told');
});
