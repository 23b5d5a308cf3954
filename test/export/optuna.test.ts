import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { optunaStudyOf } from '../../src/export/optuna.ts';
import { distributionsOf } from '../../src/export/optuna-distributions.ts';
import type { NetworkMetric } from '../../src/metric.ts';
import type { Space } from '../../src/space/space.ts';
import type { Experiment, NewExperiment } from '../../src/store/results.ts';
import { openStore } from '../../src/store/store.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import { diverged, done, failed, spec, stopped, storeWith } from '../store/example.ts';
import { addObjective, definition, ended } from '../store/objective-example.ts';
import { absent, fromPython } from './foreign.ts';

/** The study of an experiment whose trials ended so, and a trial that waits still. */
function studyAt(folder: string, outcomes: readonly TrialOutcome[], metric?: NetworkMetric): string {
  const { store, experimentId } = storeWith(folder, outcomes, metric);
  store.addTrials(experimentId, [spec(99)]);
  const experiment = store.latestExperiment();
  if (experiment === undefined) throw new Error('There is no experiment.');
  const path = `${folder}/study.db`;
  writeFileSync(path, optunaStudyOf(store, experiment));
  store.close();
  return path;
}

const outcomes = [done(0.9, 0.3), diverged, done(0.95, 0.4), failed, stopped];

t.test('results become finished trials; what has no result is left out', async (t) => {
  const study = new Database(studyAt(t.testdir(), outcomes), { readonly: true });
  t.teardown(() => study.close());
  const all = (sql: string) => study.prepare(sql).raw().all();
  t.same(all('SELECT number, state FROM trials ORDER BY number'), [
    [0, 'COMPLETE'],
    [1, 'FAIL'],
    [2, 'COMPLETE'],
    [3, 'FAIL'],
  ]);
  t.same(all('SELECT trial_id, value, value_type FROM trial_values'), [
    [1, 0.9, 'FINITE'],
    [3, 0.95, 'FINITE'],
  ]);
  t.same(all('SELECT direction FROM study_directions'), [['MAXIMIZE']]);
  t.same(all('SELECT version_num FROM alembic_version'), [['v3.2.0.a']]);
  t.same(
    all('SELECT trial_id, step, intermediate_value FROM trial_intermediate_values WHERE trial_id <> 3'),
    [
      [1, 1, 0.9],
      [1, 2, 0.45],
      [2, 1, 1],
    ],
  );
  const [[json]] = all("SELECT distribution_json FROM trial_params WHERE param_name = 'learningRate'") as [
    [string],
  ];
  t.same(JSON.parse(json), {
    name: 'FloatDistribution',
    attributes: { step: null, low: 0.025, high: 0.1, log: true },
  });
});

t.test('a loss is minimised', async (t) => {
  const study = new Database(studyAt(t.testdir(), outcomes, 'validationLoss'), { readonly: true });
  t.teardown(() => study.close());
  t.same(study.prepare('SELECT direction FROM study_directions').pluck().all(), ['MINIMIZE']);
  t.same(study.prepare('SELECT value FROM trial_values').pluck().all(), [0.3, 0.4]);
});

t.test('the search alone is a study, and each trial lasts as long as it took', async (t) => {
  const { store, experimentId } = storeWith(t.testdir(), [done(0.9)]);
  const [final] = store.addTrials(experimentId, [spec(1, 'final')]);
  store.startAttempt(final?.id as number);
  store.finish(final?.id as number, done(1));
  const path = `${t.testdirName}/study.db`;
  writeFileSync(path, optunaStudyOf(store, store.latestExperiment() as Experiment));
  store.close();
  const study = new Database(path, { readonly: true });
  t.teardown(() => study.close());
  t.same(study.prepare('SELECT state, datetime_start, datetime_complete FROM trials').raw().all(), [
    ['COMPLETE', '2026-01-02 03:04:05.678000', '2026-01-02 03:04:06.928000'],
  ]);
});

t.test('an experiment without any result is a study without trials', async (t) => {
  const study = new Database(studyAt(t.testdir(), []), { readonly: true });
  t.teardown(() => study.close());
  t.equal(study.prepare('SELECT count(*) FROM trials').pluck().get(), 0);
});

