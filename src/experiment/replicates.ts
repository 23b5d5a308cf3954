/** How often each combination is tried, and what its trials are called. Not here: what its replicates are trained on. */

interface Replicated {
  readonly search: { readonly replicates: number };
  readonly data?: { readonly folds?: number | undefined } | undefined;
}

/** Of an experiment with an objective of its own, and of one without folds, 1. */
export const foldsOf = ({ data }: Pick<Replicated, 'data'>): number => data?.folds ?? 1;

/** Each replicate once a fold: replicate r is one of fold r modulo the number of folds. */
export const replicatesOf = (experiment: Replicated): number =>
  experiment.search.replicates * foldsOf(experiment);

/** What the trials of one combination are called. */
export type ReplicateName = 'fold' | 'replicate';

/** Folds where each of them is one of another fold; the definition decides, not the trials that there are so far. */
export const replicateNameOf = (experiment: Replicated): ReplicateName =>
  foldsOf(experiment) > 1 && experiment.search.replicates === 1 ? 'fold' : 'replicate';
