import t from 'tap';
import { drawnText, thinned } from '../../src/figures/thinned.ts';

const all = Array.from({ length: 5000 }, (_, rank) => rank);

t.test('a part of many has the first, is spread over all, and is said in words', (t) => {
  const drawn = thinned(all, 600);
  t.equal(drawn.length, 600);
  t.equal(drawn[0], 0);
  t.ok(drawn.every((rank, index) => index === 0 || rank - (drawn[index - 1] as number) <= 9));
  t.ok((drawn.at(-1) as number) > 4990);
  t.equal(drawnText(drawn, all), '; 600 of 5,000 trials are drawn');
  t.equal(drawnText(drawn, all, 'beaten trials'), '; 600 of 5,000 beaten trials are drawn');
  t.end();
});

t.test('few are drawn whole, and nothing is said', (t) => {
  t.same(thinned([3, 1, 2], 600), [3, 1, 2]);
  t.same(thinned([], 600), []);
  t.equal(drawnText([3, 1, 2], [3, 1, 2]), '');
  t.end();
});
