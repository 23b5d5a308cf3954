import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { faultsOf, right } from './definition.ts';

t.test('a right definition comes back with its defaults filled in', async (t) => {
  const experiment = checkDefinition(right, 'small.yaml');
  t.equal(experiment.seed, 1);
  t.same(experiment.data, { ...right.data, pixels: '0-1' });
  t.same(experiment.model, {
    hidden: [20],
    activation: 'sigmoid',
    output: 'sigmoid',
    initialWeights: 'xavier-uniform',
  });
  t.same(experiment.training, {
    ...{ epochs: 5, reduction: 'sum', rowOrder: 'shuffled', penalty: 'none', lambda: 0 },
    ...{ optimizer: 'sgd', momentum: 0, nesterov: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ...{ schedule: 'constant', warmup: 0, dropout: 0 },
  });
  t.same(experiment.search, {
    ...{ method: 'grid', lag: 16, metric: 'validationAccuracy', replicates: 1 },
  });
  t.equal(experiment.final, undefined);
});

t.test('the error names the file and counts the faults', async (t) => {
  t.throws(() => checkDefinition({ ...right, name: '' }, 'small.yaml'), {
    code: 'ERR_DEFINITION',
    exitCode: 2,
    message: 'small.yaml has a fault:\n  name must not be empty.',
  });
  t.throws(() => checkDefinition({ ...right, name: '', seed: -1 }, 'small.yaml'), {
    message: /^small\.yaml has 2 faults:\n/,
  });
});

t.test('an unknown key is refused on every level, with the key that was probably meant', async (t) => {
  const { data, model, training, space } = right;
  const layers = [{ weights: [[1]], biases: [1], weigths: [[1]] }];
  const cases: [object, string][] = [
    [{ ...right, trianing: {} }, 'trianing is not a known key; did you mean "training"?'],
    [{ ...right, data: { ...data, trian: [0, 1] } }, 'data.trian is not a known key; did you mean "train"?'],
    [{ ...right, model: { ...model, hiden: [] } }, 'model.hiden is not a known key; did you mean "hidden"?'],
    [
      { ...right, training: { ...training, Epochs: 1 } },
      'training.Epochs is not a known key; did you mean "epochs"?',
    ],
    [
      { ...right, space: { ...space, batchsize: [1] } },
      'space.batchsize is not a known key; did you mean "batchSize"?',
    ],
    [{ ...right, search: { methd: 'grid' } }, 'search.methd is not a known key; did you mean "method"?'],
    [
      { ...right, final: { epochs: 1, strat: 'best weights' } },
      'final.strat is not a known key; did you mean "start"?',
    ],
    [
      { ...right, published: { testAcuracy: 1 } },
      'published.testAcuracy is not a known key; did you mean "testAccuracy"?',
    ],
    [
      { ...right, model: { ...model, initialWeights: { layers } } },
      'model.initialWeights.layers[0].weigths is not a known key; did you mean "weights"?',
    ],
  ];
  for (const [definition, fault] of cases) t.same(faultsOf(definition), [fault]);
});

t.test('values to try that stand beside the space are shown the way to it', async (t) => {
  const { training, model } = right;
  t.same(
    faultsOf({
      ...right,
      learningRate: 0.1,
      model: { ...model, hidden: [[20], [64, 32]] },
      training: {
        ...training,
        batchSize: [16, 32],
        momentum: { float: [0, 0.9] },
        optimizer: ['sgd', 'adam'],
      },
    }),
    [
      'model.hidden is one value for all trials, but got [[20],[64,32]]: to try several, write space.hidden: [[20],[64,32]].',
      'training.optimizer is one value for all trials, but got ["sgd","adam"]: to try several, write space.optimizer: ["sgd","adam"].',
      'training.momentum is one value for all trials, but got {"float":[0,0.9]}: to try several, write space.momentum: {"float":[0,0.9]}.',
      'training.batchSize belongs in the space: write space.batchSize: [16,32].',
      'learningRate belongs in the space: write space.learningRate: [0.1].',
    ],
  );
  t.same(faultsOf({ ...right, training: { ...training, batchSize: 'all' } }), [
    'training.batchSize belongs in the space: write space.batchSize: a list of values to try.',
  ]);
  // As --set training.epochs=5,10 has it.
  t.same(faultsOf({ ...right, training: { ...training, epochs: '5, 10' } }), [
    'training.epochs is one value for all trials, but got "5, 10": to try several, write space.epochs: [5,10].',
  ]);
  t.same(faultsOf({ ...right, model: { ...model, activation: 'tanh,relu' } }), [
    'model.activation is one value for all trials, but got "tanh,relu": to try several, write space.activation: ["tanh","relu"].',
  ]);
});

t.test('where no known key is near, all of them are named', async (t) => {
  t.same(faultsOf({ ...right, search: { beginning: 1 } }).length, 1);
  t.match(faultsOf({ ...right, search: { beginning: 1 } }), [
    /^search\.beginning is not a known key; known keys here are method, trials, lag, /,
  ]);
});

t.test('a folder beside MNIST is refused, for it would not be read', async (t) => {
  const [fault] = faultsOf({ ...right, data: { ...right.data, folder: 'pictures' } });
  t.match(fault, /^data\.folder is not a known key/);
});

t.test('a learning rate must be a finite number above 0', async (t) => {
  for (const [value, shown] of [
    [0, '0'],
    [-0, '0'],
    [-0.1, '-0.1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [1e39, '1e+39'],
    [1e-46, '1e-46'],
    ['0.1', '"0.1"'],
    [null, 'null'],
    [true, 'true'],
  ] as const) {
    t.same(
      faultsOf({ ...right, space: { ...right.space, learningRate: [0.1, value] } }),
      [`space.learningRate[1] must be a finite number greater than 0, but got ${shown}.`],
      shown,
    );
  }
});

t.test('a batch size must be a whole number from 1 to the training rows', async (t) => {
  const faults = (batchSize: unknown) =>
    faultsOf({ ...right, space: { ...right.space, batchSize: [10, batchSize] } });
  for (const [value, shown] of [
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    ['16', '"16"'],
  ] as const) {
    t.same(faults(value), [
      `space.batchSize[1] must be a whole number from 1 to the number of training rows, but got ${shown}.`,
    ]);
  }
  t.same(faults(100), [], 'one batch of all rows');
  t.same(faults(101), [
    'space.batchSize[1] must be a whole number from 1 to 100 (the training rows), but got 101.',
  ]);
});

t.test('an axis must be a list that is not empty', async (t) => {
  t.same(faultsOf({ ...right, space: { learningRate: [], batchSize: 16 } }), [
    'space.learningRate must be a list of 1 to 1000000 learning rates, but got [].',
    'space.batchSize must be a list of 1 to 1000000 batch sizes or { int: [min, max] }, but got 16.',
  ]);
});

t.test('whole numbers have their limits told', async (t) => {
  t.same(faultsOf({ ...right, seed: -1, training: { epochs: 0 }, model: { hidden: [0, 70_000] } }), [
    'seed must be a whole number from 0 to 9007199254740991, but got -1.',
    'model.hidden[0] must be a whole number from 1 to 65535, but got 0.',
    'model.hidden[1] must be a whole number from 1 to 65535, but got 70000.',
    'training.epochs must be a whole number from 1 to 100000, but got 0.',
  ]);
});

t.test('a choice names what can be chosen', async (t) => {
  t.same(faultsOf({ ...right, training: { epochs: 1, reduction: 'avg' } }), [
    'training.reduction must be "sum" or "mean", but got "avg".',
  ]);
  t.same(faultsOf({ ...right, data: { ...right.data, source: 'mnst' } }), [
    'data.source must be "mnist", "idx", "csv" or "arrays", but got "mnst".',
  ]);
  const [fault] = faultsOf({ ...right, model: { hidden: [], initialWeights: 'xavier' } });
  t.match(fault, /^model\.initialWeights must be "xavier-uniform", .* but got "xavier"\.$/);
});

t.test('a key in the wrong group is shown where it belongs', async (t) => {
  const { data, model } = right;
  const cases = [
    [{ search: { seed: 1 } }, 'search.seed is not a known key; did you mean "seed" at the top?'],
    [{ trials: 9 }, 'trials is not a known key; did you mean "search.trials"?'],
    [{ replicates: 3 }, 'replicates is not a known key; did you mean "search.replicates"?'],
    [{ metric: 'validationLoss' }, 'metric is not a known key; did you mean "search.metric"?'],
    [{ search: { prune: {} } }, 'search.prune is not a known key; did you mean "prune" at the top?'],
    [{ model: { ...model, epochs: 3 } }, 'model.epochs is not a known key; did you mean "training.epochs"?'],
    [
      { data: { ...data, batchSize: 8 } },
      'data.batchSize is not a known key; did you mean "space.batchSize"?',
    ],
  ] as const;
  for (const [change, fault] of cases) t.same(faultsOf({ ...right, ...change }), [fault]);
});

t.test(
  'a name of another tool is shown what it is here, in a definition or on the command line',
  async (t) => {
    const { space } = right;
    const cases = [
      [{ search: { pruner: 'asha' } }, 'search.pruner is not a known key; did you mean "prune" at the top?'],
      [{ search: { sampler: 'tpe' } }, 'search.sampler is not a known key; did you mean "search.method"?'],
      [
        { search: { direction: 'max' } },
        'search.direction is not a known key; did you mean "search.metric"?',
      ],
      [{ n_trials: 9 }, 'n_trials is not a known key; did you mean "search.trials"?'],
      [{ space: { ...space, lr: [1] } }, 'space.lr is not a known key; did you mean "space.learningRate"?'],
      [{ threads: 4 }, 'threads is not a known key; did you mean the option --threads?'],
      [{ limits: { n_jobs: 4 } }, 'limits.n_jobs is not a known key; did you mean the option --threads?'],
      [{ storage: 'a.db' }, 'storage is not a known key; did you mean the option --db?'],
    ] as const;
    for (const [change, fault] of cases) t.same(faultsOf({ ...right, ...change }), [fault]);
  },
);

t.test('what a misspelt key holds is not said to be missing', async (t) => {
  const { space, ...others } = right;
  t.same(faultsOf({ ...others, spcae: space }), ['spcae is not a known key; did you mean "space"?']);
  t.same(faultsOf({ ...others, spcae: { ...space, batchSize: [0], lamda: [1] } }), [
    'spcae is not a known key; did you mean "space"?',
    'space.lamda is not a known key; did you mean "lambda"?',
    'space.batchSize[0] must be a whole number from 1 to the number of training rows, but got 0.',
  ]);
  t.same(faultsOf({ ...right, space: { ...space, batchsize: 'x' } }), [
    'space.batchsize is not a known key; did you mean "batchSize"?',
  ]);
});

t.test('what is missing is said to be missing', async (t) => {
  t.same(faultsOf({ model: {} }), [
    'name must be a name, but it is missing.',
    'data must be a group such as { source: mnist, train: [0, 3000], validation: [50000, 60000] }, but it is missing.',
    'space must hold the keys learningRate, batchSize and may hold 23 others, but it is missing.',
    'model.hidden must be a list of 0 to 32 numbers of units, but it is missing.',
    'training.epochs must be a whole number from 1 to 100000, but it is missing.',
  ]);
});

const whatIsTried =
  /^the definition must have a name and say what is tried: objective \(a module .*\), metrics and space; or data, model, training and space for the built-in network, but /;

t.test('a definition that says nothing of what is tried is told of both possibilities', async (t) => {
  for (const definition of [{}, { name: 'a', seed: 1, space: { alpha: [1] }, search: { result: 'last' } }]) {
    const [fault, ...others] = faultsOf(definition).reverse();
    t.match(fault, whatIsTried);
    t.match(fault, /but it has neither an objective nor data\.$/);
    t.same(others, 'name' in definition ? [] : ['name must be a name, but it is missing.']);
  }
  const [unknown] = faultsOf({ name: 'a', colour: 'red' });
  t.match(unknown, /^colour is not a known key; known keys here are .*\bdata\b.*\bobjective\b.*\bmetrics\b/);
});

t.test('what is no definition at all is refused as one', async (t) => {
  for (const value of [null, undefined, 5, 'text', [], () => ({})]) {
    const faults = faultsOf(value);
    t.equal(faults.length, 1, String(value));
    t.match(faults[0], whatIsTried);
    t.match(faults[0], /, but (?:got .+|it is empty|it is missing)\.$/);
  }
});

t.test('ranges of rows are checked against each other', async (t) => {
  t.match(faultsOf({ ...right, data: { ...right.data, validation: [50, 150] } }), [
    /^data\.validation must not share rows with data\.train/,
  ]);
  t.match(faultsOf({ ...right, data: { ...right.data, train: [5, 5] } }), [/^data\.train must be/]);
  t.match(faultsOf({ ...right, data: { ...right.data, train: [0] } }), [
    /^data\.train must be a pair of rows/,
  ]);
});

t.test('a final training needs test rows', async (t) => {
  const { test: _, ...data } = right.data;
  t.same(faultsOf({ ...right, data }), []);
  t.same(faultsOf({ ...right, data, final: { epochs: 1 } }), [
    'data.test must name the test rows, for example [0, 10000]: there is a final training.',
  ]);
});

t.test('names of classes are as many as the classes', async (t) => {
  const data = { ...right.data, source: 'idx', folder: 'x', classes: 3 };
  t.same(faultsOf({ ...right, data: { ...data, classNames: ['shirt', 'boot', 'bag'] } }), []);
  t.same(faultsOf({ ...right, data: { ...data, classNames: ['shirt', 'boot'] } }), [
    'data.classNames must have as many names as there are classes: data.classes is 3, but there are 2 names.',
  ]);
  t.match(faultsOf({ ...right, data: { ...data, classNames: ['shirt', 7, 'bag'] } }), [/name of a class/]);
});

t.test('a lambda needs a penalty to belong to', async (t) => {
  t.same(faultsOf({ ...right, training: { epochs: 1, lambda: 0.1 } }), [
    'training.lambda needs training.penalty "l1" or "l2", but that is "none".',
  ]);
  t.same(faultsOf({ ...right, training: { epochs: 1, lambda: 0.1, penalty: 'l1' } }), []);
});

t.test('all faults are told at once, those between fields too', async (t) => {
  const faults = faultsOf({
    nam: 'x',
    data: { source: 'mnist', trian: [0, 1], train: [0, 100], validation: [50, 150] },
    model: { hidden: [0] },
    training: { epochs: 'x', lambda: 1 },
    space: { learningRate: [0, 'a'], batchSize: [0, 101] },
    final: { epochs: 1 },
  });
  const paths = faults.map((fault) => fault.split(' ')[0]).sort();
  t.same(paths, [
    'data.test',
    'data.trian',
    'data.validation',
    'model.hidden[0]',
    'nam',
    'space.batchSize[0]',
    'space.batchSize[1]',
    'space.learningRate[0]',
    'space.learningRate[1]',
    'training.epochs',
    'training.lambda',
  ]);
});

t.test('a foreign value can neither break a message nor the terminal', async (t) => {
  const circular: unknown[] = [];
  circular.push(circular);
  t.match(faultsOf({ ...right, name: circular }), [/^name must be a name, but got .*Circular/]);
  t.same(faultsOf({ ...right, name: '\u001b[31m', seed: '\u001b[31m' }), [
    'seed must be a whole number from 0 to 9007199254740991, but got "\\u001b[31m".',
  ]);
  t.match(faultsOf({ ...right, '\u001b[31m\n': 1 }), [/^"\\u001b\[31m\\n" is not a known key/]);
  t.match(faultsOf({ ...right, name: 'x'.repeat(10_000) }), [/^name must have at most 100 characters/]);
  t.ok((faultsOf({ ...right, seed: 'x'.repeat(10_000) })[0] as string).length < 200);
});

t.test('a definition with its defaults is right too, as a recorded one must be', async (t) => {
  for (const definition of [right, { ...right, start: { file: 'start.json' } }]) {
    const experiment = checkDefinition(definition, 'the test');
    t.same(checkDefinition(JSON.parse(JSON.stringify(experiment)), 'the test'), experiment);
  }
});

t.test('the rows of a table are named by ranges or by a split, not by both', async (t) => {
  const table = { source: 'csv', file: 'a.csv', label: 'kind' };
  const faults = (data: object, rest: object = {}) =>
    faultsOf({ ...right, data: { ...table, ...data }, ...rest });
  const split = { validation: 0.2, test: 0.2 };
  t.same(faults({ split }), []);
  t.same(faults({ split, train: [0, 500], shuffle: 1 }), [
    'data.split says which rows are for what: take data.train out, or data.split.',
    'data.split says which rows are for what: take data.shuffle out, or data.split.',
  ]);
  t.match(faults({ split: { test: 0.2 } }), [/data\.split\.validation must be a share.*but it is missing/]);
  t.match(faults({ split, testFile: 'b.csv' }), [/there is a data\.testFile/]);
  t.same(faults({ split: { validation: 0.2 }, testFile: 'b.csv', test: [0, 5] }), []);
  t.match(faults({ validation: [0, 5] }), [/^data\.train must be a pair of rows .* but it is missing\.$/]);
  t.match(faults({ split: { validation: 0.2 } }, { final: { epochs: 1 } }), [
    /data\.test must name the test rows/,
  ]);
  for (const validation of [0, 1.5, -1, '0.2', Number.NaN])
    t.match(faults({ split: { ...split, validation } }), [
      /data\.split\.validation must be a share of the rows above 0 and below 1, or a whole number/,
    ]);
});

t.test('folds stand in place of validation rows', async (t) => {
  const { validation, ...data } = right.data;
  const folds = (change: object) => faultsOf({ ...right, data: { ...data, folds: 5, ...change } });
  t.same(folds({ train: [0, 125] }), []);
  t.match(folds({ train: [0, 120] }), [/batchSize\[1\] must be a whole number from 1 to 96/]);
  t.match(folds({ train: [0, 125], validation }), [
    /data\.folds says .* take data\.validation out, or data\.folds/,
  ]);
  t.match(folds({ folds: 1 }), [/data\.folds must be a whole number from 2 to 1000/]);
  t.match(folds({ folds: undefined }), [/data\.validation must be a pair of rows .* but it is missing/]);
  const table = { source: 'csv', file: 'a.csv', label: 'kind' };
  const split = (change: object) =>
    faultsOf({ ...right, data: { ...table, folds: 5, split: { test: 0.2, stratified: true, ...change } } });
  t.same(split({}), []);
  t.match(split({ validation: 0.2 }), [/take data\.split\.validation out, or data\.folds/]);
});
