/** The keys `search` and `prune` of a definition. */
import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { recordedDefinition } from '../../src/experiment/recorded.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { pruneFaults, searchFaults } from '../../src/experiment/search-faults.ts';
import { canonicalJson, definitionHash } from '../../src/sweep/identity.ts';
import { faultsOf, right } from './definition.ts';

type Search = NonNullable<(typeof right & ExperimentInput)['search']>;
type Prune = NonNullable<(typeof right & ExperimentInput)['prune']>;

const checked = (search: Search, prune?: Prune) =>
  checkDefinition({ ...right, search, ...(prune && { prune }) }, 'the test');
const ofSearch = (search: object) => faultsOf({ ...right, search });
const ofPrune = (prune: unknown) => faultsOf({ ...right, prune });
const ranges = { rate: { float: [1e-5, 1], scale: 'log' }, solver: ['lu', 'qr'] } as const;

t.test(
  'finitely many combinations are a grid where nothing is said, and all others are for TPE',
  async (t) => {
    t.equal(checked({}).search.method, 'grid');
    t.same(searchFaults({}, ranges), [
      'search.trials must say with how many trials the search ends, such as 100: "tpe" has no end of its own.',
    ]);
    t.same(searchFaults({ trials: 5 }, ranges), []);
  },
);

t.test('of the keys of a group, what may be left out is told apart', async (t) => {
  t.same(ofSearch({ method: 'tpe', trials: 5, from: 3 }), [
    'search.from must hold the keys database, run and may hold sha256, but got 3.',
  ]);
});

t.test('an option at its default says nothing, however it is written', async (t) => {
  const same = definitionHash(checked({ method: 'tpe', trials: 30 }));
  t.equal(
    definitionHash(checked({ method: 'tpe', trials: 30, gamma: 0.1, multivariate: true, lag: 16 })),
    same,
  );
  t.equal(definitionHash(checked({ method: 'tpe', trials: 40 })), same, 'the budget');
  t.equal(definitionHash(checked({ method: 'tpe', trials: 30 }, { method: 'none' })), same);
  const others = [
    checked({ method: 'tpe', trials: 30, gamma: 0.2 }),
    checked({ method: 'tpe', trials: 30, lag: 8 }),
    checked({ method: 'tpe', trials: 30, enqueue: [{ learningRate: 0.1, batchSize: 10 }] }),
    checked({ method: 'tpe', trials: 30 }, { method: 'median' }),
    checked({ method: 'tpe', trials: 30 }, { method: 'median', startupTrials: 4 }),
  ].map(definitionHash);
  t.equal(new Set([same, ...others]).size, others.length + 1);
});

t.test('a checked definition is one that can be checked and recorded again', async (t) => {
  const experiment = checked({ method: 'tpe', trials: 9, candidates: 5, group: true }, { method: 'asha' });
  t.same(experiment.search, {
    method: 'tpe',
    trials: 9,
    candidates: 5,
    lag: 16,
    metric: 'validationAccuracy',
    replicates: 1,
  });
  t.same(experiment.prune, { method: 'asha', reductionFactor: 4, startupTrials: 0 });
  t.same(checkDefinition(experiment, 'again'), experiment);
  t.same(recordedDefinition({ id: 1, definition: canonicalJson(experiment) }), experiment);
});

t.test('each fault of a search says what came and what to do', async (t) => {
  const tpe = { method: 'tpe', trials: 10 };
  for (const [search, fault] of [
    [{ trials: 0 }, 'search.trials must be a whole number from 1 to 10000000, but got 0.'],
    [{ ...tpe, lag: 0 }, 'search.lag must be a whole number from 1 to 100000, but got 0.'],
    [{ ...tpe, gamma: 2 }, 'search.gamma must be a number from 0.000001 to 1, but got 2.'],
    [{ ...tpe, multivariate: 1 }, 'search.multivariate must be true or false, but got 1.'],
    [{ ...tpe, candidate: 1 }, 'search.candidate is not a known key; did you mean "candidates"?'],
    [
      { method: 'bayes' },
      'search.method must be "grid" or "random" or "sobol" or "halton" or "tpe" or "cma-es", but got "bayes".',
    ],
    [
      { method: 'random' },
      'search.trials must say with how many trials the search ends, such as 100: "random" has no end of its own.',
    ],
    [
      { ...tpe, sigma0: 0.3 },
      'search.sigma0 is for the method "cma-es", but search.method is "tpe": take it out.',
    ],
    [{ gamma: 0.1 }, 'search.gamma is for the method "tpe", but search.method is "grid": take it out.'],
    [
      {
        enqueue: [
          { learningRate: 0.1, batchSize: 10 },
          { learningRate: 0.5, batchSize: 10 },
        ],
      },
      'search.enqueue[1] is no point of the space: learningRate must be 0.1 or 0.01, but got 0.5.',
    ],
    [
      { enqueue: [{ learningRate: 0.1 }] },
      'search.enqueue[0] is no point of the space: batchSize must be 10 or 100, but it is missing.',
    ],
    [{ enqueue: [7] }, 'search.enqueue[0] must be a point such as { learningRate: 0.01 }, but got 7.'],
    [{ enqueue: [] }, 'search.enqueue must be a list of 1 to 10000 points, but got [].'],
  ] as const)
    t.same(ofSearch(search), [fault], JSON.stringify(search));
  t.same(ofSearch({ method: 'cma-es', trials: 9, populationSize: 1 }), [
    'search.populationSize must be a whole number from 2 to 100000, but got 1.',
  ]);
});

