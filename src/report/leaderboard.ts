/**
 * The leaderboard's columns.
 * Not here: the order of trials, which its caller decides, and how a table is drawn (rows.ts).
 */
import type { EpochMetrics, Phase, Trial } from '../trial.ts';
import { type Column, type Format, rowsAs } from './rows.ts';
import { lossText, parameterText, percent, secondsText } from './units.ts';

/**
 * Trials, best first, as a leaderboard; ranks count the done ones.
 *
 * ```ts
 * console.log(leaderboardAs('markdown', trials));
 * ```
 */
export function leaderboardAs(format: Format, trials: readonly Trial[]): string {
  return rowsAs(format, leaderboardColumns, leaderboardRows(trials));
}

/** A trial with its place among the done ones; null for a trial that has no result. */
export interface LeaderboardRow {
  readonly rank: number | null;
  readonly trial: Trial;
}

export function leaderboardRows(trials: readonly Trial[]): LeaderboardRow[] {
  let rank = 0;
  return trials.map((trial) => ({ rank: trial.state === 'done' ? ++rank : null, trial }));
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

const ofBest = (metric: keyof EpochMetrics) => (trial: Trial) =>
  trial.state === 'done' ? trial.best[metric] : null;
const ofLast = (metric: keyof EpochMetrics) => (trial: Trial) =>
  trial.state === 'done' ? trial.last[metric] : null;

export const leaderboardColumns: readonly Column<LeaderboardRow>[] = [
  { key: 'rank', title: 'rank', align: 'right', value: ({ rank }) => rank },
  number('trial', 'trial', (trial) => trial.number),
  number('learningRate', 'learning rate', (trial) => trial.params.learningRate, parameterText),
  number('batchSize', 'batch size', (trial) => trial.params.batchSize),
  {
    ...number('replicate', 'replicate', (trial) => trial.replicate),
    visible: (rows) => rows.some(({ trial }) => trial.replicate > 0),
  },
  number('bestEpoch', 'best epoch', ofBest('epoch')),
  number('validationAccuracy', 'validation accuracy', ofBest('evaluationAccuracy'), percent),
  number('validationLoss', 'validation loss', ofBest('evaluationLoss'), lossText),
  number('trainingAccuracy', 'training accuracy', ofBest('trainingAccuracy'), percent),
  data('trainingLoss', ofBest('trainingLoss')),
  number('lastValidationAccuracy', 'last validation accuracy', ofLast('evaluationAccuracy'), percent),
  data('lastValidationLoss', ofLast('evaluationLoss')),
  data('lastTrainingAccuracy', ofLast('trainingAccuracy')),
  data('lastTrainingLoss', ofLast('trainingLoss')),
  number('seconds', 'time', (trial) => ('seconds' in trial ? trial.seconds : null), secondsText),
  {
    key: 'state',
    title: 'state',
    align: 'left',
    value: ({ trial }) => trial.state,
    text: ({ trial }) => stateText(trial),
  },
  data('divergedEpoch', (trial) => (trial.state === 'diverged' ? trial.epoch : null)),
  data('errorCode', (trial) => (trial.state === 'failed' ? trial.code : null)),
  data('error', (trial) => (trial.state === 'failed' ? trial.reason : null)),
  data('attempts', (trial) => trial.attempts),
  {
    key: 'weightsSha256',
    title: 'weights',
    align: 'left',
    value: ({ trial }) => (trial.state === 'done' ? trial.weightsSha256 : null),
    text: ({ trial }) => (trial.state === 'done' ? trial.weightsSha256.slice(0, 8) : ''),
  },
  data('lastWeightsSha256', (trial) => (trial.state === 'done' ? trial.lastWeightsSha256 : null)),
];

/** A trial's state in words: `done`, `diverged at epoch 7`, `failed: out of memory`. */
export function stateText(trial: Trial): string {
  switch (trial.state) {
    case 'diverged':
      return `diverged at epoch ${trial.epoch}`;
    case 'failed':
      return `failed: ${trial.reason}`;
    case 'done':
    case 'waiting':
    case 'running':
    case 'stopped':
      return trial.state;
    default:
      return trial satisfies never;
  }
}

/** What the rows that a phase watches are called. */
export const evaluationName = (phase: Phase): 'validation' | 'test' => (phase === 1 ? 'validation' : 'test');

/** The columns of one trial's curve, epoch by epoch. */
export function epochColumns(phase: Phase): Column<EpochMetrics>[] {
  const name = evaluationName(phase);
  const column = (
    key: string,
    title: string,
    metric: keyof EpochMetrics,
    text: (value: number) => string,
  ): Column<EpochMetrics> => ({
    key,
    title,
    align: 'right',
    value: (row) => row[metric],
    text: (row) => text(row[metric]),
  });
  return [
    column('epoch', 'epoch', 'epoch', String),
    column('trainingLoss', 'training loss', 'trainingLoss', lossText),
    column('trainingAccuracy', 'training accuracy', 'trainingAccuracy', percent),
    column(`${name}Loss`, `${name} loss`, 'evaluationLoss', lossText),
    column(`${name}Accuracy`, `${name} accuracy`, 'evaluationAccuracy', percent),
  ];
}
