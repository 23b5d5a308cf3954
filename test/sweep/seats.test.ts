import t from 'tap';
import { Seats } from '../../src/sweep/seats.ts';

const noSignal = new AbortController().signal;

t.test('a seat is there again once it was given back, and twice given back is once', async (t) => {
  const seats = new Seats(() => 2, noSignal);
  const one = seats.take();
  seats.take();
  t.notOk(seats.hasRoom());
  one.free();
  t.ok(seats.hasRoom());
  seats.take();
  one.free();
  t.notOk(seats.hasRoom(), "it is another's by now");
});

t.test('the lowest number that waits comes first, unless one that is still to begin is lower', async (t) => {
  const seats = new Seats(() => 1, noSignal);
  const taken = seats.take();
  const sat: number[] = [];
  const sitting = [5, 3].map(async (number) => {
    const seat = seats.later();
    if (await seat.sit(number)) sat.push(number);
    return seat;
  });
  t.equal(seats.waiting, 2);
  taken.free();
  t.notOk(seats.giveBefore(2), 'number 2 begins before');
  t.ok(seats.giveBefore(4));
  (await sitting[1])?.free();
  t.same(sat, [3]);
  t.ok(seats.giveBefore(undefined));
  await sitting[0];
  t.same(sat, [3, 5]);
  t.notOk(seats.hasRoom());
  t.equal(seats.waiting, 0);
});

t.test('who has a seat waits for none, and nobody waits where the run stops', async (t) => {
  const stop = new AbortController();
  const seats = new Seats(() => 1, stop.signal);
  t.ok(await seats.take().sit(1));
  const waits = seats.later().sit(2);
  stop.abort();
  t.notOk(await waits);
  t.equal(seats.waiting, 0, 'and its place in the row is gone');
  t.notOk(await seats.later().sit(3), 'nor once it has stopped');
});

t.test(
  'whoever waits for news is woken by a seat that is given back, and by one that is wanted',
  async (t) => {
    const seats = new Seats(() => 1, noSignal);
    const taken = seats.take();
    const wanted = seats.news();
    const waits = seats.later().sit(1);
    await wanted;
    const free = seats.news();
    taken.free();
    await free;
    seats.giveBefore(undefined);
    t.ok(await waits);
  },
);
