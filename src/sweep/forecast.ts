/**
 * What a run of a definition would do, from what is recorded: how many trials, which come next, and how long they may take.
 * Not here: doing any of it. The data is not read, so that other data than was recorded only shows in a run itself.
 */

import { recordedDefinition } from '../experiment/recorded.ts';
import type { Experiment } from '../experiment/schema.ts';
import { randomStream } from '../random.ts';
import { historyOf } from '../search/history.ts';
import type { Point } from '../search/searcher.ts';
import type { Experiment as RecordedRun, Results } from '../store/results.ts';
import { isOpen } from './ended.ts';
import type { Ingredients } from './identity.ts';
import { runToResume } from './resume.ts';
import { searcherOf } from './searcher-of.ts';

export interface Forecast {
  /** The run that would go on; undefined where a new one would begin. */
  readonly run: RecordedRun | undefined;
  /** Trials of the search; Infinity where only a budget ends it. */
  readonly total: number;
  /** Those of them that have ended. */
  readonly recorded: number;
  /** The next trials, as far as they are known before others have ended: at most `shown` of them. */
  readonly next: readonly (Point & { readonly number: number })[];
  /** One trial takes so long; undefined where nothing of the kind is recorded. */
  readonly trialSeconds:
    | { readonly mean: number; readonly trials: number; readonly experimentId: number }
    | undefined;
}

export interface ForecastOptions {
  readonly results: Pick<Results, 'experiments' | 'trials'> | undefined;
  readonly isFresh: boolean;
  readonly retriesFailed: boolean;
  /** How many of the next trials to name. */
  readonly shown: number;
}

export function forecast(experiment: Experiment, options: ForecastOptions): Forecast {
  const { results, isFresh, retriesFailed, shown } = options;
  const runs = results?.experiments() ?? [];
  const goesOn = (run: RecordedRun) => {
    const ingredients = ingredientsOf(run, experiment);
    return ingredients !== undefined && runToResume(experiment, ingredients, [run]) !== undefined;
  };
  const run = isFresh ? undefined : runs.findLast(goesOn);
  const known = run === undefined ? [] : searched(results, run);
  const open = known.filter((trial) => isOpen(trial, retriesFailed));
  const searcher = searcherOf(experiment);
  const next = open.slice(0, shown).map(({ number, params, replicate }) => ({ number, params, replicate }));
  const history = historyOf(known);
  while (next.length < shown) {
    const number = history.trials.length + 1;
    const point = searcher.ask(history, randomStream(experiment.seed, 'search', number, 0));
    if (point === undefined) break;
    next.push({ number, ...point });
    history.add({ ...point, state: 'waiting' });
    // What comes after it depends on how it ends.
    if (searcher.ahead === 0) break;
  }
  const total = Math.max(searcher.total, known.length);
  return {
    run,
    total,
    recorded: known.length - open.length,
    next,
    trialSeconds: trialSeconds(experiment, results, run),
  };
}

/** As recorded: that they are other ones by now only shows in a run itself. */
function ingredientsOf(run: RecordedRun, { objective }: Experiment): Ingredients | undefined {
  const { dataHash, kernelHash, objectiveHash } = run;
  if (objective !== undefined) return objectiveHash === null ? undefined : { objectiveHash };
  return dataHash === null || kernelHash === null ? undefined : { dataHash, kernelHash };
}

const searched = (results: ForecastOptions['results'], { id }: RecordedRun) =>
  results?.trials(id).filter(({ role }) => role === 'search') ?? [];

/** By the run itself, or else by the latest of the same name that has finished trials. */
function trialSeconds(
  experiment: Experiment,
  results: ForecastOptions['results'],
  run: RecordedRun | undefined,
): Forecast['trialSeconds'] {
  const likely =
    results
      ?.experiments()
      .filter((other) => other.name === experiment.name)
      .toReversed() ?? [];
  for (const candidate of run === undefined ? likely : [run, ...likely]) {
    const seconds = searched(results, candidate).flatMap((trial) =>
      trial.state === 'done' ? [trial.seconds] : [],
    );
    const epochs = stepsOf(recordedDefinition(candidate));
    if (seconds.length === 0 || epochs === undefined) continue;
    const sum = seconds.reduce((total, one) => total + one, 0);
    const mean = (sum / seconds.length) * ((stepsOf(experiment) ?? epochs) / epochs);
    return { mean, trials: seconds.length, experimentId: candidate.id };
  }
  return undefined;
}

/** What a trial's time grows with; of an objective of a person's own nothing is known. */
const stepsOf = (experiment: Experiment | undefined): number | undefined =>
  experiment?.objective === undefined ? experiment?.training.epochs : 1;
