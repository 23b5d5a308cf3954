import t from 'tap';
import { planFor, randomRows, randomStart, trainHere } from './in-process.ts';

t.test('a loss that is not finite ends the training in the state diverged, with its epoch', async (t) => {
  const data = randomRows();
  const params = { learningRate: 1e30, batchSize: 8 };
  // Each step multiplies every weight by -1e29: too large within two.
  const { end, curve } = trainHere(data, planFor(data, { params, penalty: 'l2', lambda: 0.1 }));
  t.same(end, { state: 'diverged', epoch: 1 });
  t.same(curve, []);
});

t.test('the finite epochs before it are kept, and the best weights are one of theirs', async (t) => {
  const data = randomRows();
  // One step an epoch, each of which multiplies the weights by about -1e3.
  const params = { learningRate: 1e4, batchSize: 40 };
  const plan = planFor(data, { params, penalty: 'l2', lambda: 0.1, epochs: 100 });
  const { end, curve, bestEpoch, best } = trainHere(data, plan);
  const epoch = end.state === 'diverged' ? end.epoch : 0;
  t.ok(epoch > 3, `diverged in epoch ${epoch}`);
  t.same(
    curve.map((metrics) => metrics.epoch),
    Array.from({ length: epoch - 1 }, (_, index) => index + 1),
  );
  t.ok(curve.every((metrics) => Object.values(metrics).every(Number.isFinite)));
  t.ok(bestEpoch >= 1 && bestEpoch < epoch);
  t.ok(best.parameters.every(Number.isFinite));
  t.match(
    trainHere(data, { ...plan, epochs: epoch - 1 }).end,
    { state: 'finished' },
    'one epoch less is fine',
  );
});

t.test(
  'weights that are not finite are divergence, even where sigmoids hide them from the loss',
  async (t) => {
    const data = randomRows({ inputs: 4, density: 1 });
    const plan = planFor(data, { params: { learningRate: 1e-30, batchSize: 8 } });
    const start = randomStart(plan);
    // Infinite first weights of a unit make it exactly 1 for every row: its deltas are 0 and all losses finite.
    for (let input = 0; input < 4; input++) start[input * 5] = Number.POSITIVE_INFINITY;
    t.same(trainHere(data, plan, start).end, { state: 'diverged', epoch: 1 });
  },
);
