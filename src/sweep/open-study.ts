/** openStudy(): ask and tell for programs. Not here: how trials are handed out (study.ts) and their results taken (study-told.ts). */
import { errors } from '../errors.ts';
import { checkDefinition } from '../experiment/check.ts';
import type { MetricsInput, ObjectiveDefinition, ValuesOf } from '../experiment/define.ts';
import { withoutDuplicates } from '../experiment/load.ts';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import type { Metric } from '../metric.ts';
import { faultOfStep, readValues } from '../objective/read-report.ts';
import type { WrittenSpace } from '../space/definition.ts';
import type { ParamsOf } from '../space/params-of.ts';
import { expectOptions } from './call-options.ts';
import { askTrial, type Handed, withToldObjective } from './study.ts';
import { reportTrial, tellTrial } from './study-told.ts';

/** A definition without an objective: the program that asks runs the trials. */
export type StudyDefinition<Space extends WrittenSpace, Metrics extends MetricsInput> = Omit<
  ObjectiveDefinition<Space, Metrics>,
  'objective'
>;

/** A trial that was asked for. It ends by one of `tell`, `prune` and `fail`, in any process; until then it waits. */
export interface AskedTrial<Params, Values> {
  /** From 1. */
  readonly number: number;
  readonly params: Params;
  /**
   * Records the values at a step; steps ascend from 1. By `prune` the definition says who is pruned there: such a trial has
   * ended, as one has whose values are no numbers. Waits where that hangs on lower trials that have not come so far; the lowest one
   * never waits.
   * @returns whether to go on
   * @throws ERR_STUDY_SILENT where nobody tells of such a trial for limits.silentSeconds: end it (`fail`), and report this again
   */
  report(step: number, values: Values): Promise<'go on' | 'prune'>;
  /** Ends the trial with its values, which count as its last report; NaN and infinity make it diverge. */
  tell(values: Values): Promise<void>;
  /** Ends the trial early, at what it has reported last; one that a report has pruned stays so. */
  prune(): Promise<void>;
  fail(reason: string): Promise<void>;
}

/** A search whose trials are run by the program that asks for them. */
export interface Study<Params, Values> {
  /**
   * The next trial; undefined where the search is over.
   * @throws ERR_STUDY_WAITS where too many trials are under way: search.lag says how many may be
   */
  ask(): Promise<AskedTrial<Params, Values> | undefined>;
}

/**
 * Opens a search whose trials the program runs itself. The same trials come in whatever order results are told, as far as
 * `search.lag` allows; other programs may ask of the same database, and nobody gets the same trial.
 * @throws ERR_DEFINITION with every fault of the definition
 *
 * ```ts
 * import { float, openStudy } from 'coresweep';
 *
 * const study = openStudy(
 *   { name: 'valley', space: { x: float(-10, 10) }, metrics: ['height'], search: { method: 'tpe', trials: 20, lag: 1 } },
 *   { database: 'results/valley.db' },
 * );
 * for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
 *   await trial.tell({ height: (trial.params.x - 2) ** 2 });
 *   console.log(trial.number, trial.params.x);
 * }
 * ```
 */
export function openStudy<const Space extends WrittenSpace, const Metrics extends MetricsInput>(
  definition: StudyDefinition<Space, Metrics>,
  options: { readonly database: string },
): Study<ParamsOf<Space>, ValuesOf<Metrics>> {
  expectOptions('openStudy', options);
  const { database } = options;
  const experiment = studyOf(definition, 'The definition');
  return {
    async ask() {
      const handed = await askTrial(database, experiment);
      // Its parameters are a point of the definition's space.
      return handed && (asked(database, experiment, handed) as never);
    },
  };
}

/** The definition of a study, checked. */
export function studyOf(definition: object, file: string): ObjectiveExperiment {
  const whole = withToldObjective(definition);
  return withoutDuplicates(checkDefinition(whole, file) as ObjectiveExperiment).experiment;
}

type Values = Readonly<Record<string, number>>;

function asked(
  database: string,
  { metrics, limits }: ObjectiveExperiment,
  { number, params, experimentId }: Handed,
): AskedTrial<Handed['params'], Values> {
  const since = performance.now();
  const waitSeconds = limits.silentSeconds;
  const trial = () => ({
    ...{ database, experimentId, number, waitSeconds },
    seconds: (performance.now() - since) / 1000,
  });
  return {
    number,
    params,
    async report(step, values) {
      // Steps that do not ascend are refused where the last one is known.
      const fault = faultOfStep(step, 0);
      if (fault !== undefined) throw errors.told(fault);
      return await reportTrial(trial(), { step, values: valuesIn(metrics, values) });
    },
    tell: async (values) => tellTrial(trial(), { state: 'done', values: valuesIn(metrics, values) }),
    prune: () => tellTrial(trial(), { state: 'pruned' }),
    // A program without types gives what it has caught.
    fail: (reason) => tellTrial(trial(), { state: 'failed', reason: String(reason) }),
  };
}

/** In the order of the metrics. @throws ERR_REPORT for what is no number of each */
function valuesIn(metrics: readonly Metric[], given: Values): readonly number[] {
  const read = readValues(metrics, given, 'fault');
  switch (read.kind) {
    case 'values':
      return read.values;
    case 'not finite':
      return metrics.map(({ name }) => given[name] as number);
    case 'fault':
      throw errors.told(read.fault);
    default:
      return read satisfies never;
  }
}
