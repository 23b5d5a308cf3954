// The student paper: a 784-20-10 network of sigmoids on MNIST, nine combinations, then the winner on all rows.
import { defineExperiment } from 'coresweep';

export default defineExperiment({
  name: 'paper',
  seed: 1,
  data: { source: 'mnist', train: [0, 3_000], validation: [50_000, 60_000], test: [0, 10_000] },
  model: { hidden: [20], activation: 'sigmoid', initialWeights: 'xavier-uniform' },
  training: { epochs: 100, reduction: 'sum' },
  space: { learningRate: [0.0001, 0.001, 0.01], batchSize: [128, 256, 384] },
  search: { method: 'grid', metric: 'validationAccuracy' },
  final: { epochs: 100, rows: 'train+validation', start: 'best weights' },
  published: { validationAccuracy: 0.84, testAccuracy: 0.7508 },
});
