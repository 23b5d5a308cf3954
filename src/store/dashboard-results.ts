/**
 * The questions of a page that is open beside a sweep: sums, pages of trials, thinned curves. Each answer stays small
 * however many trials there are, and none reads a curve that it does not hand out.
 * Not here: writing, and the questions that everyone asks (results.ts).
 */
import type Database from 'better-sqlite3';
import { epochOf, type NetworkMetric } from '../metric.ts';
import type { DoneTrial, Report, Role, Trial } from '../trial.ts';
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
import { isNetworkRun, type NetworkRun, type Results, resultsOf } from './results.ts';
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

/** What a leaderboard can be sorted by, and the column each stands for; besides, each parameter by its name. */
const sortColumns = {
  rank: 'rank',
  number: 'trial',
  state: 'state',
  accuracy: 'validation_accuracy',
  loss: 'validation_loss',
  trainingAccuracy: 'training_accuracy',
  bestEpoch: 'best_epoch',
  seconds: 'seconds',
} as const;

export type TrialSort = keyof typeof sortColumns;
export const trialSorts = Object.keys(sortColumns) as readonly TrialSort[];

export interface TrialQuery {
  readonly sort: { readonly by: TrialSort } | { readonly parameter: string };
  readonly descending: boolean;
  readonly state: State | undefined;
  /** Only trials whose parameters have exactly these values. */
  readonly values: ReadonlyMap<string, number | string>;
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
  const parameters = db.prepare<[number], { name: string; value: number | string }>(
    `SELECT parameter.key AS name, parameter.value FROM trial, json_each(trial.params) AS parameter
     WHERE experiment_id = ? AND role = 'search' GROUP BY parameter.key, parameter.value
     ORDER BY min(min(parameter.id)) OVER (PARTITION BY parameter.key), parameter.value`,
  );
  const done = db.prepare<[number], DoneRow>(
    `SELECT trial_id AS id, trial AS number, replicate, (SELECT params FROM trial WHERE trial.id = trial_id) AS params,
       best_epoch AS bestEpoch, validation_accuracy AS accuracy, validation_loss AS loss, seconds
     FROM leaderboard WHERE experiment_id = ? AND state = 'done' ORDER BY rank`,
  );
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
    rankedIds: sound((experimentId, role: Role) =>
      role === 'search' ? searched.all(experimentId) : withCurve(results.finalTrial(experimentId)),
    ),
    thinnedReports: thinnedReportsOf(results),
    running: sound((experimentId) => running.all(experimentId).map(withParams)),
    experimentOf: answer((trialId: number) => experimentOf.get(trialId)),
  };
}

const withCurve = (trial: Trial | undefined): number[] =>
  trial?.state === 'done' || trial?.state === 'diverged' ? [trial.id] : [];

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
  const summary = ({
    id,
    name,
    state,
    metric,
    seed,
    dataHash,
    createdAt,
    seconds,
  }: NetworkRun): ExperimentSummary => {
    expectSound(id);
    const row: SummaryRow = { id, name, state, metric, seed, dataHash, createdAt, seconds };
    const { attempts = 0, ...states } = counts.get(row.id) ?? ({} as Record<State | 'attempts', number>);
    const final = finalTrial(row.id);
    const leader = winner(row.id);
    return {
      ...row,
      counts: states,
      final: final === undefined ? null : finalLine(final, metric),
      best: leader === undefined ? null : bestTrial(leader, metric),
      revision: [row.state, attempts, ...Object.values(states), final?.id, final?.state].join('-'),
    };
  };
  return () =>
    experiments()
      .filter(isNetworkRun)
      .map((row) => {
        if (row.state === 'running') return summary(row);
        const key = `${row.id} ${row.createdAt} ${row.state} ${row.seconds}`;
        const known = ended.get(key) ?? summary(row);
        ended.set(key, known);
        return known;
      });
}

function finalLine(trial: Trial, metric: NetworkMetric): NonNullable<ExperimentSummary['final']> {
  const last = trial.state === 'done' ? epochOf(metric, trial.last) : undefined;
  return {
    ...{ id: trial.id, state: trial.state },
    ...{ accuracy: last?.evaluationAccuracy ?? null, loss: last?.evaluationLoss ?? null },
  };
}

function bestTrial({ id, number, params, best }: DoneTrial, metric: NetworkMetric): BestTrial {
  const { epoch, evaluationAccuracy, evaluationLoss } = epochOf(metric, best);
  return { id, number, params, epoch, accuracy: evaluationAccuracy, loss: evaluationLoss };
}

function byParameter(rows: readonly { name: string; value: number | string }[]): ParameterValues[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    values: rows.filter((row) => row.name === name).map(({ value }) => value),
  }));
}

const lineColumns = `trial_id AS id, rank, leaderboard.trial AS number, replicate,
  (SELECT params FROM trial WHERE trial.id = trial_id) AS params, state,
  validation_accuracy AS accuracy, validation_loss AS loss, training_accuracy AS trainingAccuracy,
  best_epoch AS bestEpoch, seconds, coalesce(error, 'in epoch ' || diverged_epoch) AS remark`;

/** Every value is bound; what is put into the text comes from the tables above alone. */
function linesOf(db: Database.Database) {
  const parameter = '(SELECT params ->> ? FROM trial WHERE trial.id = trial_id)';
  return (experimentId: number, { sort, descending, state, values, from, count }: TrialQuery) => {
    const filters = [
      'experiment_id = ?',
      ...(state === undefined ? [] : ['state = ?']),
      ...[...values].map(() => `${parameter} = ?`),
    ].join(' AND ');
    const filterValues = [
      experimentId,
      ...(state === undefined ? [] : [state]),
      ...[...values].flatMap(([name, value]) => [jsonPath(name), value]),
    ];
    const order = 'by' in sort ? sortColumns[sort.by] : parameter;
    const orderValues = 'by' in sort ? [] : [jsonPath(sort.parameter)];
    const total = db
      .prepare<unknown[], number>(`SELECT count(*) FROM leaderboard WHERE ${filters}`)
      .pluck()
      .get(...filterValues);
    const rows = db
      .prepare<unknown[], Omit<TrialLine, 'params'> & { params: string }>(
        `SELECT ${lineColumns} FROM leaderboard WHERE ${filters}
         ORDER BY ${order} ${descending ? 'DESC' : 'ASC'} NULLS LAST, leaderboard.trial LIMIT ? OFFSET ?`,
      )
      .all(...filterValues, ...orderValues, count, from);
    return { total: total ?? 0, lines: rows.map(withParams) };
  };
}

const withParams = <Row extends { readonly id: number; readonly params: string }>(row: Row) => ({
  ...row,
  params: storedParams(`the trial with id ${row.id}`, row.params),
});

/** A quoted label: no name can be read as a path. */
const jsonPath = (name: string): string => `$.${JSON.stringify(name)}`;

interface DoneRow {
  readonly id: number;
  readonly number: number;
  readonly replicate: number;
  readonly params: string;
  readonly bestEpoch: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly seconds: number;
}

const doneColumns = (rows: readonly DoneRow[]): DoneColumns => ({
  id: rows.map(({ id }) => id),
  number: rows.map(({ number }) => number),
  replicate: rows.map(({ replicate }) => replicate),
  params: rows.map((row) => withParams(row).params),
  bestEpoch: rows.map(({ bestEpoch }) => bestEpoch),
  accuracy: rows.map(({ accuracy }) => accuracy),
  loss: rows.map(({ loss }) => loss),
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
