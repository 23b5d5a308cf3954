import t from 'tap';
import { regression } from '../../src/evidence/regression.ts';
import { predictedFigure } from '../../src/figures/predicted.ts';
import { residualsFigure } from '../../src/figures/residuals.ts';
import { lightTheme } from '../../src/figures/theme.ts';

const actual = Float64Array.of(1, 2, 4, 7);
const predicted = Float64Array.of(1, 3, 4, 5);
const target = { name: 'price', actual, predicted, errors: regression(actual, predicted) };
const seriesOf = (figure: ReturnType<typeof predictedFigure>) =>
  figure.option({ theme: lightTheme, width: 800 }).series as { data: number[][] }[];

t.test('what is predicted stands over what is true, on two equal axes with their diagonal', async (t) => {
  const figure = predictedFigure(target, 0);
  t.match(figure.subtitle, /^4 test rows, RMSE 1\.1180, R² 0\.7619;/);
  const [dots, line] = seriesOf(figure);
  t.same(dots?.data[3], [7, 5]);
  t.same(
    line?.data.map(([x, y]) => x === y),
    [true, true],
  );
  t.match(figure.tips[1]?.text, /price 2, predicted 3/);
});

t.test('a residual is the true number less the predicted one', async (t) => {
  const figure = residualsFigure(target, 0);
  t.match(figure.subtitle, /0\.75000 off in the mean, 2 at most; 0\.25000 too low in the mean$/);
  const [dots, line] = seriesOf(figure);
  t.same(dots?.data, [
    [1, 0],
    [3, -1],
    [4, 0],
    [5, 2],
  ]);
  t.same(
    line?.data.map(([, y]) => y),
    [0, 0],
  );
});
