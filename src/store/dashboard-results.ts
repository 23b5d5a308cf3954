/**
 * The questions of a page that is open beside a sweep: sums, and pages of trials. Each answer stays small
 * however many trials there are, and none reads a curve.
 * Not here: writing, and the questions that everyone asks (results.ts).
 */
import type Database from 'better-sqlite3';
import type { Role, Trial, Value } from '../trial.ts';
import { openForReading } from './database.ts';
import { explained, withStatements } from './explained.ts';
import type { DoneColumns, ExperimentSummary, ParameterValues, RunningLine, TrialLine } from './overview.ts';
import { type Results, resultsOf } from './results.ts';
import { type Soundness, soundnessOn } from './soundness.ts';
import { storedParams } from './stored-json.ts';
import { summariesOf } from './summaries.ts';
import { bestValues, type TrialQuery, trialPageOf } from './trial-page.ts';
import { type Values, valuesOf } from './trial-row.ts';

export interface DashboardResults extends Results {
  /** Changes whenever another connection has changed the file. */
  dataVersion(): number;
  /** False where these are results that were read whole (at-rest.ts), and the file has changed since. */
  isCurrent(): boolean;
  summaries(): ExperimentSummary[];
  parameters(experimentId: number): ParameterValues[];
  /** One page of the leaderboard, and how many trials the filter lets through. */
  lines(experimentId: number, query: TrialQuery): { total: number; lines: TrialLine[] };
  doneColumns(experimentId: number): DoneColumns;
  /** The last step of each pruned trial. */
  prunedSteps(experimentId: number): number[];
  /** Ids of the trials of a role that have a curve, the best first; of final ones that of the winner alone. */
  rankedIds(experimentId: number, role: Role): number[];
  running(experimentId: number): RunningLine[];
  /** The experiment of a trial; undefined where there is no such trial. */
  experimentOf(trialId: number): number | undefined;
}

/** Opens the results at `path` for a dashboard; throws if there are none, or if the file is foreign or newer. */
export const openDashboardResults = (path: string): DashboardResults => {
  const { db, isCurrent, close } = openForReading(path);
  return withStatements(path, close, () => {
    const soundness = soundnessOn(db);
    const results = resultsOf(db, path, soundness);
    return { ...results, ...questionsOf(db, path, results, soundness), isCurrent, close };
  });
};

function questionsOf(
  db: Database.Database,
  path: string,
  results: Omit<Results, 'close'>,
  { expectSound }: Soundness,
): Omit<DashboardResults, keyof Results | 'isCurrent'> {
  const answer = <Args extends unknown[], Answer>(ask: (...args: Args) => Answer) => explained(path, ask);
  /** A question about an experiment, none of whose trials is damaged. */
  const sound = <Args extends unknown[], Answer>(ask: (experimentId: number, ...args: Args) => Answer) =>
    answer((experimentId: number, ...args: Args) => {
      expectSound(experimentId);
      return ask(experimentId, ...args);
    });
  const version = db.prepare('PRAGMA data_version').pluck();
  const parameters = db.prepare<[number], { name: string; value: string }>(
    `SELECT parameter.key AS name, trial.params -> parameter.fullkey AS value FROM trial, json_each(trial.params) AS parameter
     WHERE experiment_id = ? AND role = 'search' GROUP BY parameter.key, parameter.type, parameter.value
     ORDER BY min(min(parameter.id)) OVER (PARTITION BY parameter.key), parameter.value`,
  );
  const done = db.prepare<[number], DoneRow>(
    `SELECT trial.id, trial.number, trial.replicate, trial.params, trial.best_step AS step, ${bestValues},
       trial.last_step AS lastStep, trial.seconds
     FROM leaderboard JOIN trial ON trial.id = leaderboard.trial_id
     WHERE leaderboard.experiment_id = ? AND leaderboard.state = 'done' ORDER BY leaderboard.rank`,
  );
  const pruned = db
    .prepare<[number], number>(
      `SELECT last_step FROM trial WHERE experiment_id = ? AND role = 'search' AND state = 'pruned'`,
    )
    .pluck();
  const searched = db
    .prepare<[number], number>(
      `SELECT trial_id FROM leaderboard WHERE experiment_id = ? AND state IN ('done', 'pruned', 'diverged') ORDER BY rank NULLS LAST`,
    )
    .pluck();
  const running = db.prepare<[number], Omit<RunningLine, 'params'> & { params: string }>(
    `SELECT id, experiment_id AS experimentId, role, number, params FROM trial
     WHERE experiment_id = ? AND state = 'running' ORDER BY role = 'final', number`,
  );
  const experimentOf = db.prepare<[number], number>('SELECT experiment_id FROM trial WHERE id = ?').pluck();
  return {
    dataVersion: answer(() => version.get() as number),
    summaries: answer(summariesOf(db, results, expectSound)),
    parameters: sound((experimentId) => byParameter(parameters.all(experimentId))),
    lines: sound(trialPageOf(db)),
    doneColumns: sound((experimentId) => doneColumns(done.all(experimentId))),
    prunedSteps: sound((experimentId) => pruned.all(experimentId)),
    rankedIds: sound((experimentId, role: Role) =>
      role === 'search' ? searched.all(experimentId) : withCurve(results.finalTrial(experimentId)),
    ),
    running: sound((experimentId) => running.all(experimentId).map(withParams)),
    experimentOf: answer((trialId: number) => experimentOf.get(trialId)),
  };
}

const withCurve = (trial: Trial | undefined): number[] =>
  trial?.state === 'done' || trial?.state === 'pruned' || trial?.state === 'diverged' ? [trial.id] : [];

function byParameter(rows: readonly { name: string; value: string }[]): ParameterValues[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    values: rows.filter((row) => row.name === name).map(({ value }) => JSON.parse(value) as Value),
  }));
}

const withParams = <Row extends { readonly id: number; readonly params: string }>(row: Row) => ({
  ...row,
  params: storedParams(`the trial with id ${row.id}`, row.params),
});

interface DoneRow extends Values<'best_'> {
  readonly id: number;
  readonly number: number;
  readonly replicate: number;
  readonly params: string;
  readonly step: number;
  readonly lastStep: number;
  readonly seconds: number;
}

const doneColumns = (rows: readonly DoneRow[]): DoneColumns => ({
  id: rows.map(({ id }) => id),
  number: rows.map(({ number }) => number),
  replicate: rows.map(({ replicate }) => replicate),
  params: rows.map((row) => withParams(row).params),
  step: rows.map(({ step }) => step),
  values: rows.map((row) => valuesOf(row, 'best_')),
  lastStep: rows.map(({ lastStep }) => lastStep),
  seconds: rows.map(({ seconds }) => seconds),
});
