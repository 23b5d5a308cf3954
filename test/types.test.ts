/** What the type checker must refuse: `npm run check:types` fails where a line marked as an error is none. */
import t from 'tap';
import { defineExperiment } from '../src/experiment/define.ts';
import { boolean, choice, float, int } from '../src/space/builders.ts';
import { openStudy } from '../src/sweep/open-study.ts';
import type { runSweep, sweepEvents, TypedSweepResult } from '../src/sweep/run-sweep.ts';

const right = {
  name: 'right',
  data: { source: 'mnist', train: [0, 100], validation: [100, 200] },
  model: { hidden: [20] },
  training: { epochs: 1 },
  space: { learningRate: [0.1], batchSize: [10, 20] },
} as const;

t.test('a definition comes back as it was given, its batch sizes known to the type checker', async (t) => {
  const experiment = defineExperiment(right);
  const [batchSize]: readonly (10 | 20)[] = experiment.space.batchSize;
  // @ts-expect-error: 30 is no batch size of this definition
  t.not(batchSize, 30 satisfies typeof batchSize);
  t.same(experiment, right);
});

t.test('a misspelt key does not compile', async (t) => {
  // @ts-expect-error: training is misspelt
  defineExperiment({ ...right, trainnig: { epochs: 1 } });
  // @ts-expect-error: epochs is misspelt
  defineExperiment({ ...right, training: { epoch: 1 } });
  // @ts-expect-error: learningRate is misspelt
  defineExperiment({ ...right, space: { learningRates: [0.1], batchSize: [10] } });
  // @ts-expect-error: validation is misspelt
  defineExperiment({ ...right, data: { source: 'mnist', train: [0, 1], validatoin: [1, 2] } });
  t.pass('tsc decides');
});

t.test('a mistyped value does not compile', async (t) => {
  // @ts-expect-error: a number of epochs is no text
  defineExperiment({ ...right, training: { epochs: '100' } });
  // @ts-expect-error: a list is wanted, even of one value
  defineExperiment({ ...right, space: { learningRate: 0.1, batchSize: [10] } });
  // @ts-expect-error: there is no such activation
  defineExperiment({ ...right, model: { hidden: [20], activation: 'relux' } });
  // @ts-expect-error: a range of rows is a pair
  defineExperiment({ ...right, data: { source: 'mnist', train: [0, 1, 2], validation: [3, 4] } });
  // @ts-expect-error: a folder of files must be named
  defineExperiment({ ...right, data: { source: 'idx', train: [0, 1], validation: [1, 2] } });
  t.pass('tsc decides');
});

t.test('a key that is needed cannot be left out', async (t) => {
  const { space: _, ...withoutSpace } = right;
  // @ts-expect-error: nothing to try
  defineExperiment(withoutSpace);
  const { model: _model, ...withoutModel } = right;
  // @ts-expect-error: no network
  defineExperiment(withoutModel);
  // @ts-expect-error: epochs is missing
  defineExperiment({ ...right, training: {} });
  t.pass('tsc decides');
});

t.test('a setting that every trial has of the space need not be written', async (t) => {
  const { model: _model, training: _training, ...rest } = right;
  const space = { ...right.space, hidden: choice([20], [64, 32]), epochs: int(1, 9) };
  defineExperiment({ ...rest, space });
  defineExperiment({ ...rest, space, model: { activation: 'relu' }, training: {} });
  // @ts-expect-error: the space names no epochs
  defineExperiment({ ...rest, space: { ...right.space, hidden: [[20]] } });
  const ofRelu = { choice: [[64]], when: { activation: 'relu' } } as const;
  // @ts-expect-error: other activations would have no hidden layers
  defineExperiment({ ...right, model: {}, space: { ...right.space, activation: ['relu'], hidden: ofRelu } });
  t.pass('tsc decides');
});

