/**
 * The leaderboard's columns.
 * Not here: the order of trials, which its caller decides, and how a table is drawn (terminal/rows.ts).
 */

import type { Interval } from '../evidence/statistics.ts';
import type { ArtifactName, Report, Trial } from '../trial.ts';
import { type Column, vital, withDistinctKeys } from '../words/column.ts';
import { likenessText } from '../words/likeness.ts';
import { countedStep, deciding, type Measure, measureText, type Tried, valueIn } from '../words/measures.ts';
import { parameterColumns } from '../words/parameters.ts';
import { sparkline } from '../words/sparkline.ts';
import { type StateNow, stateColour, stateLine } from '../words/trial-state.ts';
import { intervalText, timeText } from '../words/units.ts';
import { frontColumns, type Placed, rankColumn } from './places.ts';

/** A trial with its place among those that have a result, the pruned behind the done; null for one that has none. */
export interface LeaderboardRow extends Placed {
  readonly trial: Trial;
  /** How it stands at this moment, where that is known; else as it is recorded. */
  readonly state?: StateNow;
  /** The number of the earlier trial of the same point, whose result this one has. */
  readonly copyOf?: number | undefined;
  /** 95 % interval of the validation accuracy. */
  readonly interval?: Interval | undefined;
  /** McNemar's test against the winner, corrected for how many there are; none for the winner itself. */
  readonly p?: number | undefined;
  /** The best value of the metric that decides among the trials up to this one's number. */
  readonly bestSoFar?: number | undefined;
  /** The metric that decides, epoch by epoch, as high as it is drawn. */
  readonly curve?: readonly number[] | undefined;
  /** The lowest and the highest of all rows' values. */
  readonly curveScale?: readonly [low: number, high: number] | undefined;
}

export function leaderboardRows(trials: readonly Trial[]): LeaderboardRow[] {
  let rank = 0;
  return trials.map((trial) => ({ rank: 'best' in trial ? ++rank : null, trial }));
}

/** A column that only data formats have. */
const data = (key: string, value: (trial: Trial) => string | number | null): Column<LeaderboardRow> => ({
  key,
  title: key,
  align: 'left',
  value: ({ trial }) => value(trial),
  visible: () => false,
});

/** A column of numbers about every trial. */
const number = (
  key: string,
  title: string,
  value: (trial: Trial) => number | null,
  text: (value: number) => string = String,
): Column<LeaderboardRow> => ({
  key,
  title,
  align: 'right',
  value: ({ trial }) => value(trial),
  text: ({ trial }) => {
    const given = value(trial);
    return given === null ? '' : text(given);
  },
});

/** A number of a trial's best or last report; null where it has no result. */
const ofReport = (which: 'best' | 'last', value: (report: Report) => number) => (trial: Trial) =>
  'best' in trial ? value(trial[which]) : null;

/** A metric of the report that a trial is ranked by; the one that decides is never left out, and the winner's is green. */
function measureColumn(measure: Measure, tried: Tried, hasFronts: boolean): Column<LeaderboardRow> {
  const { key, title, written } = measure;
  const text = (value: number) => measureText(measure, value);
  const column = number(
    key,
    title,
    ofReport('best', (report) => valueIn(measure, report)),
    text,
  );
  if (measure === deciding(tried))
    return {
      ...column,
      importance: vital,
      paint: ({ rank, front }) => ((front ?? rank) === 1 ? 'green' : undefined),
    };
  if (hasFronts && measure.goal !== 'none') return column;
  if (!isOfTraining(measure, tried)) return { ...column, importance: written === 'accuracy' ? 8 : 5 };
  return written === 'accuracy' ? { ...column, importance: 2 } : { ...column, visible: () => false };
}

/** What a network does on the rows that it learns from. */
const isOfTraining = ({ key }: Measure, { kind }: Tried): boolean =>
  kind === 'network' && key.startsWith('training');

/** How sure the accuracy is, which stands to the left of it. */
const intervalColumns: readonly Column<LeaderboardRow>[] = [
  {
    key: 'intervalLow',
    title: '95 % interval',
    align: 'right',
    importance: 6,
    value: ({ interval }) => interval?.low ?? null,
    text: ({ interval }) => (interval === undefined ? '' : intervalText(interval)),
    visible: (rows) => rows.some(({ interval }) => interval !== undefined),
  },
  {
    key: 'intervalHigh',
    title: 'interval high',
    align: 'right',
    value: ({ interval }) => interval?.high ?? null,
    visible: () => false,
  },
  {
    key: 'pAgainstWinner',
    title: 'p against winner',
    align: 'right',
    importance: 7,
    value: ({ p }) => p ?? null,
    text: ({ p }) => likenessText(p),
    visible: (rows) => rows.some(({ p }) => p !== undefined),
  },
];

