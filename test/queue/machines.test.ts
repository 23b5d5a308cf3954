import t from 'tap';
import { Machines } from '../../src/queue/machines.ts';
import { protocol } from '../../src/queue/protocol.ts';

const hash = 'ab'.repeat(32);
const study = {
  ...{ protocol, version: '0.2.0', id: '0123456789abcdef', name: 'paper', host: 'b', publicKey: '' },
  service: { kind: 'network', hash },
} as const;
const card = (id: string, threads = 2) => ({
  ...{ protocol, version: '0.2.0', id, host: id, pid: 1, node: '24.0.0', threads },
  ...{ arithmetic: hash, objectives: [] },
});

const atNothing = () => [];

t.test('who has said that it leaves has left, and who is silent was lost', async (t) => {
  const machines = new Machines(study, 'own');
  const trialsOf = (worker: string) => (worker === 'b' ? ['trial 3', 'trial 4'] : []);
  const [own, a, b, c] = ['own', 'a', 'b', 'c'].map((id) => card(id));
  const cards = [own, a, b, c].filter((one) => one !== undefined);
  t.same(machines.see(cards, trialsOf, 1).words.length, 3, 'that the own one is there, everybody knows');
  t.equal(machines.seats, 8);
  const leaving = { ...card('a'), isLeaving: true };
  t.same(machines.see([card('own'), leaving], trialsOf, 5), {
    words: ['a has left.', 'b was lost at trial 3, trial 4; others go on from there.', 'c was lost.'],
    gone: [
      { id: 'a', how: 'left' },
      { id: 'b', how: 'lost' },
      { id: 'c', how: 'lost' },
    ],
  });
  t.equal(machines.seats, 2);
  t.match(machines.all.slice(1), [
    { name: 'a', firstThread: 2, threads: 2, from: 1, end: { at: 5, how: 'left' } },
    { name: 'b', firstThread: 4, end: { at: 5, how: 'lost' } },
    { name: 'c', firstThread: 6, end: { at: 5, how: 'lost' } },
  ]);
  t.same(machines.see([card('own'), leaving], trialsOf, 6).words, [], 'once');
});

t.test('one that comes back has its seats again, and is another machine of its name', async (t) => {
  const machines = new Machines(study, undefined);
  machines.see([card('a'), card('b')], atNothing, 1);
  const { all } = machines;
  machines.see([card('a'), card('b')], atNothing, 2);
  t.equal(machines.all, all, 'the same list while nothing changes');
  machines.see([card('b')], atNothing, 3);
  machines.see([card('a'), card('b')], atNothing, 4);
  t.match(machines.all, [
    { name: 'a', firstThread: 0, from: 1, end: { at: 3, how: 'lost' } },
    { name: 'b', firstThread: 2, from: 1, end: undefined },
    { name: 'a', firstThread: 0, from: 4, end: undefined },
  ]);
});

t.test('no two machines share a seat, also where one was heard before it was seen', async (t) => {
  const machines = new Machines(study, undefined);
  const heard = machines.seat('early', 0);
  machines.see([card('a'), card('early', 3)], atNothing, 1);
  const seats = [
    heard,
    ...[0, 1].map((thread) => machines.seat('a', thread)),
    ...[0, 1, 2].map((thread) => machines.seat('early', thread)),
  ];
  t.equal(new Set(seats).size, seats.length);
});
