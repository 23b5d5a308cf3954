import t from 'tap';
import { type EpochMetrics, type NetworkMetric, reportOf } from '../../src/metric.ts';
import { isBetter } from '../../src/train/snapshot.ts';

import { planFor, randomRows, trainHere } from './in-process.ts';

const epoch = (evaluationAccuracy: number, evaluationLoss: number) => (metric: NetworkMetric) =>
  reportOf(metric, 1, [0, 0, evaluationLoss, evaluationAccuracy]);

for (const [metric, better, worse] of [
  ['validationAccuracy', epoch(0.8, 9), epoch(0.7, 1)],
  ['validationAccuracy', epoch(0.8, 1), epoch(0.8, 2)],
  ['validationLoss', epoch(0.1, 1), epoch(0.9, 2)],
  ['validationLoss', epoch(0.9, 1), epoch(0.8, 1)],
] as const) {
  const [good, bad] = [better(metric), worse(metric)];
  t.test(`by ${metric}, ${good.values} is better than ${bad.values}`, async (t) => {
    t.ok(isBetter(good, bad, metric));
    t.notOk(isBetter(bad, good, metric));
    t.notOk(isBetter(good, good, metric), 'and not better than itself');
  });
}

// So steep that epochs get worse again.
const restless = { params: { learningRate: 2, batchSize: 4 }, epochs: 12, seed: 2 };

const byAccuracy = (a: EpochMetrics, b: EpochMetrics) => b.evaluationAccuracy - a.evaluationAccuracy;
const byLoss = (a: EpochMetrics, b: EpochMetrics) => a.evaluationLoss - b.evaluationLoss;

for (const [bestBy, first, second] of [
  ['validationAccuracy', byAccuracy, byLoss],
  ['validationLoss', byLoss, byAccuracy],
] as const) {
  t.test(`the best weights are those after the best epoch by ${bestBy}`, async (t) => {
    const data = randomRows();
    const plan = planFor(data, { ...restless, bestBy });
    const { curve, bestEpoch, best } = trainHere(data, plan);
    t.equal(bestEpoch, curve.toSorted((a, b) => first(a, b) || second(a, b))[0]?.epoch);
    t.ok(bestEpoch > 1 && bestEpoch < plan.epochs, `epoch ${bestEpoch}, where the test can tell`);
    t.same(best, trainHere(data, { ...plan, epochs: bestEpoch }).last);
  });
}

t.test('of equal epochs the earliest is the best', async (t) => {
  const data = randomRows();
  const still = planFor(data, { params: { learningRate: 1e-30, batchSize: 8 }, epochs: 3 });
  const { curve, bestEpoch } = trainHere(data, still);
  t.equal(new Set(curve.map(({ evaluationLoss }) => evaluationLoss)).size, 1);
  t.equal(bestEpoch, 1);
});