/** All metrics, the one that decides first, a network's accuracy with its evidence. */
const measureColumns = (tried: Tried, hasFronts: boolean): Column<LeaderboardRow>[] =>
  tried.measures.flatMap((measure) => [
    measureColumn(measure, tried, hasFronts),
    ...(measure.key === 'validationAccuracy' && tried.kind === 'network' ? intervalColumns : []),
  ]);

export function leaderboardColumns(
  tried: Tried,
  rows: readonly LeaderboardRow[],
): readonly Column<LeaderboardRow>[] {
  const { step, measures } = tried;
  const isNetwork = tried.kind === 'network';
  const bestStep = ofReport('best', (report) => report.step);
  const curveOf = deciding(tried);
  return withDistinctKeys([
    rankColumn,
    ...frontColumns(rows),
    number('trial', 'trial', (trial) => trial.number),
    ...parameterColumns(rows, ({ trial }) => trial.params),
    {
      ...number('replicate', tried.replicateName, (trial) => trial.replicate),
      visible: (rows) => rows.some(({ trial }) => trial.replicate > 0),
    },
    {
      ...number(isNetwork ? 'bestEpoch' : 'bestStep', countedStep(tried), bestStep),
      importance: 4,
      // Where every trial reports once it is no news.
      visible: (rows) => rows.some(({ trial }) => isNetwork || isLater(trial)),
    },
    ...measureColumns(
      tried,
      rows.some(({ front }) => front !== undefined),
    ),
    ...measures.map((measure) =>
      data(
        lastKey(measure),
        ofReport('last', (report) => valueIn(measure, report)),
      ),
    ),
    {
      ...number('seconds', 'time', (trial) => ('seconds' in trial ? trial.seconds : null), timeText),
      importance: 3,
      visible: (rows) => rows.some(({ trial }) => 'seconds' in trial && trial.seconds > 0),
    },
    {
      key: 'state',
      title: 'state',
      align: 'left',
      importance: vital,
      value: ({ trial, state }) => state ?? trial.state,
      // Short, so that 80 columns have room for it beside several parameters; `show` has the other lines of a reason.
      text: ({ trial, state }) =>
        trial.state === 'pruned' ? `pruned at ${trial.last.step}` : stateLine(trial, step, state),
      // That all are done is no news.
      visible: (rows) => rows.some(({ trial }) => trial.state !== 'done'),
      paint: ({ trial }) => stateColour(trial),
    },
    {
      key: 'curve',
      title: curveOf.written === 'loss' ? 'loss curve' : 'curve',
      align: 'left',
      importance: 1,
      forPeople: true,
      value: () => null,
      text: ({ curve, curveScale }) => sparkline(curve ?? [], 12, curveScale),
      visible: (rows) => rows.some(({ curve }) => curve !== undefined && curve.length > 1),
    },
    data(isNetwork ? 'divergedEpoch' : 'divergedStep', (trial) =>
      trial.state === 'diverged' ? trial.step : null,
    ),
    // A person's own metric is likely to be called error.
    data(isNetwork ? 'errorCode' : 'failureCode', (trial) => (trial.state === 'failed' ? trial.code : null)),
    data(isNetwork ? 'error' : 'failure', (trial) => (trial.state === 'failed' ? trial.reason : null)),
    { ...data('bestSoFar', () => null), value: ({ bestSoFar }) => bestSoFar ?? null },
    data('attempts', (trial) => trial.attempts),
    ...(isNetwork
      ? [artifactColumn('weightsSha256', 'best'), artifactColumn('lastWeightsSha256', 'last')]
      : [artifactColumn('modelSha256', 'model')]),
    {
      ...{ key: 'copyOf', title: 'copy of', align: 'right', importance: 9 },
      value: ({ copyOf }) => copyOf ?? null,
      visible: (rows) => rows.some(({ copyOf }) => copyOf !== undefined),
    },
  ]);
}

/** `lastValidationLoss` */
const lastKey = ({ key }: Measure): string => `last${key.charAt(0).toUpperCase()}${key.slice(1)}`;

const isLater = (trial: Trial): boolean => 'best' in trial && trial.best.step > 1;

const artifactColumn = (key: string, name: ArtifactName): Column<LeaderboardRow> =>
  data(key, (trial) => ('artifacts' in trial ? (trial.artifacts[name] ?? null) : null));