t.test('the result of a sweep knows the space that was searched', async (t) => {
  const experiment = defineExperiment({
    ...right,
    space: { learningRate: [0.1], batchSize: [128, 256, 384] },
  });
  type Result = Awaited<ReturnType<typeof runSweep<typeof experiment.space>>>;
  const params = (result: Result) => result.winner?.params;
  const batchSize = (result: Result): 128 | 256 | 384 | undefined => params(result)?.batchSize;
  const learningRate = (result: Result): number | undefined => params(result)?.learningRate;
  // @ts-expect-error: 512 was not searched
  const isOther = (result: Result) => params(result)?.batchSize === 512;
  // @ts-expect-error: learningRate is misspelt
  const misspelt = (result: Result) => params(result)?.learninRate;
  const inTrials = (result: TypedSweepResult<{ learningRate: [0.1]; batchSize: [1, 2] }>): (1 | 2)[] =>
    result.trials.map(({ params }) => params.batchSize);
  t.ok([batchSize, learningRate, isOther, misspelt, inTrials].every(Boolean), 'tsc decides');
});

const ridge = {
  name: 'ridge',
  space: { alpha: [0.1, 1], solver: ['lu', 'qr'] },
  metrics: { error: 'minimise', seconds: 'none' },
} as const;

t.test('the function of a definition knows its parameters and its metrics', async (t) => {
  defineExperiment({
    ...ridge,
    async objective({ params, report, random, signal, save }) {
      const alpha: 0.1 | 1 = params.alpha;
      const solver: 'lu' | 'qr' = params.solver;
      await report(1, { error: alpha * random(), seconds: signal.aborted ? 1 : solver.length });
      save(new Uint8Array(1));
    },
  });
  defineExperiment({ ...ridge, objective: ({ params }) => ({ error: params.alpha, seconds: 1 }) });
  defineExperiment({ ...ridge, metrics: ['error'], objective: async ({ params }) => params.alpha });
  defineExperiment({ ...ridge, objective: './ridge.ts' });
  defineExperiment({ ...ridge, objective: { command: ['python3', 'ridge.py', '{args}'] } });
  t.pass('tsc decides');
});

t.test('a misspelt parameter or metric of an objective does not compile', async (t) => {
  // @ts-expect-error: alpha is misspelt
  defineExperiment({ ...ridge, objective: ({ params }) => ({ error: params.alfa, seconds: 1 }) });
  defineExperiment({
    ...ridge,
    // @ts-expect-error: the solver is not "lq"
    objective: ({ params }) => ({ error: params.solver === 'lq' ? 1 : 2, seconds: 1 }),
  });
  defineExperiment({
    ...ridge,
    async objective({ report }) {
      // @ts-expect-error: error is misspelt
      await report(1, { eror: 1, seconds: 1 });
      // @ts-expect-error: seconds is missing
      await report(2, { error: 1 });
    },
  });
  defineExperiment({
    ...ridge,
    metrics: ['error', 'seconds'],
    async objective({ report }) {
      await report(1, { error: 1, seconds: 1 });
      // @ts-expect-error: a bare list names them too
      await report(2, { error: 1, second: 1 });
    },
  });
  // @ts-expect-error: what is given back is misspelt
  defineExperiment({ ...ridge, objective: () => ({ eror: 1, seconds: 1 }) });
  // @ts-expect-error: there is no such goal
  defineExperiment({ ...ridge, metrics: { error: 'smallest' }, objective: './ridge.ts' });
  defineExperiment({ ...ridge, metrics: { error: 'minimize' }, objective: './ridge.ts' });
  // @ts-expect-error: there is nothing to measure
  defineExperiment({ name: 'ridge', space: ridge.space, objective: './ridge.ts' });
  // @ts-expect-error: the network's keys have no place beside an objective
  defineExperiment({ ...ridge, objective: './ridge.ts', model: { hidden: [20] } });
  t.pass('tsc decides');
});

