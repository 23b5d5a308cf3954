/**
 * The digests by which a record of the database is known to be what was written: which columns of it they cover, and in
 * which bytes. Not here: when they are written (seals.ts), what becomes of damage (explained.ts).
 */
import { hash } from 'node:crypto';
import type { EpochMetrics, Span } from '../trial.ts';

/** A record that is not what was written. Whoever knows the file puts it into words for people. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
  /** Such as "trial 4 of experiment 1". */
  readonly record: string;

  /** @param fault the rest of a sentence that begins with the record */
  constructor(record: string, fault: string) {
    super(fault);
    this.record = record;
  }
}

/** Columns by their names; which of them a row has, its table decides. */
type Row = Readonly<Record<string, unknown>>;

/**
 * What each digest covers: all that decides an answer or is shown. The counts of an experiment are there so that a row that has
 * vanished is missed.
 */
export const covered = {
  experiment: [
    ...['id', 'name', 'definition', 'definition_hash', 'data_hash', 'kernel_hash', 'encoding', 'seed'],
    ...['metric', 'state', 'created_at', 'seconds', 'model_sha256', 'forced_sha256'],
    ...['trials', 'sessions'],
  ],
  trial: [
    ...['id', 'experiment_id', 'phase', 'number', 'key', 'replicate', 'params', 'state', 'attempts'],
    ...['best_epoch', 'best_training_loss', 'best_training_accuracy'],
    ...['best_evaluation_loss', 'best_evaluation_accuracy'],
    ...['last_epoch', 'last_training_loss', 'last_training_accuracy'],
    ...['last_evaluation_loss', 'last_evaluation_accuracy'],
    ...['diverged_epoch', 'seconds', 'weights_sha256', 'last_weights_sha256', 'error_code', 'error'],
    ...['crashes', 'start_sha256', 'start_forced', 'curve_sha256', 'spans_sha256', 'same_as'],
  ],
  // The parameters have a SHA-256 of their own.
  model: ['trial_id', 'kind', 'sizes', 'sha256', 'correct'],
  session: ['id', 'experiment_id', 'started_at', 'threads', 'seconds'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Sealed = keyof typeof covered;

export const rowDigest = (table: Sealed, row: object): string => digestOf(row as Row, covered[table]);

/** @throws DamagedRecord where `row` has a digest that is not its own; a row of an older version has none */
export function expectIntact(table: Sealed, row: object): void {
  const { digest } = row as { readonly digest?: unknown };
  if (digest !== undefined && digest !== rowDigest(table, row))
    throw new DamagedRecord(recordName(table, row as Row), 'is not what was written');
}

function recordName(table: Sealed, row: Row): string {
  const { id, experiment_id: experiment, trial_id: trial, phase, number, kind } = row;
  switch (table) {
    case 'experiment':
      return `experiment ${id}`;
    case 'trial':
      return `${phase === 2 ? 'final training' : 'trial'} ${number} of experiment ${experiment} (id ${id})`;
    case 'model':
      return modelName(trial, kind);
    case 'session':
      return `session ${id} of experiment ${experiment}`;
    default:
      return table satisfies never;
  }
}

export const modelName = (trialId: unknown, kind: unknown): string =>
  `the model "${kind}" of the trial with id ${trialId}`;

export function curveSha256(trialId: number, curve: readonly EpochMetrics[]): string {
  const numbers = new Float64Array(1 + 5 * curve.length);
  numbers[0] = trialId;
  let at = 1;
  for (const epoch of curve) {
    numbers[at++] = epoch.epoch;
    numbers[at++] = epoch.trainingLoss;
    numbers[at++] = epoch.trainingAccuracy;
    numbers[at++] = epoch.evaluationLoss;
    numbers[at++] = epoch.evaluationAccuracy;
  }
  return hash('sha256', numbers);
}

/** @param spans in the order in which they are stored */
export const spansSha256 = (
  trialId: number,
  spans: readonly (Span & { readonly session: number | null })[],
): string =>
  hash(
    'sha256',
    // Ids of sessions count from 1.
    Float64Array.from([
      trialId,
      ...spans.flatMap((span) => [span.session ?? 0, span.thread, span.from, span.to]),
    ]),
  );

/** More than any table has columns. */
const numbers = new Float64Array(64);
const bytes = Buffer.from(numbers.buffer);

/**
 * SHA-256 of columns of a row; numbers by their bits (little-endian, as all machines are that it runs on), and no two rows
 * give the same bytes.
 */
function digestOf(row: Row, columns: readonly string[]): string {
  let count = 0;
  let text = '';
  for (const column of columns) {
    const value = row[column];
    if (typeof value === 'number') {
      numbers[count++] = value;
      text += '#';
    } else if (typeof value === 'string') text += `${value.length}:${value}`;
    else if (value === null) text += '-';
    else if (value instanceof Uint8Array)
      text += `b${value.length}:${Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')}`;
    // A damaged schema may name its columns otherwise.
    else throw new DamagedRecord(`the column ${column}`, `holds a value of type ${typeof value}`);
  }
  return hash('sha256', text + bytes.toString('latin1', 0, 8 * count));
}