t.test('Optuna opens the study as it is and goes on with it', { skip: absent('optuna') }, async (t) => {
  const script = `
import json, sys, optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.load_study(study_name='paper', storage='sqlite:///' + sys.argv[1])
before = {
  'states': [trial.state.name for trial in study.trials],
  'best': study.best_value,
  'params': study.best_params,
  'values': [trial.value for trial in study.trials],
  'curve': study.best_trial.intermediate_values,
  'ranges': {name: repr(range) for name, range in study.best_trial.distributions.items()},
  'key': study.best_trial.user_attrs['trialKey'],
}
def objective(trial):
    rate = trial.suggest_float('learningRate', 1e-4, 1, log=True)
    return rate + trial.suggest_int('batchSize', 16, 512) / 1000
study.optimize(objective, n_trials=3)
print(json.dumps({**before, 'after': len(study.trials)}))
`;
  t.same(fromPython('optuna', script, studyAt(t.testdir(), outcomes)), {
    states: ['COMPLETE', 'FAIL', 'COMPLETE', 'FAIL'],
    best: 0.95,
    params: spec(3).params,
    values: [0.9, null, 0.95, null],
    ranges: {
      learningRate: 'FloatDistribution(high=0.1, log=True, low=0.025, step=None)',
      batchSize: 'IntDistribution(high=512, log=False, low=128, step=1)',
    },
    curve: { 1: 0.95, 2: 0.475 },
    key: spec(3).key,
    after: 7,
  });
});

const objectiveStudy = (
  folder: string,
  changes: Partial<NewExperiment> = {},
  others: readonly TrialOutcome[] = [],
): string => {
  const store = openStore(`${folder}/results.db`);
  const experimentId = addObjective(store, changes);
  for (const [index, outcome] of others.entries()) {
    const params = { alpha: 0.5 + index, solver: 'lu', scale: true };
    const [added] = store.addTrials(experimentId, [{ ...spec(20 + index), params }]);
    store.startAttempt(added?.id as number);
    store.finish(added?.id as number, outcome);
  }
  const path = `${folder}/study.db`;
  writeFileSync(path, optunaStudyOf(store, store.latestExperiment() as Experiment));
  store.close();
  return path;
};

/** What SQLite finds in a study. */
function rowsIn(t: Test, path: string, sql: string): unknown[] {
  const study = new Database(path, { readonly: true });
  t.teardown(() => study.close());
  return study.prepare(sql).raw().all();
}

t.test('a pruned trial has its last value, of one metric; of several nothing is pruned', async (t) => {
  const valuesOf4 = (path: string) =>
    rowsIn(t, path, 'SELECT objective, value FROM trial_values WHERE trial_id = 4');
  const worse = objectiveStudy(t.testdir(), {}, [ended('pruned', [reportAt(1, 1), reportAt(3, 2)])]);
  t.same(
    rowsIn(t, worse, 'SELECT state, value FROM trials JOIN trial_values USING (trial_id) WHERE number = 6'),
    [['PRUNED', 2]],
  );
  t.same(valuesOf4(objectiveStudy(t.testdir())), [[0, 2.25]]);
  const search = { metrics: ['error', 'fitMs'] };
  t.same(
    valuesOf4(objectiveStudy(t.testdir(), { definition: JSON.stringify({ ...definition, search }) })),
    [],
  );
});

const reportAt = (step: number, error: number) => ({ step, values: [error, 1, 455] });

t.test(
  'a metric takes the place of nothing that is told of every trial, whatever it is called',
  async (t) => {
    const metrics = [
      { name: 'trial', goal: 'minimise' },
      { name: 'replicate', goal: 'none' },
      { name: 'rows', goal: 'none' },
    ] as const;
    const study = objectiveStudy(t.testdir(), { metrics });
    const sql =
      "SELECT key, value_json FROM trial_user_attributes WHERE trial_id = 1 AND key IN ('trial', 'replicate', 'rows') ORDER BY key";
    t.same(rowsIn(t, study, sql), [
      ['replicate', '0'],
      ['rows', '455'],
      ['trial', '1'],
    ]);
  },
);

