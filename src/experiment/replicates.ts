/** How often each combination is tried. Not here: what its replicates are trained on. */

interface Replicated {
  readonly search: { readonly replicates: number };
  readonly data?: { readonly folds?: number | undefined } | undefined;
}

/** Of an experiment with an objective of its own, and of one without folds, 1. */
export const foldsOf = ({ data }: Pick<Replicated, 'data'>): number => data?.folds ?? 1;

/** Each replicate once a fold: replicate r is one of fold r modulo the number of folds. */
export const replicatesOf = (experiment: Replicated): number =>
  experiment.search.replicates * foldsOf(experiment);
