/** DefineExperiment(), for types. */
import type { ExperimentInput } from './schema.ts';

/** A definition whose batch sizes are known to the type checker as the very numbers written. */
export type TypedExperiment<BatchSize extends number> = Omit<ExperimentInput, 'space'> & {
  readonly space: { readonly learningRate: readonly number[]; readonly batchSize: readonly BatchSize[] };
};

/**
 * Returns the definition unchanged; its use is that a misspelt or mistyped key does not compile.
 * Values (ranges, limits) are checked when the experiment is run.
 *
 * ```ts
 * import { defineExperiment } from 'coresweep';
 *
 * export default defineExperiment({
 *   name: 'small',
 *   data: { source: 'mnist', train: [0, 1_000], validation: [50_000, 51_000] },
 *   model: { hidden: [20] },
 *   training: { epochs: 5 },
 *   space: { learningRate: [0.001, 0.01], batchSize: [32, 64] },
 * });
 * ```
 */
export function defineExperiment<const BatchSize extends number>(
  definition: TypedExperiment<BatchSize>,
): TypedExperiment<BatchSize> {
  return definition;
}
