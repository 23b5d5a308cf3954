import t from 'tap';
import { faultsOf, right } from './definition.ts';

const faultsWith = (training: object, model: object = {}, rest: object = {}): string[] =>
  faultsOf({
    ...right,
    ...rest,
    training: { ...right.training, ...training },
    model: { ...right.model, ...model },
  });

t.test('a setting of another optimizer or schedule is refused with both named', async (t) => {
  for (const [training, fault] of [
    [
      { optimizer: 'adam', momentum: 0.9 },
      'training.momentum belongs to training.optimizer "sgd", but that is "adam".',
    ],
    [{ beta2: 0.9 }, 'training.beta2 belongs to training.optimizer "adam" or "adamw", but that is "sgd".'],
    [
      { gamma: 0.5 },
      'training.gamma belongs to training.schedule "step" or "exponential", but that is "constant".',
    ],
    [
      { schedule: 'cosine', every: 3 },
      'training.every belongs to training.schedule "step", but that is "cosine".',
    ],
    [{ schedule: 'exponential' }, 'training.schedule "exponential" needs training.gamma, but it is missing.'],
    [{ schedule: 'step', gamma: 0.1 }, 'training.schedule "step" needs training.every, but it is missing.'],
    [{ nesterov: true }, 'training.nesterov needs a training.momentum above 0, but that is 0.'],
    [{ warmup: 5 }, 'training.warmup must be less than training.epochs (5), but got 5.'],
  ] as const) {
    t.same(faultsWith(training), [fault]);
  }
});

t.test('a setting at its default is as if it were not said', async (t) => {
  t.same(faultsWith({ optimizer: 'adam', momentum: 0, nesterov: false }), []);
  t.same(faultsWith({ beta1: 0.9, warmup: 0 }), []);
});

t.test('settings that belong together are right', async (t) => {
  t.same(faultsWith({ momentum: 0.9, nesterov: true, weightDecay: 0.1, schedule: 'cosine', warmup: 2 }), []);
  t.same(faultsWith({ optimizer: 'adamw', epsilon: 1e-6, schedule: 'step', every: 2, gamma: 0.5 }), []);
});

t.test('numbers beyond their range are refused', async (t) => {
  t.match(faultsWith({ optimizer: 'adam', epsilon: 0 }), [
    /^training\.epsilon must be a number from 1e-12 to 1, but got 0\.$/,
  ]);
  t.match(faultsWith({ momentum: 1 }), [
    /^training\.momentum must be a number from 0 to 0\.999999, but got 1\.$/,
  ]);
});

t.test('published figures are of sigmoids', async (t) => {
  const published = { validationAccuracy: 0.84 };
  t.same(faultsWith({}, {}, { published }), []);
  t.match(faultsWith({}, { output: 'softmax' }, { published }), [/^published gives figures .* "softmax"/]);
});
