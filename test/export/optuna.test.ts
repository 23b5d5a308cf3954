import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { optunaStudyOf } from '../../src/export/optuna.ts';
import type { NetworkMetric } from '../../src/metric.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import { diverged, done, failed, spec, stopped, storeWith } from '../store/example.ts';
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
