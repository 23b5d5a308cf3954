import t from 'tap';
import { regression, squaredErrorTest } from '../../src/evidence/regression.ts';
import { isNear, scores } from './scores.ts';

t.test("errors and R² are scikit-learn's", async (t) => {
  for (const { name, targets, predicted, expect } of scores.regression) {
    const found = regression(targets, predicted);
    t.equal(found.rows, targets.length);
    for (const [key, value] of Object.entries(expect) as [keyof typeof expect, number][])
      t.ok(isNear(found[key], value), `${name}: ${key} ${found[key]} is ${value}`);
    t.equal(found.residuals[3], (targets[3] as number) - (predicted[3] as number));
  }
});

t.test('targets that do not vary have no variance to explain', async (t) => {
  t.match(regression([2, 2], [1, 3]), { r2: null, rmse: 1, bias: 0 });
});

/** Residuals of 200 rows. */
const waves = (a: number, b: number, shifts: readonly [number, number]) =>
  Float64Array.from(
    { length: 200 },
    (_, i) => a * Math.sin(1.7 * i + shifts[0]) + b * Math.cos(0.3 * i * i + shifts[1]),
  );

t.test('an RMSE is as sure as its squared errors are alike', async (t) => {
  const { rmse, rmseInterval } = regression(waves(3, 1, [0, 0]), new Float64Array(200));
  // NumPy 2.4.6; SciPy 1.17.1's bootstrap of the same residuals says 2.161 to 2.442.
  t.ok(isNear(rmse, 2.3028363254379363));
  t.ok(isNear(rmseInterval?.low ?? 0, 2.168052034900137));
  t.ok(isNear(rmseInterval?.high ?? 0, 2.4459999374511145));
  t.equal(
    regression(waves(3, 1, [0, 0]), waves(3, 1, [0, 0])).rmseInterval,
    null,
    'no errors, no spread of them',
  );
  t.equal(regression([1, 2, 3], [1, 2, 4]).rmseInterval, null, 'three rows do not tell');
  t.ok(regression(waves(3, 1, [0, 0]).subarray(0, 30), new Float64Array(30)).rmseInterval, 'thirty do');
});

t.test('two models on the same rows are told apart by their squared errors', async (t) => {
  const one = waves(3, 1, [0, 0]);
  const other = waves(2.9, 1.3, [0.3, 1]);
  // SciPy 1.17.1: norm.sf of the paired statistic; ttest_rel says 0.0935 by 199 degrees of freedom.
  t.match(squaredErrorTest(one, other), { rows: 200, firstNearer: 89, secondNearer: 111 });
  t.ok(isNear(squaredErrorTest(one, other)?.p ?? 0, 0.09191523090354871));
  t.match(squaredErrorTest(one, one), { firstNearer: 0, secondNearer: 0, p: 1 }, 'a model is like itself');
  t.equal(squaredErrorTest(one.subarray(0, 29), other.subarray(0, 29)), undefined);
  t.ok(squaredErrorTest(one.subarray(0, 30), other.subarray(0, 30)));
});
