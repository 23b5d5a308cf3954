/**
 * Everything that a report is made of, read once: trials, evidence, curves, spans, and what the final model predicts.
 * Not here: how any of it looks.
 */
import type { LoadedData } from '../data/dataset.ts';
import { type Interval, wilsonInterval } from '../evidence/statistics.ts';
import { recordedNetwork } from '../experiment/network.ts';
import { recordedObjective } from '../experiment/recorded.ts';
import type { NetworkExperiment, ObjectiveExperiment } from '../experiment/schema.ts';
import { epochOf, isClassMetric } from '../metric.ts';
import type { SessionMachine, TrialStint } from '../store/machine-records.ts';
import {
  type Experiment,
  type NetworkRun,
  networkRun,
  type Results,
  type Session,
  type TrialSpan,
} from '../store/results.ts';
import type { DoneTrial, Report, Trial } from '../trial.ts';
import type { Tried } from '../words/measures.ts';
import type { CombinationRow } from './combinations.ts';
import { evaluationRows } from './definition.ts';
import type { LeaderboardRow } from './leaderboard.ts';
import type { StateOf } from './live.ts';
import type { Predictions } from './model-predictions.ts';
import type { TargetPredictions } from './number-predictions.ts';
import { type Replay, replayIfTelling } from './replay.ts';
import { standingsOf } from './standings.ts';
import { thinnedReports } from './thinned-reports.ts';
import { trialNumbers, trialPredictions } from './trial-predictions.ts';

interface Found {
  /** The search, best first. */
  readonly standings: readonly LeaderboardRow[];
  /** All replicates of equal parameters in one row, best first. */
  readonly combinations: readonly CombinationRow[];
  /** The done ones of the trials. */
  readonly done: readonly DoneTrial[];
  readonly final: Trial | undefined;
  /** By id: of the final training and of the trials to draw, with at most `drawnReports` reports each. */
  readonly reports: ReadonlyMap<number, readonly Report[]>;
  readonly trials: ReadonlyMap<number, Trial>;
  /** What pruners would have saved; undefined where the curves do not tell. */
  readonly replay: Replay | undefined;
  readonly spans: readonly TrialSpan[];
  readonly sessions: readonly Session[];
  /** None where this machine worked alone. */
  readonly machines: readonly SessionMachine[];
  readonly stints: readonly TrialStint[];
}

/** Of a run that trained the built-in network. */
export interface NetworkFindings extends Found {
  readonly kind: 'network';
  readonly tried: Tried & { readonly kind: 'network' };
  readonly experiment: NetworkRun;
  /** Undefined where another version of coresweep has written it differently. */
  readonly definition: NetworkExperiment | undefined;
  /** Of the accuracy after the last epoch of the final training, where there is one. */
  readonly finalInterval: Interval | undefined;
  /** What the final model makes of the test rows, or why that is not known; undefined without a final model. */
  readonly predictions: Predictions | { readonly reason: string } | undefined;
  /** The same, target by target, of a network whose outputs are numbers. */
  readonly numbers: readonly TargetPredictions[] | { readonly reason: string } | undefined;
}

/** Of a run with an objective of a person's own. */
export interface ObjectiveFindings extends Found {
  readonly kind: 'objective';
  readonly tried: Tried & { readonly kind: 'objective' };
  readonly experiment: Experiment;
  readonly definition: ObjectiveExperiment | undefined;
}

export type Findings = NetworkFindings | ObjectiveFindings;

/** What the final model makes of the test rows, where that is known. */
export function knownPredictions(findings: Findings): Predictions | undefined {
  const predictions = findings.kind === 'network' ? findings.predictions : undefined;
  return predictions === undefined || 'reason' in predictions ? undefined : predictions;
}

export function knownNumbers(findings: Findings): readonly TargetPredictions[] {
  const numbers = findings.kind === 'network' ? findings.numbers : undefined;
  return numbers === undefined || 'reason' in numbers ? [] : numbers;
}

/** Curves beyond these would only make a picture heavier: the best are drawn, and others evenly from all ranks. */
const drawnCurves = { best: 40, others: 80 };
/** More points than a curve has pixels to show them. */
const drawnReports = 120;

export interface FindingsOptions {
  readonly results: Results;
  readonly experiment: Experiment;
  readonly stateOf?: StateOf | undefined;
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
  const { results, experiment, step = () => {} } = options;
  const all = results.trials(experiment.id);
  step(`reading ${all.length} trials`);
  const { stateOf } = options;
  const { tried, trials: standings, combinations } = standingsOf(results, experiment, { stateOf });
  const final = results.finalTrial(experiment.id);
  const drawn = [...drawnOf(standings.map(({ trial }) => trial)), ...(final === undefined ? [] : [final])];
  const found: Found = {
    standings,
    combinations,
    done: standings.map(({ trial }) => trial).filter((trial) => trial.state === 'done'),
    final,
    reports: new Map(drawn.map((trial) => [trial.id, thinnedReports(results, trial.id, drawnReports)])),
    trials: new Map(all.map((trial) => [trial.id, trial])),
    replay: replayIfTelling({ standings, experiment, reportsOf: results.reports }),
    spans: results.spans(experiment.id),
    sessions: results.sessions(experiment.id),
    machines: results.machines(experiment.id),
    stints: results.stints(experiment.id),
  };
  if (tried.kind === 'objective') {
    const definition = recordedObjective(experiment);
    return { ...found, kind: 'objective', tried, experiment, definition };
  }
  const run = networkRun(experiment);
  const definition = recordedNetwork(run);
  const rows = evaluationRows(definition, 'final');
  return {
    ...{ ...found, kind: 'network', tried, experiment: run, definition },
    finalInterval:
      final?.state === 'done' && rows !== undefined && isClassMetric(run.metric)
        ? wilsonInterval(epochOf(run.metric, final.last).evaluationAccuracy, rows)
        : undefined,
    predictions:
      final && isClassMetric(run.metric)
        ? await trialPredictions(options, run, definition, final)
        : undefined,
    numbers:
      final && !isClassMetric(run.metric) ? await trialNumbers(options, run, definition, final) : undefined,
  };
}

/** Whether a trial has ended with reports that say what it came to. */
export const hasCurve = ({ state }: Trial): boolean =>
  state === 'done' || state === 'pruned' || state === 'diverged';

/** The best trials that have a curve, and some of the others, evenly over their ranks. */
function drawnOf(ranked: readonly Trial[]): Trial[] {
  const withCurve = ranked.filter(hasCurve);
  const others = withCurve.slice(drawnCurves.best);
  const step = Math.max(1, others.length / drawnCurves.others);
  const some = Array.from(
    { length: Math.min(others.length, drawnCurves.others) },
    (_, i) => others[Math.floor(i * step)] as Trial,
  );
  return [...withCurve.slice(0, drawnCurves.best), ...some];
}
