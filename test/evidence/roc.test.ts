import t from 'tap';
import { rocCurve } from '../../src/evidence/roc.ts';
import { isNear, scores } from './scores.ts';

t.test("a curve's vertices and area are scikit-learn's", async (t) => {
  let compared = 0;
  for (const { name, labels, scores: columns, expect } of scores.classification) {
    if (expect.rocCurve === null || columns === null) continue;
    const [falsePositives = [], truePositives = []] = expect.rocCurve;
    const { points = [], area } = rocCurve(labels, 1, columns[1] as number[]) ?? {};
    // It keeps some points between vertices.
    const isTheirs = ([wrong, right]: readonly [number, number]) =>
      falsePositives.some((value, at) => isNear(wrong, value) && isNear(right, truePositives[at] as number));
    t.ok(points.every(isTheirs) && points.length > 10, `${name}: ${points.length} vertices`);
    t.same(
      [points[0], points.at(-1)],
      [
        [0, 0],
        [1, 1],
      ],
      name,
    );
    t.ok(isNear(area, expect.rocAuc?.[1] as number), `${name}: ${area}`);
    compared++;
  }
  t.equal(compared, 2);
});

t.test('equal scores are one step, on the line to the next vertex', async (t) => {
  const { points, area } = rocCurve([1, 0, 1, 0], 1, [0.5, 0.5, 0.5, 0.5]) ?? {};
  t.same(
    [points, area],
    [
      [
        [0, 0],
        [1, 1],
      ],
      0.5,
    ],
  );
  t.match(rocCurve([0, 1, 0, 1], 1, [0.1, 0.9, 0.2, 0.8]), {
    points: [
      [0, 0],
      [0, 1],
      [1, 1],
    ],
    area: 1,
  });
});

t.test('without rows of the class, or of another, there is no curve', async (t) => {
  t.equal(rocCurve([0, 0], 1, [0.1, 0.9]), undefined);
  t.equal(rocCurve([1, 1], 1, [0.1, 0.9]), undefined);
});
