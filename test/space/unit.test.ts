import t from 'tap';
import { holds, type Parameter, valueAt, valueCount } from '../../src/space/parameter.ts';
import { axisOf, pointsOf, valuesOf } from '../../src/space/unit.ts';
import { everyKind } from '../search/spaces.ts';

const places = Array.from({ length: 1_001 }, (_, index) => index / 1_001);

t.test(
  'every place of the unit interval is a value of its parameter, from the first to the last',
  async (t) => {
    for (const { name, parameter } of everyKind) {
      const valueFor = valuesOf(parameter);
      for (const place of [...places, 1 - 2 ** -53]) t.ok(holds(parameter, valueFor(place)), name);
      const count = valueCount(parameter);
      if (count === Number.POSITIVE_INFINITY) continue;
      t.same(valueFor(0), valueAt(parameter, 0));
      t.same(valueFor(1 - 2 ** -53), valueAt(parameter, count - 1));
    }
  },
);

t.test('each value with steps, and each choice, has the same share of places', async (t) => {
  for (const { name, parameter } of everyKind) {
    const count = valueCount(parameter);
    if (count > 100 || (parameter.kind !== 'choice' && parameter.scale === 'log')) continue;
    const valueFor = valuesOf(parameter);
    const found = Array.from({ length: 10 * count }, (_, index) => valueFor((index + 0.5) / (10 * count)));
    t.same(
      found,
      found.map((_, index) => valueAt(parameter, Math.floor(index / 10))),
      name,
    );
  }
});

t.test('a log scale has equal shares for equal ratios; whole numbers are rounded', async (t) => {
  const rate = valuesOf({ kind: 'float', min: 1e-4, max: 1, scale: 'log' });
  for (const [place, value] of [
    [0, 1e-4],
    [0.25, 1e-3],
    [0.5, 1e-2],
    [0.75, 0.1],
  ] as const)
    t.ok(Math.abs((rate(place) as number) / value - 1) < 1e-14);
  const units = valuesOf({ kind: 'int', min: 1, max: 100, scale: 'log', step: 1 });
  // From ln 0.5 to ln 100.5: 1 ends at ln 1.5, which is at 0.20716 of the way.
  t.equal(units(0.2071), 1);
  t.equal(units(0.2072), 2);
  const eights = { kind: 'int', min: 32, max: 260, scale: 'log', step: 8 } as const;
  // From ln 28 to ln 260, for 256 is the last: half of the way is the root of both, 85.3, and its nearest value 88.
  t.same([0, 0.5, 1 - 2 ** -53].map(valuesOf(eights)), [32, 88, 256]);
  t.ok(places.every((place) => holds(eights, valuesOf(eights)(place))));
});

t.test('a coordinate goes to its value and back, and lies in its cell', async (t) => {
  for (const { name, parameter } of everyKind) {
    if (parameter.kind === 'choice') continue;
    const axis = axisOf(parameter);
    t.ok(axis.low < axis.high);
    for (const place of places) {
      const value = axis.valueAt(axis.low + place * (axis.high - axis.low));
      const coordinate = axis.coordinateOf(value);
      t.ok(coordinate >= axis.low && coordinate <= axis.high, name);
      const back = axis.valueAt(coordinate);
      t.ok(Math.abs(back - value) <= 1e-12 * Math.abs(value), name);
      if (!Number.isFinite(axis.count)) continue;
      t.equal(back, value);
      const index = axis.indexAt(coordinate);
      t.equal(valueAt(parameter as Parameter, index), value);
      const [from, to] = axis.cellOf(index);
      t.ok(from < coordinate && coordinate < to, name);
    }
  }
});

t.test('each parameter is asked for its own place, whether it applies or not', async (t) => {
  const asked: number[] = [];
  const point = pointsOf(everyKind)((index) => {
    asked.push(index);
    return 0.3;
  });
  t.same(asked, [...everyKind.keys()]);
  t.same(Object.keys(point).slice(-2), ['shape', 'solver']);
});
