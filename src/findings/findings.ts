/**
 * Everything that a report is made of, read once: trials, evidence, curves, spans, and what the final model predicts.
 * Not here: how any of it looks.
 */
import { dirname, join } from 'node:path';
import type { LoadedData } from '../data/dataset.ts';
import { findData } from '../data/find-data.ts';
import { type Interval, wilsonInterval } from '../evidence/statistics.ts';
import { recordedNetwork } from '../experiment/network.ts';
import type { NetworkExperiment as Definition } from '../experiment/schema.ts';
import { type EpochMetrics, epochOf, type NetworkMetric } from '../metric.ts';
import {
  type Experiment,
  type NetworkRun,
  networkRun,
  type Results,
  type Session,
  type TrialSpan,
} from '../store/results.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import type { CombinationRow } from './combinations.ts';
import { evaluationRows } from './definition.ts';
import type { LeaderboardRow } from './leaderboard.ts';
import { type Predictions, predictionsOf } from './model-predictions.ts';
import { standingsOf } from './standings.ts';

export interface Findings {
  readonly experiment: NetworkRun;
  /** Undefined where another version of coresweep has written it differently. */
  readonly definition: Definition | undefined;
  /** Phase 1, best first. */
  readonly standings: readonly LeaderboardRow[];
  /** All replicates of equal parameters in one row, best first. */
  readonly combinations: readonly CombinationRow[];
  /** The done ones of the trials. */
  readonly done: readonly DoneTrial[];
  /** Phase 2. */
  readonly final: Trial | undefined;
  /** Of the last epoch of phase 2. */
  readonly finalInterval: Interval | undefined;
  /** By id: of phase 2 and of the trials to draw, with at most `drawnEpochs` epochs each. */
  readonly curves: ReadonlyMap<number, readonly EpochMetrics[]>;
  readonly trials: ReadonlyMap<number, Trial>;
  readonly spans: readonly TrialSpan[];
  readonly sessions: readonly Session[];
  /** What the final model makes of the test rows, or why that is not known; undefined without a final model. */
  readonly predictions: Predictions | { readonly reason: string } | undefined;
}

/** Curves beyond these would only make a picture heavier: the best are drawn, and others evenly from all ranks. */
const drawnCurves = { best: 40, others: 80 };
/** More points than a curve has pixels to show them. */
const drawnEpochs = 120;

export interface FindingsOptions {
  readonly results: Results;
  readonly experiment: Experiment;
  /** Path of the database: where data may lie beside. */
  readonly database: string;
  /** What a relative data folder starts from, where that is known. */
  readonly baseFolder?: string | undefined;
  /** The rows, where they are in memory already. */
  readonly data?: LoadedData | undefined;
  /** Told before each step that may take long. */
  readonly step?: (what: string) => void;
}

/** Reads an experiment as it stands: one that runs, or in which nothing has finished, too. */
export async function findingsOf(options: FindingsOptions): Promise<Findings> {
  const { results, step = () => {} } = options;
  const experiment = networkRun(options.experiment);
  const { metric } = experiment;
  const definition = recordedNetwork(experiment);
  const all = results.trials(experiment.id);
  step(`reading ${all.length} trials`);
  const { ranked, combinations: combined, correct } = results;
  const { trials: standings, combinations } = standingsOf(
    { ranked, combinations: combined, correct },
    experiment,
  );
  const final = results.finalTrial(experiment.id);
  const drawn = [...drawnOf(standings.map(({ trial }) => trial)), ...(final === undefined ? [] : [final])];
  const rows = evaluationRows(definition, 'final');
  return {
    experiment,
    definition,
    standings,
    combinations,
    done: standings.map(({ trial }) => trial).filter((trial) => trial.state === 'done'),
    final,
    finalInterval:
      final?.state === 'done' && rows !== undefined
        ? wilsonInterval(epochOf(metric, final.last).evaluationAccuracy, rows)
        : undefined,
    curves: new Map(drawn.map((trial) => [trial.id, thinned(epochsOf(results, metric, trial.id), trial)])),
    trials: new Map(all.map((trial) => [trial.id, trial])),
    spans: results.spans(experiment.id),
    sessions: results.sessions(experiment.id),
    predictions: await finalPredictions(options, experiment, definition, final),
  };
}

/** The best trials that have a curve, and some of the others, evenly over their ranks. */
function drawnOf(ranked: readonly Trial[]): Trial[] {
  const withCurve = ranked.filter(({ state }) => state === 'done' || state === 'diverged');
  const others = withCurve.slice(drawnCurves.best);
  const step = Math.max(1, others.length / drawnCurves.others);
  const some = Array.from(
    { length: Math.min(others.length, drawnCurves.others) },
    (_, i) => others[Math.floor(i * step)] as Trial,
  );
  return [...withCurve.slice(0, drawnCurves.best), ...some];
}

const epochsOf = (results: Results, metric: NetworkMetric, trialId: number): EpochMetrics[] =>
  results.reports(trialId).map((report) => epochOf(metric, report));

/** Every n-th epoch, with the first, the last and the best. */
function thinned(curve: readonly EpochMetrics[], trial: Trial): EpochMetrics[] {
  const step = Math.ceil(curve.length / drawnEpochs);
  const best = trial.state === 'done' ? trial.best.step : 0;
  return curve.filter(({ epoch }, i) => i % step === 0 || i === curve.length - 1 || epoch === best);
}

async function finalPredictions(
  { results, database, baseFolder, data, step = () => {} }: FindingsOptions,
  experiment: NetworkRun,
  definition: Definition | undefined,
  final: Trial | undefined,
): Promise<Findings['predictions']> {
  if (final?.state !== 'done' || definition === undefined) return undefined;
  const model = results.weights(final.id, 'last');
  if (model === undefined) return undefined;
  if (data?.hash === experiment.dataHash) return data.test && predictionsOf(data, data.test, model);
  step('reading the data set');
  // A definition does not say where it lay.
  const folders = [baseFolder, process.cwd(), join(process.cwd(), 'experiments'), dirname(database)];
  const found = await findData(
    definition.data,
    experiment.dataHash,
    folders.filter((folder) => folder !== undefined),
  );
  if ('reason' in found) return found;
  const { test } = found.data;
  return test && predictionsOf(found.data, test, model);
}
