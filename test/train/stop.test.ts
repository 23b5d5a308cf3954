import t from 'tap';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { plainDescent } from '../../src/train/optimizer.ts';
import type { TrainingPlan } from '../../src/train/train.ts';
import {
  assistedBy,
  checkpoint,
  onSimd,
  type Prepared,
  planFor,
  prepare,
  randomRows,
  request,
  run,
  trainHere,
} from './in-process.ts';

const data = randomRows({ training: 40 });
// 5 mini-batches an epoch.
const plain = planFor(data, { epochs: 6, params: { learningRate: 0.3, batchSize: 8 } });
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 } as const;
const plans = {
  'plain descent': plain,
  'momentum, in steps': {
    ...plain,
    optimizer: { ...plainDescent, momentum: 0.9, nesterov: true },
    schedule: { kind: 'step', every: 2, gamma: 0.5 },
  },
  'adam, exponential': { ...plain, optimizer: adam, schedule: { kind: 'exponential', gamma: 0.8 } },
  'adamw, cosine with warmup': {
    ...plain,
    optimizer: { ...adam, kind: 'adamw', weightDecay: 0.1 },
    schedule: { kind: 'cosine' },
    warmup: 2,
  },
} as const satisfies Record<string, TrainingPlan>;

/** A training that is asked to stop while its mini-batch number `batch` (counted from 1) is trained. */
function stoppingAt(plan: TrainingPlan, batch: number, threads = 1): Prepared {
  let begun = 0;
  const step = () => {
    begun++;
    if (begun === batch) request(prepared, 'stop');
  };
  const kernelsOn = (memory: WebAssembly.Memory): Kernels => {
    const kernels = onSimd(memory);
    return {
      ...kernels,
      descend(...given) {
        step();
        kernels.descend(...given);
      },
      momentum(...given) {
        step();
        kernels.momentum(...given);
      },
      adam(...given) {
        step();
        kernels.adam(...given);
      },
    };
  };
  const prepared: Prepared = prepare(data, plan, undefined, kernelsOn, threads);
  return prepared;
}

for (const [name, plan] of Object.entries(plans)) {
  for (const [where, batch, wholeEpochs] of [
    ['in the first epoch', 2, 0],
    ['in the middle of an epoch', 13, 2],
    ['in the last mini-batch of an epoch', 15, 3],
    ['in the first mini-batch of the last epoch', 26, 5],
  ] as const) {
    t.test(`${name}: a request to stop ${where} leaves the last whole epoch`, async (t) => {
      const { end, curve, last } = run(stoppingAt(plan, batch));
      t.same(end, { state: 'stopped' });
      t.equal(curve.length, wholeEpochs);
      // Not a plan of fewer epochs: its learning rates fall along another cosine.
      const paused = prepare(data, plan);
      const whole = run({ ...paused, training: { ...paused.training, until: wholeEpochs } });
      t.same([curve, last], [whole.curve, whole.last]);
    });

    t.test(`${name}: stopped ${where}, a training goes on to the same bits on another thread`, async (t) => {
      const prepared = stoppingAt(plan, batch, 2);
      run(prepared);
      request(prepared, 'goOn');
      t.same(run(prepared, prepared.threads[1]), trainHere(data, plan));
    });

    t.test(`${name}: stopped ${where}, a training goes on to the same bits in another memory`, async (t) => {
      const prepared = stoppingAt(plan, batch);
      run(prepared);
      t.same(run(prepare(data, plan, checkpoint(prepared))), trainHere(data, plan));
    });
  }
}

t.test('a request to stop in the last mini-batch of all comes too late', async (t) => {
  t.same(run(stoppingAt(plain, 30)), trainHere(data, plain));
});

t.test('stopped before its last epoch is measured, a training goes on to the same bits', async (t) => {
  const prepared = stoppingAt(plain, 13);
  // An assistant that never comes to it: epoch 2 waits to be measured while epoch 3 is trained.
  assistedBy(1, prepared);
  t.same(run(prepared).end, { state: 'stopped' });
  const state = checkpoint(prepared);
  t.same([state.step, state.reports.length], [2, 1]);
  t.same(run(prepare(data, plain, state)), trainHere(data, plain));
});
