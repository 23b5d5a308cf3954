/**
 * JSON of the database as what it stands for: trusted only after its shape is checked, since older versions have no digests.
 * Not here: definitions, whose shape is the schema's (experiment/recorded.ts).
 */
import { shown } from '../errors.ts';
import { isValue } from '../space/is-value.ts';
import type { Params } from '../trial.ts';
import { DamagedRecord } from './digest.ts';

/** The value that `text`, a column of `record`, holds. */
export function storedJson(record: string, column: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedRecord(record, `has ${shown(text)} as ${column}, which is no JSON`);
  }
}

export function storedParams(record: string, text: string): Params {
  const value = storedJson(record, 'params', text);
  if (!areParams(value)) throw new DamagedRecord(record, `has ${shown(value)} as params`);
  return Object.freeze(value);
}

function areParams(value: unknown): value is Params {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isValue)
  );
}
