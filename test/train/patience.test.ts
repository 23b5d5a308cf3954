import t from 'tap';
import { assistedBy, planFor, prepare, randomRows, run } from './in-process.ts';

const data = randomRows({ training: 60, validation: 40 });
const plan = planFor(data, {
  epochs: 60,
  bestBy: 'validationLoss',
  params: { learningRate: 0.3, batchSize: 8 },
});
const whole = run(prepare(data, plan));

t.test('a training ends after so many epochs without a better one', async (t) => {
  const { end, curve, bestEpoch, best, last } = run(prepare(data, { ...plan, patience: 3 }));
  t.same(end, { state: 'finished' });
  t.equal(curve.length, bestEpoch + 3);
  t.ok(curve.length < 60, `${curve.length} epochs`);
  t.same(curve, whole.curve.slice(0, curve.length), 'and is the same until then');
  const shorter = run(prepare(data, { ...plan, epochs: curve.length }));
  t.same([best, last], [shorter.best, shorter.last]);
});

t.test('where others measure meanwhile, the epoch begun too early never was', async (t) => {
  const alone = run(prepare(data, { ...plan, patience: 3 }));
  const prepared = prepare(data, { ...plan, patience: 3 });
  assistedBy(1, prepared);
  t.same(run(prepared), alone);
});

t.test('patience that is longer than the training changes nothing', async (t) => {
  t.same(run(prepare(data, { ...plan, patience: 60 })), whole);
});
