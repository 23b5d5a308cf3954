import { join } from 'node:path';
import t from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { kernelHash } from '../../src/sweep/arithmetic.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { definitionHash } from '../../src/sweep/identity.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { verify } from '../../src/sweep/verify.ts';
import { faultsOf, right } from '../experiment/definition.ts';

/** Two classes that a line through the origin tells apart. */
const rows = Array.from({ length: 60 }, (_, row) => [Math.sin(row), Math.cos(3 * row)] as const);
const arrays = { inputs: rows.flat(), labels: rows.map(([x, y]) => Number(x + y > 0)) };

const definition = {
  name: 'settings',
  data: { source: 'arrays', train: [0, 40], validation: [40, 50], test: [50, 60] },
  model: { hidden: [3] },
  training: { epochs: 2 },
  space: { learningRate: [0.1], batchSize: [8] },
  final: { epochs: 2 },
} as const;

t.test('a trial has the settings that its parameters name, whatever the definition says', async (t) => {
  const lines = rows.map(([x, y], row) => `${x},${y},${arrays.labels[row] === 1 ? 'above' : 'below'}`);
  const folder = t.testdir({ 'rows.csv': ['x,y,side', ...lines].join('\n') });
  const database = join(folder, 'results.db');
  const { data: ranges, model: _model, training: _training, ...others } = definition;
  const own = {
    ...others,
    data: { ...ranges, source: 'csv', file: 'rows.csv', label: 'side' },
    space: { ...others.space, hidden: [[2], [5, 3], []], epochs: [1, 4], activation: ['tanh', 'sigmoid'] },
  } as const;
  const { trials, final, winner } = await runSweep(own, { database, baseFolder: folder, threads: 2 });
  t.equal(trials.length, 12);
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  for (const { id, params, state } of trials) {
    t.equal(state, 'done');
    t.same(results.weights(id, 'best')?.sizes, [2, ...params.hidden, 2]);
    t.equal(results.reports(id).length, params.epochs, 'each has its own length');
  }
  t.same(results.weights(final?.id ?? 0, 'last')?.sizes, [2, ...(winner?.params.hidden ?? [9]), 2]);

  const differences: (readonly string[])[] = [];
  await verify({
    results,
    run: results.latestExperiment() as Parameters<typeof verify>[0]['run'],
    trials: results.trials(1),
    ...{ baseFolder: folder, threads: 2, signal: new AbortController().signal },
    onVerified: (verified) => differences.push(verified.differences),
  });
  t.same(differences, Array(13).fill([]), 'trained again, each gives the same');
});

t.test('a setting of the space is the same trial as one of the definition', async (t) => {
  const { final: _, ...search } = definition;
  const options = { database: join(t.testdir(), 'results.db'), arrays, threads: 1 };
  const bySpace = { ...search, space: { ...search.space, hidden: [[4]], optimizer: ['adam'] } };
  const one = await runSweep(bySpace, options);
  const started: unknown[] = [];
  const onEvent = (event: SweepEvent) => event.kind === 'trial started' && started.push(event);
  const byModel = { ...search, model: { hidden: [4] }, training: { epochs: 2, optimizer: 'adam' } } as const;
  const other = await runSweep(byModel, { ...options, onEvent });
  t.equal(other.trials[0]?.key, one.trials[0]?.key);
  t.equal(started.length, 0, 'it is taken over, and not trained again');
});

t.test(
  'a setting that every trial has of the space need not be written, and is nothing if it is',
  async (t) => {
    const { model: _model, training: _training, ...rest } = right;
    const space = { ...rest.space, hidden: [[20], [3]], epochs: [5, 9] };
    t.same(faultsOf({ ...rest, space }), []);
    const hash = (more: object) => definitionHash(checkDefinition({ ...rest, space, ...more }, 'x'));
    t.equal(hash({ model: { hidden: [7] }, training: { epochs: 1 } }), hash({}), 'no trial keeps it');
    t.not(hash({ model: { activation: 'tanh' } }), hash({}));

    t.same(faultsOf({ ...rest, space: { ...space, hidden: undefined } }), [
      'model.hidden must be a list of 0 to 32 numbers of units, but it is missing.',
    ]);
    const some = { int: [1, 9], when: { activation: 'tanh' } };
    t.same(faultsOf({ ...rest, space: { ...space, activation: ['relu', 'tanh'], epochs: some } }), [
      'training.epochs must be a whole number from 1 to 100000, but it is missing. Trials without space.epochs keep it.',
    ]);
    const hyperband = (prune: object) =>
      faultsOf({ ...rest, space, prune: { method: 'hyperband', ...prune }, search: { trials: 9 } });
    t.same(hyperband({}), [], 'its brackets follow from the longest trial');
    t.match(hyperband({ minResource: 9 }), [/must be less than training\.epochs, 9, but got 9/]);
  },
);

t.test('the arithmetic of a run is that of all of its trials', async (t) => {
  const data = await loadData({ ...checkDefinition(definition, 'x').data }, undefined, arrays);
  const hash = (more: object, training: object = {}) =>
    kernelHash(
      checkDefinition(
        {
          ...definition,
          training: { ...definition.training, ...training },
          space: { ...definition.space, ...more },
        },
        'x',
      ) as never,
      data,
    );
  t.equal(hash({ rowOrder: ['natural', 'shuffled'] }), hash({}), 'no kernel more');
  t.equal(hash({ optimizer: ['adam'] }), hash({}, { optimizer: 'adam' }));
  t.not(hash({ optimizer: ['adam', 'sgd'] }), hash({}));
});

t.test('settings of a space are held to what they must be, alone and together', async (t) => {
  const faults = (space: object, more: object = {}) =>
    faultsOf({ ...right, ...more, space: { ...right.space, ...space } });
  t.same(faults({ hidden: [[20], [0]], lamda: [1] }), [
    'space.lamda is not a known key; did you mean "lambda"?',
    'space.hidden[1][0] must be a whole number from 1 to 65535, but got 0.',
  ]);
  t.same(faults({ optimizer: ['sgd', 'adam'], momentum: [0, 0.9] }), [
    'space.momentum belongs to space.optimizer "sgd", but that is "adam". Such trials can be kept out by a condition (when).',
  ]);
  t.same(
    faults({ optimizer: ['sgd', 'adam'], momentum: { choice: [0, 0.9], when: { optimizer: 'sgd' } } }),
    [],
  );
  t.same(
    faults(
      { penalty: ['none', 'l2'], lambda: { float: [1e-6, 1], scale: 'log', when: { penalty: 'l2' } } },
      { search: { trials: 9 } },
    ),
    [],
  );
  t.same(faults({ hidden: [[1]] }, { start: { file: 'model.json' } }), [
    'start.file gives the weights of one network, so that space.hidden cannot be tried: take one of the two out.',
  ]);
  t.match(faults({ schedule: ['step', 'constant'] }), [
    /^space\.schedule "step" needs training\.every/,
    /gamma/,
  ]);
});
