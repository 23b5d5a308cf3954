/** Running an experiment from a program, its events one by one if wanted. */
import { checkDefinition } from '../experiment/check.ts';
import type { MetricOf, MetricsInput, ObjectiveDefinition, TypedExperiment } from '../experiment/define.ts';
import { withoutDuplicates } from '../experiment/load.ts';
import type { ObjectiveInput } from '../experiment/schema.ts';
import type { Metric } from '../metric.ts';
import type { WrittenSpace } from '../space/definition.ts';
import type { ParamsOf } from '../space/params-of.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { expectOptions } from './call-options.ts';
import type { SweepEvent } from './events.ts';
import { runExperiment } from './run-experiment.ts';
import type { RunOptions } from './run-options.ts';
import type { SweepResult } from './sweep.ts';

/** How runSweep runs; only the database must be named. */
export type RunSweepOptions = Pick<RunOptions, 'database'> & Partial<Omit<RunOptions, 'experiment'>>;

/** Parameters as the type checker knows them from the definition's space. */
interface InSpace<S extends WrittenSpace> {
  readonly params: ParamsOf<S>;
}

/**
 * A definition with an objective that a program runs: a module by its path, or a command. Threads import a function by its
 * file, so a bare one is refused.
 */
export type RunnableObjective<Space extends WrittenSpace, Metrics extends MetricsInput> = Omit<
  ObjectiveDefinition<Space, Metrics>,
  'objective'
> &
  Pick<ObjectiveInput, 'objective'>;

/**
 * What a sweep has found; its parameters are known to be of the definition's space, and its metrics by their names:
 * `TypedSweepResult<typeof experiment.space>`.
 */
export interface TypedSweepResult<S extends WrittenSpace, Name extends string = string>
  extends Pick<SweepResult, 'experimentId' | 'combinations' | 'state' | 'seconds'> {
  /** What is measured, in the order of every report's values; the first decides. */
  readonly metrics: readonly (Metric & { readonly name: Name })[];
  /** Phase 1, in order of number. */
  readonly trials: readonly (Trial & InSpace<S>)[];
  /** The same trials, the best first, those without a result last. */
  readonly ranked: readonly (Trial & InSpace<S>)[];
  /** The best replicate of the best combination; undefined where none is done. */
  readonly winner: (DoneTrial & InSpace<S>) | undefined;
  /** The trial of phase 2; undefined where there was none. */
  readonly final: (Trial & InSpace<S>) | undefined;
}

/**
 * Runs an experiment from a program: every trial on a thread of its own, every result in the database, the winner's weights
 * in bestmodel.json beside it. Losses are means per row (natural logarithm), accuracies run from 0 to 1, times are seconds.
 * An objective of one's own is named: `objective: './valley.ts'`, whose default export is the function, or `{ command: [...] }`.
 * @throws CoresweepError for a faulty definition, data or database, before anything has run
 *
 * ```ts
 * import { runSweep } from 'coresweep';
 *
 * const { winner } = await runSweep(
 *   {
 *     name: 'small',
 *     data: { source: 'mnist', train: [0, 500], validation: [50_000, 50_500] },
 *     model: { hidden: [20] },
 *     training: { epochs: 2 },
 *     space: { learningRate: [0.01, 0.1], batchSize: [32, 64] },
 *   },
 *   { database: 'results/small.db' },
 * );
 * const batchSize: 32 | 64 | undefined = winner?.params.batchSize;
 * console.log(batchSize, winner?.best.values[0]);
 * ```
 */
export function runSweep<const S extends WrittenSpace, const Metrics extends MetricsInput>(
  definition: RunnableObjective<S, Metrics>,
  options: RunSweepOptions,
): Promise<TypedSweepResult<S, MetricOf<Metrics>>>;
export function runSweep<const S extends WrittenSpace>(
  definition: TypedExperiment<S>,
  options: RunSweepOptions,
): Promise<TypedSweepResult<S>>;
export async function runSweep(definition: object, options: RunSweepOptions): Promise<unknown> {
  expectOptions('runSweep', options);
  return run(definition, options);
}

/** The trials are of the space that was searched, which is the definition's. */
async function run(definition: object, options: RunSweepOptions): Promise<SweepResult> {
  const { experiment } = withoutDuplicates(checkDefinition(definition, 'The definition'));
  return runExperiment({ baseFolder: process.cwd(), ...options, experiment });
}

/** The last event of sweepEvents. */
export interface SweepEnd<S extends WrittenSpace, Name extends string = string> {
  readonly kind: 'sweep finished';
  readonly result: TypedSweepResult<S, Name>;
}

/**
 * Runs an experiment as runSweep does and gives its events one by one, the result as the last. Leaving the loop early stops
 * the sweep: running trials end at their next mini-batch, and the loop is left when they have.
 * @throws CoresweepError as runSweep does
 *
 * ```ts
 * import { sweepEvents } from 'coresweep';
 *
 * const definition = {
 *   name: 'events',
 *   data: { source: 'mnist', train: [0, 500], validation: [50_000, 50_500] },
 *   model: { hidden: [20] },
 *   training: { epochs: 2 },
 *   space: { learningRate: [0.01, 0.1], batchSize: [32] },
 * } as const;
 *
 * for await (const event of sweepEvents(definition, { database: 'results/events.db' })) {
 *   if (event.kind === 'trial finished') console.log(event.trial.params, event.trial.state);
 *   if (event.kind === 'sweep finished') console.log(event.result.winner?.params);
 * }
 * ```
 */
export function sweepEvents<const S extends WrittenSpace, const Metrics extends MetricsInput>(
  definition: RunnableObjective<S, Metrics>,
  options: RunSweepOptions,
): AsyncGenerator<SweepEvent | SweepEnd<S, MetricOf<Metrics>>, void, undefined>;
export function sweepEvents<const S extends WrittenSpace>(
  definition: TypedExperiment<S>,
  options: RunSweepOptions,
): AsyncGenerator<SweepEvent | SweepEnd<S>, void, undefined>;
export async function* sweepEvents(
  definition: object,
  options: RunSweepOptions,
): AsyncGenerator<unknown, void, undefined> {
  expectOptions('sweepEvents', options);
  const left = new AbortController();
  const signals = [left.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const waiting: unknown[] = [];
  let news = Promise.withResolvers<void>();
  const tell = (event: unknown) => {
    waiting.push(event);
    news.resolve();
  };
  const onEvent = (event: SweepEvent) => {
    options.onEvent?.(event);
    tell(event);
  };
  let isRunning = true;
  const running = run(definition, { ...options, signal: AbortSignal.any(signals), onEvent })
    .then((result) => tell({ kind: 'sweep finished', result }))
    .finally(() => {
      isRunning = false;
      news.resolve();
    });
  // Until it is awaited below, a failure has no one to tell.
  running.catch(() => {});
  try {
    while (isRunning || waiting.length > 0) {
      await news.promise;
      news = Promise.withResolvers();
      yield* waiting.splice(0);
    }
    await running;
  } finally {
    left.abort();
    await running.catch(() => {});
  }
}
