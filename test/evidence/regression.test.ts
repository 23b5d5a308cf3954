import t from 'tap';
import { regression } from '../../src/evidence/regression.ts';
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
