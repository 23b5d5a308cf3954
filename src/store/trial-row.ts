/** A row of the table trial: the frozen trial that it stands for, and the columns that an outcome fills. */
import { shown } from '../errors.ts';
import { mostMetrics } from '../metric.ts';
import type {
  ArtifactHashes,
  ArtifactName,
  Report,
  Role,
  Trial,
  TrialOutcome,
  TrialResult,
} from '../trial.ts';
import { DamagedRecord, expectIntact } from './digest.ts';
import { storedParams } from './stored-json.ts';

/** Columns v1 to v8 of a row, by their names. */
export type Values<Prefix extends string = ''> = Readonly<Record<`${Prefix}v${number}`, number | null>>;

/** A row as it is read; the type trusts the CHECKs that the columns of the row's state are filled. */
export interface TrialRow extends Values<'best_'>, Values<'last_'> {
  readonly id: number;
  readonly experiment_id: number;
  readonly role: Role;
  readonly number: number;
  readonly key: string;
  readonly replicate: number;
  readonly params: string;
  readonly state: Trial['state'];
  readonly attempts: number;
  readonly best_step: number;
  readonly last_step: number;
  readonly diverged_step: number;
  readonly seconds: number;
  readonly best_sha256: string | null;
  readonly last_sha256: string | null;
  readonly model_sha256: string | null;
  readonly error_code: string;
  readonly error: string;
}

/** The trial of `row`, frozen through and through. @throws DamagedRecord where the row is not what was written */
export function trialOf(row: TrialRow): Trial {
  expectIntact('trial', row);
  return intactTrialOf(row);
}

/** As trialOf, of a row that has been held against its digest. */
export function intactTrialOf(row: TrialRow): Trial {
  const { id, role, number, key, replicate, attempts, seconds } = row;
  const name = `trial ${number} of experiment ${row.experiment_id}`;
  // Without a digest, a row of a version before 4 is known by its CHECKs alone.
  if (role !== 'search' && role !== 'final') throw new DamagedRecord(name, 'is of no phase that there is');
  const params = storedParams(name, row.params);
  const trial = { id, role, number, key, replicate, params, attempts };
  switch (row.state) {
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return Object.freeze({ ...trial, state: row.state });
    case 'done':
    case 'pruned':
      return Object.freeze({
        ...trial,
        state: row.state,
        best: reportOf(name, row.best_step, valuesOf(row, 'best_')),
        last: reportOf(name, row.last_step, valuesOf(row, 'last_')),
        seconds,
        artifacts: hashesOf(row),
      });
    case 'diverged':
      return Object.freeze({ ...trial, state: row.state, step: row.diverged_step, seconds });
    case 'failed':
      return Object.freeze({ ...trial, state: row.state, code: row.error_code, reason: row.error, seconds });
    default:
      throw new DamagedRecord(name, `has the state ${shown(row.state satisfies never)}`);
  }
}

/** The values of a row: those of metrics that its run does not have are NULL. */
export function valuesOf<Prefix extends string>(row: Values<Prefix>, prefix: Prefix): number[] {
  const values: number[] = [];
  for (let position = 1; position <= mostMetrics; position++) {
    const value = row[`${prefix}v${position}`];
    if (value === null || value === undefined) break;
    values.push(value);
  }
  return values;
}

/** @throws DamagedRecord where it cannot be one */
export function reportOf(record: string, step: number, values: number[]): Report {
  if (!Number.isInteger(step) || values.length === 0 || !values.every(Number.isFinite))
    throw new DamagedRecord(record, 'lacks a result');
  return Object.freeze({ step, values: Object.freeze(values) });
}

const artifactNames = ['best', 'last', 'model'] as const satisfies readonly ArtifactName[];

function hashesOf(row: TrialRow): ArtifactHashes {
  const hashes: Partial<Record<ArtifactName, string>> = {};
  for (const name of artifactNames) {
    const sha256 = row[`${name}_sha256`];
    if (sha256 !== null) hashes[name] = sha256;
  }
  return Object.freeze(hashes);
}

type Column = string | number | null;
type Outcome = Readonly<Record<string, Column>>;

const noOutcome: Outcome = {
  ...reportColumns('best'),
  ...reportColumns('last'),
  ...{ best_sha256: null, last_sha256: null, model_sha256: null },
  ...{ diverged_step: null, error_code: null, error: null },
};

/** The columns of an ended attempt; those that its state does not have are null, which the table's CHECKs hold. */
export function outcomeRow(outcome: TrialOutcome): Outcome {
  switch (outcome.state) {
    case 'done':
    case 'pruned':
      return { ...noOutcome, state: outcome.state, ...resultColumns(outcome.result) };
    case 'diverged':
      return { ...noOutcome, state: outcome.state, seconds: outcome.seconds, diverged_step: outcome.step };
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

function resultColumns({ best, last, artifacts, seconds }: TrialResult): Outcome {
  const columns: Record<string, Column> = {
    seconds,
    ...reportColumns('best', best),
    ...reportColumns('last', last),
  };
  for (const artifact of artifacts) columns[`${artifact.name}_sha256`] = sha256Of(artifact);
  return columns;
}

export const sha256Of = (artifact: TrialResult['artifacts'][number]): string =>
  artifact.kind === 'network' ? artifact.weights.sha256 : artifact.sha256;

function reportColumns(which: 'best' | 'last', report?: Report): Record<string, Column> {
  const columns: Record<string, Column> = { [`${which}_step`]: report?.step ?? null };
  for (let index = 0; index < mostMetrics; index++)
    columns[`${which}_v${index + 1}`] = report?.values[index] ?? null;
  return columns;
}
