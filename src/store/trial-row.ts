/** A row of the table trial: the frozen trial that it stands for, and the columns that an outcome fills. */
import { shown } from '../errors.ts';
import type { EpochMetrics, Phase, Trial, TrialOutcome } from '../trial.ts';
import { DamagedRecord, expectIntact } from './digest.ts';
import { storedParams } from './stored-json.ts';

type MetricColumn<Which extends 'best' | 'last'> =
  | `${Which}_epoch`
  | `${Which}_${'training' | 'evaluation'}_${'loss' | 'accuracy'}`;

/** What the end of an attempt fills; columns that its state does not have are null, which the table's CHECKs hold. */
type Outcome = Record<MetricColumn<'best'> | MetricColumn<'last'> | 'diverged_epoch', number | null> &
  Record<'weights_sha256' | 'last_weights_sha256' | 'error_code' | 'error', string | null>;
type OutcomeRow = Outcome & { readonly state: TrialOutcome['state']; readonly seconds: number };

/** A row as it is read; the type trusts the CHECKs that the columns of the row's state are filled. */
export type TrialRow = { readonly [Column in keyof Outcome]: NonNullable<Outcome[Column]> } & {
  readonly id: number;
  readonly experiment_id: number;
  readonly phase: Phase;
  readonly number: number;
  readonly key: string;
  readonly replicate: number;
  readonly params: string;
  readonly state: Trial['state'];
  readonly attempts: number;
  readonly seconds: number;
};

/** The trial of `row`, frozen through and through. @throws DamagedRecord where the row is not what was written */
export function trialOf(row: TrialRow): Trial {
  expectIntact('trial', row);
  return intactTrialOf(row);
}

/** As trialOf, of a row that has been held against its digest. */
export function intactTrialOf(row: TrialRow): Trial {
  const { id, phase, number, key, replicate, attempts, seconds } = row;
  const name = `trial ${number} of experiment ${row.experiment_id}`;
  const params = storedParams(name, row.params);
  const trial = { id, phase, number, key, replicate, params, attempts };
  switch (row.state) {
    case 'waiting':
    case 'running':
    case 'stopped':
      return Object.freeze({ ...trial, state: row.state });
    case 'done':
      return Object.freeze({
        ...trial,
        state: row.state,
        best: metricsOf(row, 'best'),
        last: metricsOf(row, 'last'),
        seconds,
        weightsSha256: row.weights_sha256,
        lastWeightsSha256: row.last_weights_sha256,
      });
    case 'diverged':
      return Object.freeze({ ...trial, state: row.state, epoch: row.diverged_epoch, seconds });
    case 'failed':
      return Object.freeze({ ...trial, state: row.state, code: row.error_code, reason: row.error, seconds });
    default:
      // Without a digest, an older version's row is known by its CHECKs alone.
      throw new DamagedRecord(name, `has the state ${shown(row.state satisfies never)}`);
  }
}

function metricsOf(row: TrialRow, which: 'best' | 'last'): EpochMetrics {
  const metrics = {
    epoch: row[`${which}_epoch`],
    trainingLoss: row[`${which}_training_loss`],
    trainingAccuracy: row[`${which}_training_accuracy`],
    evaluationLoss: row[`${which}_evaluation_loss`],
    evaluationAccuracy: row[`${which}_evaluation_accuracy`],
  };
  if (!Object.values(metrics).every(Number.isFinite))
    throw new DamagedRecord(`trial ${row.number} of experiment ${row.experiment_id}`, 'lacks a result');
  return Object.freeze(metrics);
}

const noOutcome: Outcome = {
  ...metricColumns('best'),
  ...metricColumns('last'),
  diverged_epoch: null,
  weights_sha256: null,
  last_weights_sha256: null,
  error_code: null,
  error: null,
};

/** Names of the columns that outcomeRow fills. */
export const outcomeColumns: readonly string[] = ['state', 'seconds', ...Object.keys(noOutcome)];

/** The columns of an ended attempt. */
export function outcomeRow(outcome: TrialOutcome): OutcomeRow {
  switch (outcome.state) {
    case 'done': {
      const { best, last, bestWeights, lastWeights, seconds } = outcome.result;
      return {
        ...noOutcome,
        state: outcome.state,
        seconds,
        ...metricColumns('best', best),
        ...metricColumns('last', last),
        weights_sha256: bestWeights.sha256,
        last_weights_sha256: lastWeights.sha256,
      };
    }
    case 'diverged':
      return { ...noOutcome, state: outcome.state, seconds: outcome.seconds, diverged_epoch: outcome.epoch };
    case 'failed': {
      const { state, seconds, code, reason } = outcome;
      return { ...noOutcome, state, seconds, error_code: code, error: reason };
    }
    case 'stopped':
      return { ...noOutcome, state: outcome.state, seconds: outcome.seconds };
    default:
      return outcome satisfies never;
  }
}

function metricColumns<Which extends 'best' | 'last'>(which: Which, metrics?: EpochMetrics) {
  return {
    [`${which}_epoch`]: metrics?.epoch ?? null,
    [`${which}_training_loss`]: metrics?.trainingLoss ?? null,
    [`${which}_training_accuracy`]: metrics?.trainingAccuracy ?? null,
    [`${which}_evaluation_loss`]: metrics?.evaluationLoss ?? null,
    [`${which}_evaluation_accuracy`]: metrics?.evaluationAccuracy ?? null,
  } as Record<MetricColumn<Which>, number | null>;
}
