import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { definitionHash } from '../../src/sweep/identity.ts';
import { faultsOf } from './definition.ts';

const houses = {
  name: 'houses',
  data: { source: 'csv', file: 'houses.csv', targets: ['price'], train: [0, 60], validation: [60, 80] },
  model: { hidden: [8], output: 'linear' },
  training: { epochs: 5 },
  space: { learningRate: [0.1], batchSize: [10] },
} as const;

const faultsWith = (change: { data?: object; model?: object; training?: object; rest?: object }): string[] =>
  faultsOf({
    ...houses,
    data: { ...houses.data, ...change.data },
    model: { ...houses.model, ...change.model },
    training: { ...houses.training, ...change.training },
    ...change.rest,
  });

t.test('a network of numbers is decided by its RMSE unless it says R2', async (t) => {
  const metric = (search?: object) => checkDefinition({ ...houses, ...(search && { search }) }, 'here');
  const found = (search?: object) => (metric(search) as { search: { metric: string } }).search.metric;
  t.equal(found(), 'validationRmse');
  t.equal(found({ metric: 'validationR2' }), 'validationR2');
  const said = definitionHash(metric({ metric: 'validationRmse' }));
  t.equal(said, definitionHash(metric()), 'said or not, it is the same experiment');
});

t.test(
  'what numbers to learn and the rest of a definition do not share is refused with both named',
  async (t) => {
    const classes = { targets: undefined, label: 'street' };
    for (const [change, fault] of [
      [
        { data: classes },
        'model.output "linear" learns numbers, but data.label gives classes: name columns of numbers in data.targets (source "csv"), or choose "sigmoid" or "softmax".',
      ],
      [
        { rest: { data: { source: 'mnist', train: [0, 100], validation: [100, 200] } } },
        'model.output "linear" learns numbers, but the source "mnist" has classes: name columns of numbers in data.targets (source "csv"), or choose "sigmoid" or "softmax".',
      ],
      [
        { model: { output: 'softmax' } },
        'model.output "softmax" learns classes, but data.targets names numbers: choose "linear", or name a column of classes in data.label.',
      ],
      [
        { data: { label: 'street' } },
        'data.label and data.targets both say what is learnt: keep one of the two.',
      ],
      [
        { data: { targets: undefined } },
        'data.label must be the name of a column, but it is missing; columns of numbers to learn are named in data.targets.',
      ],
      [
        { data: { ...classes, targetScaling: 'none' }, model: { output: 'softmax' } },
        'data.targetScaling scales data.targets, but there are none.',
      ],
      [
        { training: { classWeights: 'balanced' } },
        'training.classWeights belongs to model.output "sigmoid" or "softmax", but that is "linear".',
      ],
      [
        { rest: { search: { metric: 'validationAccuracy' } } },
        'search.metric must be "validationRmse" or "validationR2" where model.output is "linear", but got "validationAccuracy".',
      ],
      [
        { data: classes, model: { output: 'sigmoid' }, rest: { search: { metric: 'validationR2' } } },
        'search.metric must be "validationAccuracy" or "validationLoss" where model.output is "sigmoid", but got "validationR2".',
      ],
      [
        { data: { train: undefined, validation: undefined, split: { validation: 0.2, stratified: true } } },
        'data.split.stratified gives each class its share, but data.targets has none: take it out.',
      ],
      [
        { rest: { space: { ...houses.space, output: ['linear', 'softmax'] } } },
        'space.output "softmax" learns classes, but data.targets names numbers: choose "linear", or name a column of classes in data.label. Such trials can be kept out by a condition (when).',
      ],
      [
        { rest: { published: { testAccuracy: 0.9 } } },
        'published gives figures of a network of sigmoids, but model.output is "linear": take one of the two out.',
      ],
    ] as const) {
      t.same(faultsWith(change), [fault]);
    }
  },
);