t.test('numbers that were listed are a range, by their logarithm where all are above 0', async (t) => {
  const attributesOf = (...values: number[]) => {
    const [found] = distributionsOf([{ name: 'x', parameter: { kind: 'choice', values } }]).values();
    return JSON.parse(found?.json ?? '').attributes;
  };
  t.same(attributesOf(0.5, 0.1, 10), { log: true, step: null, low: 0.1, high: 10 });
  t.same(attributesOf(0.5, 0, 10), { log: false, step: null, low: 0, high: 10 });
  t.same(attributesOf(5, 1, 3), { log: false, step: 1, low: 1, high: 5 });
});

t.test(
  'an objective with conditional parameters and pruned trials is read by Optuna',
  { skip: absent('optuna') },
  async (t) => {
    const script = `
import json, sys, optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.load_study(study_name='ridge', storage='sqlite:///' + sys.argv[1])
print(json.dumps({
  'states': [trial.state.name for trial in study.trials],
  'values': [trial.value for trial in study.trials],
  'best': study.best_params,
  'names': study.metric_names,
  'ranges': {name: repr(range) for name, range in study.best_trial.distributions.items()},
  'params': [trial.params for trial in study.trials][0],
  'curve': study.trials[3].intermediate_values,
  'rows': study.best_trial.user_attrs['rows'],
}))
`;
    const study = objectiveStudy(t.testdir());
    t.same(fromPython('optuna', script, study), {
      states: ['COMPLETE', 'COMPLETE', 'COMPLETE', 'PRUNED', 'FAIL', 'FAIL'],
      values: [0.499744, 0.04349248, 0.04992, 2.25, null, null],
      best: { alpha: 0.001, solver: 'qr', degree: 3, scale: true },
      names: ['error'],
      ranges: {
        alpha: 'FloatDistribution(high=1.0, log=True, low=0.001, step=None)',
        solver: "CategoricalDistribution(choices=('lu', 'qr'))",
        degree: 'IntDistribution(high=3, log=False, low=1, step=1)',
        scale: 'CategoricalDistribution(choices=(True,))',
      },
      params: { alpha: 1, solver: 'lu', scale: true },
      curve: { 1: 3.6, 3: 2.25 },
      rows: 455,
    });
  },
);

t.test(
  'several metrics that count alike are directions, and their best trials a front',
  { skip: absent('optuna') },
  async (t) => {
    const search = { metrics: ['error', 'fitMs'] };
    const study = objectiveStudy(t.testdir(), { definition: JSON.stringify({ ...definition, search }) });
    const script = `
import json, sys, optuna
study = optuna.load_study(study_name='ridge', storage='sqlite:///' + sys.argv[1])
print(json.dumps({
  'directions': [direction.name for direction in study.directions],
  'names': study.metric_names,
  'best': [[trial.number, trial.values] for trial in study.best_trials],
}))
`;
    t.same(fromPython('optuna', script, study), {
      directions: ['MINIMIZE', 'MINIMIZE'],
      names: ['error', 'fitMs'],
      best: [[1, [0.04349248, 16.5]]],
    });
  },
);

t.test('each kind of parameter has the distribution that Optuna would suggest it from', async (t) => {
  const space: Space = [
    { name: 'rate', parameter: { kind: 'float', min: 1e-4, max: 10, scale: 'log' } },
    { name: 'share', parameter: { kind: 'float', min: 0, max: 0.95, scale: 'linear', step: 0.2 } },
    { name: 'units', parameter: { kind: 'int', min: 8, max: 512, scale: 'log', step: 1 } },
    { name: 'depth', parameter: { kind: 'int', min: 1, max: 10, scale: 'linear', step: 4 } },
    { name: 'hidden', parameter: { kind: 'choice', values: [[20], [64, 32]] } },
  ];
  const found = distributionsOf(space);
  t.same(
    [...found].map(([name, { json }]) => [name, JSON.parse(json).name, JSON.parse(json).attributes]),
    [
      ['rate', 'FloatDistribution', { log: true, step: null, low: 1e-4, high: 10 }],
      ['share', 'FloatDistribution', { log: false, step: 0.2, low: 0, high: 0.8 }],
      ['units', 'IntDistribution', { log: true, step: 1, low: 8, high: 512 }],
      ['depth', 'IntDistribution', { log: false, step: 4, low: 1, high: 9 }],
      ['hidden', 'CategoricalDistribution', { choices: [[20], [64, 32]] }],
    ],
  );
  t.equal(found.get('hidden')?.internal([64, 32]), 1);
});
