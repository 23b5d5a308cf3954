import t from 'tap';
import { Ahead, patienceFor } from '../../src/sweep/ahead.ts';

t.test(
  'what trials lie ready is 100 ms of work a seat, as the last trials took it: one at least below 5 s, and 64 at most',
  (t) => {
    const ahead = new Ahead();
    t.equal(ahead.room(2), 0, 'nothing is known yet');
    ahead.took(400);
    t.equal(ahead.room(2), 1, 'the boot of a thread');
    for (let trial = 0; trial < 20; trial++) ahead.took(4);
    t.equal(ahead.room(1), 24);
    t.equal(ahead.room(2), 49);
    for (let trial = 0; trial < 20; trial++) ahead.took(0.1);
    t.equal(ahead.room(2), 64);
    ahead.took(2_000);
    t.equal(ahead.room(2), 1, 'one that takes long is enough');
    t.end();
  },
);

t.test('a group waits as long as seats have work, half as long as a flush where they soon will not', (t) => {
  t.equal(patienceFor(8, { atWork: 0, waiting: 5 }), 0);
  t.equal(patienceFor(2, { atWork: 2, waiting: 5 }), 16);
  t.equal(patienceFor(80, { atWork: 2, waiting: 5 }), 20);
  t.equal(patienceFor(1, { atWork: 2, waiting: 1 }), 0.5, 'the one that lies ready of trials that take long');
  t.equal(patienceFor(1, { atWork: 2, waiting: 0 }), 0.5);
  t.equal(patienceFor(80, { atWork: 2, waiting: 0 }), 2);
  t.end();
});
