import t from 'tap';
import { measuredColumns, type RegressionMetrics } from '../../src/metric.ts';
import { plainDescent } from '../../src/train/optimizer.ts';
import { squaredError } from './float64-network.ts';
import {
  assistedBy,
  checkpoint,
  planFor,
  prepare,
  randomRows,
  request,
  run,
  trainHere,
  withTargets,
} from './in-process.ts';

const data = withTargets(randomRows({ training: 300, validation: 270 }));
const linear = { output: 'linear', bestBy: 'validationRmse', reduction: 'mean' } as const;
const plan = planFor(data, {
  ...linear,
  activation: 'tanh',
  epochs: 12,
  params: { learningRate: 0.2, batchSize: 16 },
});
const regressionOf = (curve: readonly object[]) => curve as readonly RegressionMetrics[];

t.test('a network learns numbers: its errors fall, and R2 rises', async (t) => {
  const curve = regressionOf(trainHere(data, plan).curve);
  const [first, last] = [curve[0], curve.at(-1)] as [RegressionMetrics, RegressionMetrics];
  t.ok(last.trainingLoss < first.trainingLoss / 2, `${first.trainingLoss} to ${last.trainingLoss}`);
  t.ok(last.evaluationRmse < first.evaluationRmse);
  t.ok(last.evaluationR2 > first.evaluationR2 && last.evaluationR2 > 0 && last.evaluationR2 < 1);
  t.same(Object.keys(last), ['epoch', ...measuredColumns.numbers]);
});

t.test('weights of 0 give the loss, the RMSE and the R2 that the targets themselves say', async (t) => {
  const nothing = planFor(data, {
    ...linear,
    hidden: [],
    epochs: 1,
    params: { learningRate: 1e-30, batchSize: 300 },
  });
  const weights = new Float32Array(3 * data.inputs + 3);
  const [epoch] = regressionOf(trainHere(data, nothing, weights).curve);
  const rows = Array.from({ length: 270 }, (_, at) => [
    ...(data.targets?.subarray(3 * (300 + at), 3 * (301 + at)) ?? []),
  ]);
  const loss = rows.reduce((sum, row) => sum + squaredError([0, 0, 0], row), 0) / 270;
  const column = (target: number) => rows.map((row) => row[target] as number);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = [0, 1, 2].map((target) => mean(column(target).map((value) => value ** 2)));
  // The targets' units are 1, 2 and 3; scikit-learn's uniform average of both scores.
  const rmse = mean(errors.map((error, target) => Math.sqrt(error) * (1 + target)));
  const r2 = mean(
    errors.map((error, target) => {
      const centre = mean(column(target));
      return 1 - error / mean(column(target).map((value) => (value - centre) ** 2));
    }),
  );
  const close = (found: number | undefined, wanted: number) =>
    Math.abs((found ?? Number.NaN) - wanted) < 1e-6;
  t.ok(
    close(epoch?.evaluationLoss, loss) &&
      close(epoch?.evaluationRmse, rmse) &&
      close(epoch?.evaluationR2, r2),
  );
});

t.test('a target that does not vary has an R2 of 1 where it is met, and of 0 where it is not', async (t) => {
  const constant = (value: number) => ({
    ...data,
    targets: new Float32Array(data.targets?.length ?? 0).fill(value),
  });
  const still = planFor(data, {
    ...linear,
    hidden: [],
    epochs: 1,
    params: { learningRate: 1e-30, batchSize: 300 },
  });
  const r2 = (value: number) =>
    regressionOf(trainHere(constant(value), still, new Float32Array(3 * data.inputs + 3)).curve)[0]
      ?.evaluationR2;
  t.equal(r2(0), 1);
  t.equal(r2(0.1), 0);
});

t.test(
  'stopped and gone on with, assisted or not, it gives the same bits, for every optimizer',
  async (t) => {
    const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
    for (const optimizer of [plainDescent, adam]) {
      const own = { ...plan, optimizer, epochs: 4, dropout: 0.2 };
      const whole = trainHere(data, own);
      const half = prepare(data, { ...own });
      request(half, 'stop');
      t.equal(run(half).end.state, 'stopped');
      request(half, 'goOn');
      const until = { ...half, training: { ...half.training, until: 2 } };
      t.equal(run(until).end.state, 'stopped');
      const later = prepare(data, own, checkpoint(half));
      assistedBy(1, later);
      const found = run(later);
      t.same(found.curve, whole.curve);
      t.equal(found.last.sha256, whole.last.sha256);
      t.equal(found.best.sha256, whole.best.sha256);
    }
  },
);

t.test('the best epoch is that of the lowest RMSE, or of the highest R2', async (t) => {
  for (const bestBy of ['validationRmse', 'validationR2'] as const) {
    const { curve, bestEpoch } = trainHere(data, {
      ...plan,
      bestBy,
      params: { learningRate: 1.2, batchSize: 16 },
    });
    const values = regressionOf(curve).map(({ evaluationRmse, evaluationR2 }) =>
      bestBy === 'validationRmse' ? evaluationRmse : -evaluationR2,
    );
    t.equal(bestEpoch, 1 + values.indexOf(Math.min(...values)));
  }
});

t.test('a loss that is not finite ends a training as diverged', async (t) => {
  const { end } = trainHere(data, { ...plan, params: { learningRate: 1e30, batchSize: 16 } });
  t.equal(end.state, 'diverged');
});
