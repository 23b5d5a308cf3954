/** What a question is about: one experiment or trial of the database, and the values in its address. */
import type { DashboardResults } from '../store/dashboard-results.ts';
import type { ExperimentSummary } from '../store/overview.ts';
import type { Experiment } from '../store/results.ts';
import type { Evidence } from './evidence.ts';
import type { Pictures } from './pictures.ts';
import type { Source } from './source.ts';

/** What the server has to show. */
export interface Shown {
  readonly source: Source;
  readonly pictures: Pictures;
  readonly evidence: Evidence;
}

export interface Asked extends Shown {
  readonly results: DashboardResults;
  /** Of the experiment or of the trial, whichever the path names. */
  readonly id: number;
  /** The experiment, or that of the trial. */
  readonly run: Experiment;
  readonly query: URLSearchParams;
}

export const summaryOf = ({ results, run }: Asked): ExperimentSummary | undefined =>
  results.summaries().find(({ id }) => id === run.id);

/** A value in the address that is not allowed. */
export class BadRequest extends Error {}

export function oneOf<const Name extends string>(
  query: URLSearchParams,
  key: string,
  names: readonly Name[],
  otherwise: Name,
): Name {
  const given = query.get(key) ?? otherwise;
  const name = names.find((known) => known === given);
  if (name === undefined) throw new BadRequest(`${key} must be one of ${names.join(', ')}.`);
  return name;
}

export function whole(
  query: URLSearchParams,
  key: string,
  min: number,
  max: number,
  otherwise: number,
): number {
  const given = query.get(key) ?? String(otherwise);
  const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new BadRequest(`${key} must be a whole number from ${min} to ${max}.`);
  return value;
}
