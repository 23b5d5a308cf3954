/**
 * The questions of a page that is open beside a sweep: sums, pages of trials, thinned curves. Each answer stays small
 * however many trials there are, and none reads a curve that it does not hand out.
 * Not here: writing, and the questions that everyone asks (results.ts).
 */
import type Database from 'better-sqlite3';
import { mostMetrics } from '../metric.ts';
import type { DoneTrial, Report, Role, Trial, Value } from '../trial.ts';
import { openForReading } from './database.ts';
import { explained, withStatements } from './explained.ts';
import type {
  BestTrial,
  DoneColumns,
  ExperimentSummary,
  ParameterValues,
  RunningLine,
  State,
  TrialLine,
} from './overview.ts';
import { type Experiment, type Results, resultsOf } from './results.ts';
import { type Soundness, soundnessOn } from './soundness.ts';
import { storedParams } from './stored-json.ts';

export const trialStates = [
  'waiting',
  'running',
  'paused',
  'done',
  'pruned',
  'diverged',
  'failed',
  'stopped',
] as const;

/** What a leaderboard can be sorted by, and the column each stands for; besides, each metric and each parameter by its name. */
const sortColumns = {
  rank: 'leaderboard.rank',
  number: 'leaderboard.trial',
  state: 'leaderboard.state',
  step: 'best_step',
  seconds: 'leaderboard.seconds',
} as const;

export type TrialSort = keyof typeof sortColumns;
export const trialSorts = Object.keys(sortColumns) as readonly TrialSort[];

export interface TrialQuery {
  /** A metric by its place among the values of a report. */
  readonly sort: { readonly by: TrialSort } | { readonly metric: number } | { readonly parameter: string };
  readonly descending: boolean;
  readonly state: State | undefined;
  /** Only trials whose parameters have exactly these values. */
  readonly values: ReadonlyMap<string, Value>;
  readonly from: number;
  readonly count: number;
}

export interface DashboardResults extends Results {
  /** Changes whenever another connection has changed the file. */
  dataVersion(): number;
  summaries(): ExperimentSummary[];
  parameters(experimentId: number): ParameterValues[];
  /** One page of the leaderboard, and how many trials the filter lets through. */
  lines(experimentId: number, query: TrialQuery): { total: number; lines: TrialLine[] };
  doneColumns(experimentId: number): DoneColumns;
  /** The last step of each pruned trial. */
  prunedSteps(experimentId: number): number[];
  /** Ids of the trials of a role that have a curve, the best first; of final ones that of the winner alone. */
  rankedIds(experimentId: number, role: Role): number[];
  /** At most about `points` epochs of a curve, evenly spread, with the first, the best and the last. */
  thinnedReports(trialId: number, points: number): Report[];
  running(experimentId: number): RunningLine[];
  /** The experiment of a trial; undefined where there is no such trial. */
  experimentOf(trialId: number): number | undefined;
}

/** Opens the results at `path` for a dashboard; throws if there are none, or if the file is foreign or newer. */
export const openDashboardResults = (path: string): DashboardResults => {
  const { db, close } = openForReading(path);
  return withStatements(path, close, () => {
    const soundness = soundnessOn(db);
    const results = resultsOf(db, path, soundness);
    return { ...results, ...questionsOf(db, path, results, soundness), close };
  });
};

function questionsOf(
  db: Database.Database,
  path: string,
  results: Omit<Results, 'close'>,
  { expectSound }: Soundness,
): Omit<DashboardResults, keyof Results> {
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
     WHERE experiment_id = ? AND role = 'search' GROUP BY parameter.key, parameter.value
     ORDER BY min(min(parameter.id)) OVER (PARTITION BY parameter.key), parameter.value`,
  );
  const done = db.prepare<[number], DoneRow>(
    `SELECT trial.id, trial.number, trial.replicate, trial.params, trial.best_step AS step, ${valueColumns},
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
    lines: sound(linesOf(db)),
    doneColumns: sound((experimentId) => doneColumns(done.all(experimentId))),
    prunedSteps: sound((experimentId) => pruned.all(experimentId)),
    rankedIds: sound((experimentId, role: Role) =>
      role === 'search' ? searched.all(experimentId) : withCurve(results.finalTrial(experimentId)),
    ),
    thinnedReports: thinnedReportsOf(results),
    running: sound((experimentId) => running.all(experimentId).map(withParams)),
    experimentOf: answer((trialId: number) => experimentOf.get(trialId)),
  };
}

const withCurve = (trial: Trial | undefined): number[] =>
  trial?.state === 'done' || trial?.state === 'pruned' || trial?.state === 'diverged' ? [trial.id] : [];

type SummaryRow = Omit<ExperimentSummary, 'counts' | 'final' | 'best' | 'revision'>;