t.test('ranges and conditions are known to the function', async (t) => {
  defineExperiment({
    ...ridge,
    space: {
      alpha: float(1e-6, 10, 'log'),
      solver: choice('lu', 'qr'),
      degree: int(1, 8).when('solver', 'qr'),
      centred: boolean(),
      bins: { int: [8, 64], step: 8 },
    },
    objective({ params }) {
      const alpha: number = params.alpha;
      const solver: 'lu' | 'qr' = params.solver;
      const degree: number | undefined = params.degree;
      const centred: boolean = params.centred;
      const bins: number = params.bins;
      // @ts-expect-error: it may be absent
      const surely: number = params.degree;
      return { error: alpha, seconds: centred ? bins : solver.length + (degree ?? surely) };
    },
  });
  // @ts-expect-error: a scale is "log" or nothing
  float(1, 2, 'logarithmic');
  // @ts-expect-error: a range has two ends
  int(1);
  // @ts-expect-error: there is nothing to choose from
  choice();
  t.pass('tsc decides');
});

t.test('a conditional parameter is known where its condition is', async (t) => {
  defineExperiment({
    ...ridge,
    space: {
      solver: choice('lu', 'qr', 'svd'),
      degree: int(1, 8).when('solver', 'qr', 'svd'),
      kind: { choice: ['a', 'b'], when: { solver: 'svd' } },
      deep: { float: [0, 1], when: { kind: 'a' } },
      rows: int(1, 9),
      many: { choice: [true, false], when: { rows: 3 } },
    },
    objective({ params }) {
      const perhaps: number | undefined = params.degree;
      const many: boolean | undefined = params.many;
      if (params.solver === 'lu') {
        const absent: undefined = params.degree;
        return { error: absent ?? 0, seconds: 1 };
      }
      const degree: number = params.degree;
      // @ts-expect-error: the solver may be qr
      const kind: 'a' | 'b' = params.kind;
      if (params.solver === 'svd') {
        const surely: 'a' | 'b' = params.kind;
        if (params.kind === 'a') return { error: params.deep, seconds: surely.length };
        // @ts-expect-error: it is absent where the kind is b
        const deep: number = params.deep;
        return { error: deep, seconds: 1 };
      }
      return { error: degree + (perhaps ?? 0), seconds: many === true ? 1 : kind.length };
    },
  });
  t.pass('tsc decides');
});

t.test('the result of an objective run from a program knows its parameters and its metrics', async (t) => {
  const run = async (sweep: typeof runSweep, events: typeof sweepEvents) => {
    const objective = './ridge.ts';
    const options = { database: 'ridge.db' };
    const { winner, trials, metrics } = await sweep({ ...ridge, objective }, options);
    const alpha: 0.1 | 1 | undefined = winner?.params.alpha;
    const solvers: ('lu' | 'qr')[] = trials.map(({ params }) => params.solver);
    const names: ('error' | 'seconds')[] = metrics.map(({ name }) => name);
    // @ts-expect-error: alpha is misspelt
    void winner?.params.alfa;
    // @ts-expect-error: there is no such metric
    metrics.find(({ name }) => name === 'loss');
    // @ts-expect-error: a function of the program is none that a thread could import
    await sweep({ ...ridge, objective: ({ params }) => ({ error: params.alpha, seconds: 1 }) }, options);
    // @ts-expect-error: the network's keys have no place beside an objective
    await sweep({ ...ridge, objective, model: { hidden: [20] } }, options);
    for await (const event of events({ ...ridge, objective: { command: ['true'] } }, options))
      if (event.kind === 'sweep finished')
        event.result.metrics[0]?.name satisfies 'error' | 'seconds' | undefined;
    return [alpha, solvers, names];
  };
  t.ok(run, 'tsc decides');
});

t.test('a study knows its parameters and its metrics', async (t) => {
  const study = (database: string) =>
    openStudy(
      { name: 'x', space: { a: float(0, 1), b: choice('c', 'd') }, metrics: { loss: 'minimise' } },
      { database },
    );
  const use = async () => {
    const trial = await study('x.db').ask();
    const a: number | undefined = trial?.params.a;
    const b: 'c' | 'd' | undefined = trial?.params.b;
    // @ts-expect-error: there is no such parameter
    void trial?.params.c;
    // @ts-expect-error: the metric is misspelt
    await trial?.tell({ los: 1 });
    return [a, b];
  };
  t.ok(use, 'tsc decides');
});
