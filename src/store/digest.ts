/**
 * The digests by which a record of the database is known to be what was written: which columns of it they cover, and in
 * which bytes. Not here: when they are written (seals.ts), what becomes of damage (explained.ts).
 */
import { hash } from 'node:crypto';
import { mostMetrics } from '../metric.ts';
import type { Report, Span } from '../trial.ts';

/** A record that is not what was written. The caller, who knows the file, makes it an error for people. */
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

const each = (prefix: string): string[] =>
  Array.from({ length: mostMetrics }, (_, index) => `${prefix}v${index + 1}`);

/**
 * What each digest covers: all that decides an answer or is shown. The counts of an experiment are there so that a row that has
 * vanished is missed.
 */
export const covered = {
  experiment: [
    ...[
      'id',
      'name',
      'definition',
      'definition_hash',
      'data_hash',
      'kernel_hash',
      'objective_hash',
      'encoding',
    ],
    ...['seed', 'metric', 'metrics', 'state', 'created_at', 'seconds', 'model_sha256', 'forced_sha256'],
    ...['trials', 'sessions'],
  ],
  trial: [
    ...['id', 'experiment_id', 'role', 'number', 'key', 'replicate', 'params', 'state', 'attempts'],
    ...['best_step', ...each('best_'), 'last_step', ...each('last_')],
    ...['diverged_step', 'seconds', 'best_sha256', 'last_sha256', 'model_sha256', 'error_code', 'error'],
    ...['crashes', 'start_sha256', 'start_forced', 'reports_sha256', 'spans_sha256', 'same_as'],
  ],
  // The bytes have a SHA-256 of their own.
  artifact: ['trial_id', 'name', 'kind', 'sizes', 'sha256', 'correct'],
  session: ['id', 'experiment_id', 'started_at', 'threads', 'seconds'],
  log: ['trial_id', 'from', 'text'],
  machine: ['session_id', 'name', 'first_thread', 'threads', 'from', 'to', 'how'],
  stint: ['trial_id', 'number', 'session_id', 'machine', 'from', 'to', 'how'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Sealed = keyof typeof covered;
type FormerlySealed = Exclude<Sealed, 'log' | 'machine' | 'stint'>;

/** What the digests of version 4 cover; its rows say which version they are of (former.ts). */
export const formerlyCovered: Readonly<Record<FormerlySealed, readonly string[]>> = {
  experiment: covered.experiment.filter((column) => column !== 'objective_hash' && column !== 'metrics'),
  trial: [
    ...['id', 'experiment_id', 'phase', 'number', 'key', 'replicate', 'params', 'state', 'attempts'],
    ...['best_epoch', 'best_training_loss', 'best_training_accuracy'],
    ...['best_evaluation_loss', 'best_evaluation_accuracy'],
    ...['last_epoch', 'last_training_loss', 'last_training_accuracy'],
    ...['last_evaluation_loss', 'last_evaluation_accuracy'],
    ...['diverged_epoch', 'seconds', 'weights_sha256', 'last_weights_sha256', 'error_code', 'error'],
    ...['crashes', 'start_sha256', 'start_forced', 'curve_sha256', 'spans_sha256', 'same_as'],
  ],
  artifact: ['trial_id', 'name', 'sizes', 'sha256', 'correct'],
  session: covered.session,
};

export const rowDigest = (table: Sealed, row: object): string =>
  digestOf(
    row as Row,
    (row as { readonly version?: unknown }).version === 4
      ? formerlyCovered[table as FormerlySealed]
      : covered[table],
  );

/** @throws DamagedRecord where `row` has a digest that is not its own; a row of a version before 4 has none */
export function expectIntact(table: Sealed, row: object): void {
  const { digest } = row as { readonly digest?: unknown };
  if (digest !== undefined && digest !== rowDigest(table, row))
    throw new DamagedRecord(recordName(table, row as Row), 'is not what was written');
}

function recordName(table: Sealed, row: Row): string {
  const { id, experiment_id: experiment, trial_id: trial, session_id: session, role, number, name } = row;
  switch (table) {
    case 'experiment':
      return `experiment ${id}`;
    case 'trial':
      return `${role === 'final' ? 'final training' : 'trial'} ${number} of experiment ${experiment} (id ${id})`;
    case 'artifact':
      return modelName(trial, name);
    case 'session':
      return `session ${id} of experiment ${experiment}`;
    case 'log':
      return `the log of the trial with id ${trial}`;
    case 'machine':
      return `the machine ${name} of session ${session}`;
    case 'stint':
      return `stint ${number} of the trial with id ${trial}`;
    default:
      return table satisfies never;
  }
}

export const modelName = (trialId: unknown, name: unknown): string =>
  `the model "${name}" of the trial with id ${trialId}`;

export function reportsSha256(trialId: number, reports: readonly Report[]): string {
  const numbers = [trialId];
  for (const { step, values } of reports) numbers.push(step, values.length, ...values);
  return hash('sha256', Float64Array.from(numbers));
}

/** What version 4 wrote: each epoch with its numbers in the order of measuredColumns. */
export const formerReportsSha256 = (
  trialId: number,
  curve: readonly (readonly [epoch: number, ...measured: number[]])[],
): string => hash('sha256', Float64Array.from([trialId, ...curve.flat()]));

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