/** An experiment that has ended is counted once: nothing of it changes any more but by a new run, which is seen in its row. */
function summariesOf(
  db: Database.Database,
  { experiments, winner, finalTrial }: Pick<Results, 'experiments' | 'winner' | 'finalTrial'>,
  expectSound: Soundness['expectSound'],
): () => ExperimentSummary[] {
  const sums = trialStates.map((state) => `total(role = 'search' AND state = '${state}') AS ${state}`);
  const counts = db.prepare<[number], Record<State | 'attempts', number>>(
    `SELECT ${sums.join(', ')}, total(attempts) AS attempts FROM trial WHERE experiment_id = ?`,
  );
  const ended = new Map<string, ExperimentSummary>();
  const summary = (run: Experiment): ExperimentSummary => {
    const { id, name, state, metric, metrics, seed, dataHash, createdAt, seconds } = run;
    expectSound(id);
    const row: SummaryRow = { id, name, state, metric, metrics, seed, dataHash, createdAt, seconds };
    const { attempts = 0, ...states } = counts.get(row.id) ?? ({} as Record<State | 'attempts', number>);
    const final = finalTrial(row.id);
    const leader = winner(row.id);
    return {
      ...row,
      counts: states,
      final: final === undefined ? null : finalLine(final),
      best: leader === undefined ? null : bestTrial(leader),
      revision: [row.state, attempts, ...Object.values(states), final?.id, final?.state].join('-'),
    };
  };
  return () =>
    experiments().map((row) => {
      if (row.state === 'running') return summary(row);
      const key = `${row.id} ${row.createdAt} ${row.state} ${row.seconds}`;
      const known = ended.get(key) ?? summary(row);
      ended.set(key, known);
      return known;
    });
}

const finalLine = (trial: Trial): NonNullable<ExperimentSummary['final']> => ({
  ...{ id: trial.id, state: trial.state },
  last: trial.state === 'done' ? trial.last : null,
});

const bestTrial = ({ id, number, params, best }: DoneTrial): BestTrial => ({ id, number, params, best });

function byParameter(rows: readonly { name: string; value: string }[]): ParameterValues[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    values: rows.filter((row) => row.name === name).map(({ value }) => JSON.parse(value) as Value),
  }));
}

/** The columns of a report's values, and a row that has them. */
const places = Array.from({ length: mostMetrics }, (_, place) => place);
const valueColumns = places.map((place) => `trial.best_v${place + 1} AS v${place + 1}`).join(', ');
type ValueRow = Readonly<Record<`v${number}`, number | null>>;

/** The values that there are; null of a trial without a result. */
function valuesIn(row: ValueRow): number[] | null {
  const values = places.map((place) => row[`v${place + 1}`] ?? null);
  return values[0] === null ? null : values.filter((value) => value !== null);
}

const lineColumns = `trial.id, leaderboard.rank, trial.number, trial.replicate, trial.params, trial.state,
  trial.best_step AS step, ${valueColumns}, trial.seconds,
  CASE trial.state
    WHEN 'pruned' THEN 'at step ' || trial.last_step
    WHEN 'diverged' THEN 'at step ' || trial.diverged_step
    ELSE trial.error
  END AS remark`;

/** Every value is bound; what is put into the text comes from the tables above alone. */
function linesOf(db: Database.Database) {
  const joined = 'leaderboard JOIN trial ON trial.id = leaderboard.trial_id';
  const parameter = 'trial.params ->> ?';
  return (experimentId: number, { sort, descending, state, values, from, count }: TrialQuery) => {
    const filters = [
      'trial.experiment_id = ?',
      ...(state === undefined ? [] : ['trial.state = ?']),
      ...[...values].map(() => 'trial.params -> ? = ?'),
    ].join(' AND ');
    const filterValues = [
      experimentId,
      ...(state === undefined ? [] : [state]),
      ...[...values].flatMap(([name, value]) => [jsonPath(name), JSON.stringify(value)]),
    ];
    const order =
      'by' in sort
        ? sortColumns[sort.by]
        : 'metric' in sort
          ? `trial.best_v${Math.min(sort.metric, mostMetrics - 1) + 1}`
          : parameter;
    const orderValues = 'parameter' in sort ? [jsonPath(sort.parameter)] : [];
    const total = db
      .prepare<unknown[], number>(`SELECT count(*) FROM ${joined} WHERE ${filters}`)
      .pluck()
      .get(...filterValues);
    const rows = db
      .prepare<unknown[], Omit<TrialLine, 'params' | 'values'> & ValueRow & { params: string }>(
        `SELECT ${lineColumns} FROM ${joined} WHERE ${filters}
         ORDER BY ${order} ${descending ? 'DESC' : 'ASC'} NULLS LAST, trial.number LIMIT ? OFFSET ?`,
      )
      .all(...filterValues, ...orderValues, count, from);
    return { total: total ?? 0, lines: rows.map(lineOf) };
  };
}

const withParams = <Row extends { readonly id: number; readonly params: string }>(row: Row) => ({
  ...row,
  params: storedParams(`the trial with id ${row.id}`, row.params),
});

function lineOf(row: Omit<TrialLine, 'params' | 'values'> & ValueRow & { params: string }): TrialLine {
  const { id, rank, number, replicate, state, step, seconds, remark } = row;
  const { params } = withParams(row);
  return { id, rank, number, replicate, params, state, step, values: valuesIn(row), seconds, remark };
}

/** A quoted label: no name can be read as a path. */
const jsonPath = (name: string): string => `$.${JSON.stringify(name)}`;

interface DoneRow extends ValueRow {
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
  values: rows.map((row) => valuesIn(row) ?? []),
  lastStep: rows.map(({ lastStep }) => lastStep),
  seconds: rows.map(({ seconds }) => seconds),
});

/** Of reports that were read whole: only those can be held against their digest. */
const thinnedReportsOf =
  ({ trial, reports }: Pick<Results, 'trial' | 'reports'>) =>
  (trialId: number, points: number): Report[] => {
    const all = reports(trialId);
    const found = trial(trialId);
    const best = found.state === 'done' || found.state === 'pruned' ? found.best.step : undefined;
    const every = Math.max(1, Math.ceil(all.length / points));
    return all.filter(({ step }, index) => index % every === 0 || step === best || index === all.length - 1);
  };
