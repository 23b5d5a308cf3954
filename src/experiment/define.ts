/** DefineExperiment(), for types. */
import type { ObjectiveFunction } from '../objective-function.ts';
import type { WrittenSpace } from '../space/definition.ts';
import type { AlwaysIn, ParamsOf } from '../space/params-of.ts';
import type { needed } from './network-settings.ts';
import type { NetworkInput, NetworkSpace, ObjectiveInput } from './schema.ts';

/** A definition whose space is known to the type checker as the very values written. */
export type TypedExperiment<S extends WrittenSpace> = Omit<NetworkInput, 'space' | 'model' | 'training'> & {
  readonly space: S;
} & Settings<S, 'model'> &
  Settings<S, 'training'>;

type Needed = typeof needed;
type Given<Group extends keyof Needed> = Exclude<NetworkInput[Group], undefined>;

/** The one that is needed may be left to the space, where every trial names it there. */
type Settings<S extends WrittenSpace, Group extends keyof Needed> =
  Needed[Group] extends AlwaysIn<S>
    ? { readonly [Key in Group]?: Given<Group> | undefined }
    : {
        readonly [Key in Group]: Given<Group> & {
          readonly [Name in Needed[Group] & keyof Given<Group>]-?: Exclude<Given<Group>[Name], undefined>;
        };
      };

/** The metrics of an objective as people write them: their names, or which way is better for each. */
export type MetricsInput = ObjectiveInput['metrics'];

/** The names of metrics, in whichever form they are written. */
export type MetricOf<Metrics extends MetricsInput> = Metrics extends readonly (infer Metric)[]
  ? Metric extends { readonly name: infer Name extends string }
    ? Name
    : Extract<Metric, string>
  : Extract<keyof Metrics, string>;

/** A number for each metric. */
export type ValuesOf<Metrics extends MetricsInput> = Readonly<Record<MetricOf<Metrics>, number>>;

/** A definition with an objective of one's own, whose function is known to be for its space and its metrics. */
export type ObjectiveDefinition<Space extends WrittenSpace, Metrics extends MetricsInput> = Omit<
  ObjectiveInput,
  'space' | 'metrics' | 'objective'
> & {
  readonly space: Space;
  readonly metrics: Metrics;
  readonly objective: ObjectiveInput['objective'] | ObjectiveFunction<ParamsOf<Space>, ValuesOf<Metrics>>;
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
export function defineExperiment<const Space extends WrittenSpace, const Metrics extends MetricsInput>(
  definition: ObjectiveDefinition<Space, Metrics>,
): ObjectiveDefinition<Space, Metrics>;
export function defineExperiment<const Space extends NetworkSpace>(
  definition: TypedExperiment<Space>,
): TypedExperiment<Space>;
export function defineExperiment(definition: unknown): unknown {
  return definition;
}