t.test('a method that cannot take a parameter names it, and a grid the range that has no end', async (t) => {
  const trials = 10;
  t.match(searchFaults({ method: 'cma-es', trials }, ranges), [
    /takes numbers that always apply, but the parameter "solver" is a choice\. Choose "tpe"/,
  ]);
  t.same(searchFaults({ method: 'cma-es', trials }, { rate: ranges.rate }), []);
  t.same(searchFaults({ method: 'grid' }, ranges), [
    'search.method "grid" needs finitely many values, but space.rate is a range without steps: give it a step, list its values, or choose "tpe".',
  ]);
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x${index}`, [1, 2]]));
  t.match(searchFaults({ method: 'halton', trials }, many), [/"halton" takes at most 128 parameters/]);
});

t.test('each fault of pruning says what came and what to do', async (t) => {
  for (const [prune, fault] of [
    [
      { method: 'mean' },
      'prune.method must be "none" or "median" or "percentile" or "asha" or "hyperband", but got "mean".',
    ],
    ['asha', 'prune must be { method: ... }, such as { method: "asha" }, but got "asha".'],
    [{ method: 'percentile' }, 'prune.percentile must be a number from 0 to 100, but it is missing.'],
    [
      { method: 'asha', reductionFactor: 1 },
      'prune.reductionFactor must be a whole number from 2 to 100, but got 1.',
    ],
    [{ method: 'asha', warmupSteps: 1 }, /^prune\.warmupSteps is not a known key/],
    [
      { method: 'asha', minResource: 5 },
      'prune.minResource must be less than training.epochs, 5, but got 5: nobody would be judged.',
    ],
    [
      { method: 'hyperband', minResource: 4, maxResource: 4 },
      'prune.minResource must be less than prune.maxResource, 4, but got 4: nobody would be judged.',
    ],
    [
      { method: 'median', warmupSteps: 9 },
      'prune.warmupSteps must be less than training.epochs, 5, but got 9: nobody would be judged.',
    ],
  ] as const)
    t.match(ofPrune(prune), [fault], JSON.stringify(prune));
  t.same(ofPrune({ method: 'hyperband' }), [], 'the network has a longest trial');
});

t.test('the brackets of Hyperband need to know how long a trial is', async (t) => {
  const hyperband = { method: 'hyperband', reductionFactor: 3, startupTrials: 0 } as const;
  t.match(pruneFaults(hyperband, undefined), [/^prune\.maxResource must say how many steps/]);
  t.same(pruneFaults({ ...hyperband, maxResource: 81 }, undefined), []);
});

t.test('several metrics count alike where each has a goal, and nobody is pruned by them', async (t) => {
  const objective = {
    name: 'two',
    objective: './two.ts',
    metrics: { error: 'minimise', seconds: 'minimise', rows: 'none' },
    space: { x: [1, 2] },
  };
  const ofObjective = (search: object, others: object = {}) => faultsOf({ ...objective, search, ...others });
  t.same(ofObjective({ metrics: ['error', 'seconds'] }), []);
  t.same(ofObjective({ metrics: ['error', 'rows', 'error', 'cost'] }), [
    'search.metrics[1] must be a metric with the goal "minimise" or "maximise", but "rows" has the goal "none".',
    'search.metrics[2] names "error" a second time.',
    'search.metrics[3] must be a metric with the goal "minimise" or "maximise", but "cost" is none of the metrics.',
  ]);
  t.match(ofObjective({ metrics: ['error'] }), [
    /^search\.metrics must be a list of 2 to 8 names of metrics/,
  ]);
  t.match(ofObjective({ metrics: ['error', 'seconds'] }, { prune: { method: 'median' } }), [
    /^prune needs one metric to judge by/,
  ]);
});
