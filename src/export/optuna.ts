/**
 * The trials of an experiment as an Optuna study in an SQLite file, which Optuna opens and continues.
 * Not here: trials without a result (waiting, running, stopped); phase 2.
 */
import { readFileSync } from 'node:fs';
import { recordedSpace } from '../experiment/recorded.ts';
import { judgedBy } from '../findings/judged.ts';
import { decisive } from '../metric.ts';
import type { Space } from '../space/space.ts';
import { identityOf } from '../space/value-identity.ts';
import { databaseBytes, type Insert } from '../store/new-database.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { Trial, Value } from '../trial.ts';
import { type Measure, type Tried, triedBy, valueIn } from '../words/measures.ts';
import { distributionsOf } from './optuna-distributions.ts';

/** Optuna's words for which way is better; what a trial is judged by has a goal. */
const directions = { maximise: 'MAXIMIZE', minimise: 'MINIMIZE', none: 'NOT_SET' } as const;

/** And for what has become of a trial; the others have no result. */
const states: Readonly<Partial<Record<Trial['state'], string>>> = {
  done: 'COMPLETE',
  pruned: 'PRUNED',
  diverged: 'FAIL',
  failed: 'FAIL',
};

/**
 * The whole file. The study has the experiment's name, and a direction for each metric that trials are judged by. Done trials
 * are COMPLETE with what they are ranked by as value, pruned ones are PRUNED with their last value, as Optuna has it; every
 * report is an intermediate value, and the other metrics are attributes.
 */
export function optunaStudyOf(results: Results, experiment: Experiment): Uint8Array {
  const schema = readFileSync(new URL('./optuna.sql', import.meta.url), 'utf8');
  const tried = triedBy(experiment);
  const judged = judgedBy(experiment, tried);
  const trials = results
    .trials(experiment.id)
    .filter(({ role, state }) => role === 'search' && states[state] !== undefined);
  const distributions = distributionsOf(spaceIn(experiment, trials));
  return databaseBytes(schema, (insert) => {
    insertStudy(insert, experiment, judged);
    for (const [number, trial] of trials.entries()) {
      const trialId = number + 1;
      insertTrial(insert, experiment, trialId, trial, tried);
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
      for (const [objective, value] of valuesOf(trial, judged).entries())
        insert('trial_values', { trial_id: trialId, objective, value, value_type: 'FINITE' });
    }
  });
}

function insertStudy(insert: Insert, experiment: Experiment, judged: readonly Measure[]): void {
  insert('studies', { study_id: 1, study_name: experiment.name });
  for (const [objective, { goal }] of judged.entries())
    insert('study_directions', { direction: directions[goal], study_id: 1, objective });
  const { id, definitionHash, dataHash, kernelHash, objectiveHash } = experiment;
  const hashes = objectiveHash === null ? { dataHash, kernelHash } : { objectiveHash };
  for (const [key, value] of Object.entries({ coresweep: id, definitionHash, ...hashes }))
    insert('study_user_attributes', { study_id: 1, key, value_json: JSON.stringify(value) });
  // What Optuna's study.metric_names reads.
  const names = JSON.stringify(judged.map(({ key }) => key));
  insert('study_system_attributes', { study_id: 1, key: 'study:metric_names', value_json: names });
}

/** What Optuna takes for a trial's values: of several metrics nothing is pruned. */
function valuesOf(trial: Trial, judged: readonly Measure[]): number[] {
  if (trial.state === 'done') return judged.map((measure) => valueIn(measure, trial.best));
  return trial.state === 'pruned' && judged.length === 1 ? [decisive(trial.last)] : [];
}

/** The space of the definition; of a definition that is not read any more, the values that were tried. */
function spaceIn(experiment: Experiment, trials: readonly Trial[]): Space {
  return (
    recordedSpace(experiment) ??
    parametersTried(trials).map(([name, values]) => ({ name, parameter: { kind: 'choice', values } }))
  );
}

function parametersTried(trials: readonly Trial[]): [name: string, values: Value[]][] {
  const names = [...new Set(trials.flatMap(({ params }) => Object.keys(params)))];
  return names.map((name) => {
    const tried = trials.map(({ params }) => params[name]).filter((value) => value !== undefined);
    return [name, [...new Map(tried.map((value) => [identityOf(value), value])).values()]];
  });
}

function insertTrial(
  insert: Insert,
  experiment: Experiment,
  trialId: number,
  trial: Trial,
  tried: Tried,
): void {
  // When a trial began is not recorded, only when its experiment did: no Optuna sampler looks at either.
  const begun = Date.parse(experiment.createdAt);
  const seconds = 'seconds' in trial ? trial.seconds : 0;
  insert('trials', {
    trial_id: trialId,
    number: trialId - 1,
    study_id: 1,
    state: states[trial.state] as string,
    datetime_start: datetime(begun),
    datetime_complete: datetime(begun + 1000 * seconds),
  });
  for (const [key, value] of Object.entries(attributesOf(trial, tried))) {
    insert('trial_user_attributes', { trial_id: trialId, key, value_json: JSON.stringify(value) });
  }
}

function attributesOf(trial: Trial, tried: Tried): Record<string, string | number> {
  const common = { trial: trial.number, trialKey: trial.key, replicate: trial.replicate };
  const isNetwork = tried.kind === 'network';
  switch (trial.state) {
    case 'done':
    case 'pruned': {
      const { best, artifacts } = trial;
      const values = tried.measures.map((measure) => [measure.key, valueIn(measure, best)] as const);
      return {
        // Whatever a metric is called, it takes the place of nothing else.
        ...Object.fromEntries(values),
        ...common,
        [isNetwork ? 'bestEpoch' : 'bestStep']: best.step,
        ...(isNetwork ? { weightsSha256: artifacts.best ?? '' } : {}),
        ...(artifacts.model === undefined ? {} : { modelSha256: artifacts.model }),
      };
    }
    case 'diverged':
      return { ...common, [isNetwork ? 'divergedEpoch' : 'divergedStep']: trial.step };
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
