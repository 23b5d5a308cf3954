import t from 'tap';
import { coordinateOf } from '../../src/search/coordinate.ts';
import { observationsOf } from '../../src/search/observations.ts';
import type { SeenTrial } from '../../src/search/searcher.ts';
import { spaceOf } from '../../src/space/definition.ts';
import type { Params } from '../../src/trial.ts';

const space = spaceOf({
  x: { float: [0, 10] },
  solver: ['lu', 'qr'],
  degree: { int: [1, 8], when: { solver: 'qr' } },
});
const trials = (...all: Params[]): SeenTrial[] =>
  all.map((params) => ({ params, replicate: 0, state: 'running' }));
const fresh = () => observationsOf(space.map(coordinateOf));
const three = trials(
  { x: 5, solver: 'lu' },
  { x: 2, solver: 'qr', degree: 8 },
  { x: 5, solver: 'qr', degree: 3 },
);

t.test('columns hold the trials that have every parameter of a group, the oldest first', async (t) => {
  const observations = fresh();
  observations.follow(three);
  t.same(observations.of([0, 1, 2], [0, 1]).columns, [Float64Array.of(5, 2, 5), Float64Array.of(0, 1, 1)]);
  const { columns, kept } = observations.of([0, 1, 2], [0, 2]);
  t.same(columns, [Float64Array.of(2, 5), Float64Array.of(8, 3)]);
  t.same(kept, [1, 2]);
});

t.test('each column has its order, of equal coordinates the oldest first', async (t) => {
  const observations = fresh();
  observations.follow(three.slice(0, 2));
  observations.follow(three);
  t.same(observations.of([0, 1, 2], [0]).orders, [Uint32Array.of(1, 0, 2)]);
  t.same(observations.of([0, 2], [0]).orders, [Uint32Array.of(0, 1)]);
  t.same(observations.of([1, 2], [2]).orders, [Uint32Array.of(1, 0)]);
});

t.test('another history, or a shorter one, begins anew', async (t) => {
  const observations = fresh();
  observations.follow(three);
  t.ok(observations.has({ solver: 'lu', x: 5 }));
  observations.follow(trials({ x: 1, solver: 'lu' }, { x: 0, solver: 'lu' }, { x: 2, solver: 'lu' }));
  t.same(observations.of([0, 1, 2], [0]).orders, [Uint32Array.of(1, 0, 2)]);
  t.notOk(observations.has({ x: 5, solver: 'lu' }));
  observations.follow(three.slice(0, 1));
  t.same(observations.of([0], [0]).columns, [Float64Array.of(5)]);
  observations.follow(three);
  t.ok(observations.has({ x: 5, solver: 'qr', degree: 3 }), 'also of what is new');
});
