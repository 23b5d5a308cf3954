import t from 'tap';
import { nearWidths } from '../../src/search/near-widths.ts';
import { axisOf } from '../../src/space/unit.ts';

const axis = axisOf({ kind: 'float', min: 0, max: 10, scale: 'linear' });
const columns = (...values: number[][]) => values.map((column) => Float64Array.from(column));
const rounded = (widths: Float64Array | undefined) =>
  widths && Array.from(widths, (w) => Number(w.toFixed(4)));

t.test('a width is the distance to the second nearest, as a share of the range', async (t) => {
  t.same(rounded(nearWidths([{ axis }], columns([0, 0.2, 0.6, 1.2]), 0.5, 999)), [0.06, 0.04, 0.06, 0.1]);
});

t.test('with more parameters it is the distance over all of them, choices left out', async (t) => {
  const found = nearWidths(
    [{ axis }, { axis }, { choices: 2 }],
    columns([0, 3, 0], [0, 4, 0], [0, 1, 1]),
    0.5,
    999,
  );
  t.same(rounded(found), [0.3536, 0.3536, 0.3536], 'the root of (0.09 + 0.16) / 2');
});

t.test('it is never above the usual one, nor below a hundredth', async (t) => {
  t.same(rounded(nearWidths([{ axis }], columns([0, 5, 10]), 0.2, 999)), [0.2, 0.2, 0.2]);
  t.same(rounded(nearWidths([{ axis }], columns([5, 5, 5]), 0.2, 999)), [0.01, 0.01, 0.01]);
});

t.test('without two points or an axis there is none', async (t) => {
  t.equal(nearWidths([{ axis }], columns([5]), 0.2, 999), undefined);
  t.equal(nearWidths([{ choices: 3 }], columns([1, 2]), 0.2, 999), undefined);
});

t.test('while trials are few it stays wide', async (t) => {
  t.same(rounded(nearWidths([{ axis }], columns([5, 5, 5]), 0.2, 30)), [0.0833, 0.0833, 0.0833]);
  t.same(rounded(nearWidths([{ axis }], columns([5, 5, 5]), 0.2, 3)), [0.2, 0.2, 0.2]);
});
