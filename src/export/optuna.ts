/**
 * The trials of an experiment as an Optuna study in an SQLite file, which Optuna opens and goes on with.
 * Not here: trials without a result (waiting, running, stopped); phase 2.
 */
import { readFileSync } from 'node:fs';
import { recordedDefinition } from '../experiment/recorded.ts';
import { decisive, metricFacts } from '../metric.ts';
import { spaceOf } from '../space/definition.ts';
import type { Space } from '../space/space.ts';
import { identityOf } from '../space/value-identity.ts';
import { databaseBytes, type Insert } from '../store/new-database.ts';
import { type Experiment, networkRun, type Results } from '../store/results.ts';
import type { Trial, Value } from '../trial.ts';
import { distributionsOf } from './optuna-distributions.ts';

/** Optuna's words for which way is better. */
const directions = { maximise: 'MAXIMIZE', minimise: 'MINIMIZE' } as const;

/**
 * The whole file. The study has the experiment's name; done trials are COMPLETE with the metric of their best epoch as
 * value and that of every epoch as intermediate values, diverged and failed ones are FAIL.
 */
export function optunaStudyOf(results: Results, experiment: Experiment): Uint8Array {
  const schema = readFileSync(new URL('./optuna.sql', import.meta.url), 'utf8');
  const { dataHash, kernelHash, metric } = networkRun(experiment);
  const { goal } = metricFacts[metric];
  const trials = results
    .trials(experiment.id)
    .filter(({ role, state }) => role === 'search' && ['done', 'diverged', 'failed'].includes(state));
  const distributions = distributionsOf(spaceIn(experiment, trials));
  return databaseBytes(schema, (insert) => {
    insert('studies', { study_id: 1, study_name: experiment.name });
    insert('study_directions', { direction: directions[goal], study_id: 1, objective: 0 });
    const { id, definitionHash } = experiment;
    for (const [key, value] of Object.entries({ coresweep: id, definitionHash, dataHash, kernelHash })) {
      insert('study_user_attributes', { study_id: 1, key, value_json: JSON.stringify(value) });
    }
    for (const [number, trial] of trials.entries()) {
      const trialId = number + 1;
      insertTrial(insert, experiment, trialId, trial);
      for (const [name, { json, internal }] of distributions) {
        const value = trial.params[name];
        if (value === undefined) continue;
        insert('trial_params', {
          trial_id: trialId,
          param_name: name,
          param_value: internal(value),
          distribution_json: json,
        });
      }
      for (const report of results.reports(trial.id)) {
        insert('trial_intermediate_values', {
          trial_id: trialId,
          step: report.step,
          intermediate_value: decisive(report),
          intermediate_value_type: 'FINITE',
        });
      }
      if (trial.state === 'done') {
        const value = decisive(trial.best);
        insert('trial_values', { trial_id: trialId, objective: 0, value, value_type: 'FINITE' });
      }
    }
  });
}

/** The space of the definition; of a definition that is not read any more, the values that were tried. */
function spaceIn(experiment: Experiment, trials: readonly Trial[]): Space {
  const definition = recordedDefinition(experiment);
  if (definition !== undefined) return spaceOf(definition.space);
  return parametersTried(trials).map(([name, values]) => ({ name, parameter: { kind: 'choice', values } }));
}

function parametersTried(trials: readonly Trial[]): [name: string, values: Value[]][] {
  const names = [...new Set(trials.flatMap(({ params }) => Object.keys(params)))];
  return names.map((name) => {
    const tried = trials.map(({ params }) => params[name]).filter((value) => value !== undefined);
    return [name, [...new Map(tried.map((value) => [identityOf(value), value])).values()]];
  });
}

function insertTrial(insert: Insert, experiment: Experiment, trialId: number, trial: Trial): void {
  // When a trial began is not recorded, only when its experiment did: no Optuna sampler looks at either.
  const begun = Date.parse(experiment.createdAt);
  const seconds = 'seconds' in trial ? trial.seconds : 0;
  insert('trials', {
    trial_id: trialId,
    number: trialId - 1,
    study_id: 1,
    state: trial.state === 'done' ? 'COMPLETE' : 'FAIL',
    datetime_start: datetime(begun),
    datetime_complete: datetime(begun + 1000 * seconds),
  });
  for (const [key, value] of Object.entries(attributesOf(trial))) {
    insert('trial_user_attributes', { trial_id: trialId, key, value_json: JSON.stringify(value) });
  }
}

function attributesOf(trial: Trial): Record<string, string | number> {
  const common = { trial: trial.number, trialKey: trial.key, replicate: trial.replicate };
  switch (trial.state) {
    case 'done':
    case 'pruned':
      return { ...common, bestEpoch: trial.best.step, weightsSha256: trial.artifacts.best ?? '' };
    case 'diverged':
      return { ...common, divergedEpoch: trial.step };
    case 'failed':
      return { ...common, errorCode: trial.code, error: trial.reason };
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return common;
    default:
      return trial satisfies never;
  }
}

/** As SQLAlchemy writes one: 2026-01-02 03:04:05.678000, in UTC. */
const datetime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '000');
