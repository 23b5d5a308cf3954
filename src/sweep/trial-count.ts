/**
 * How many trials a search has in all, those that are still to be proposed among them.
 * Not here: how many may be run unasked (plan.ts), and how many there are.
 */
import { type Recorded, recordedDefinition } from '../experiment/recorded.ts';
import { replicatesOf } from '../experiment/replicates.ts';
import type { Experiment } from '../experiment/schema.ts';
import { spaceOf } from '../space/definition.ts';
import { enumerationOf } from '../space/enumeration.ts';

/** What of a definition says it. */
export interface Counted extends Pick<Experiment, 'space'> {
  readonly search: Pick<Experiment['search'], 'method' | 'trials' | 'replicates'>;
  readonly data?: { readonly folds?: number | undefined } | undefined;
}

/** Infinity where a search has no end of its own and no number is given. */
export function trialCount({ space, search, data }: Counted): number {
  const isGrid = search.method === 'grid';
  const points = isGrid ? enumerationOf(spaceOf(space)).count : Number.POSITIVE_INFINITY;
  return Math.min(points * replicatesOf({ search, data }), search.trials ?? Number.POSITIVE_INFINITY);
}

/** Of a recorded run. @param recorded how many trials it has; a run that is done gets no more */
export function trialsInAll(run: Recorded & { readonly state: string }, recorded: number): number {
  const experiment = run.state === 'done' ? undefined : recordedDefinition(run);
  const count = experiment === undefined ? recorded : trialCount(experiment);
  return Number.isFinite(count) ? Math.max(recorded, count) : recorded;
}
