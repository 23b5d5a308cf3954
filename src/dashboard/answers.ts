/** The JSON that the dashboard's server sends and its page reads: types alone, for both. */

import type { Importance } from '../findings/importances.ts';
import type { Times } from '../findings/live.ts';
import type { MachineLine } from '../findings/machines.ts';
import type { RunState } from '../findings/run-state.ts';
import type { TrialCounts } from '../findings/trial-counts.ts';
import type { Space } from '../space/space.ts';
import type { SessionMachine } from '../store/machine-records.ts';
import type { DoneColumns, ExperimentSummary, ParameterValues, TrialLine } from '../store/overview.ts';
import type { Combination } from '../store/ranking.ts';
import type { Session, TrialSpan } from '../store/results.ts';
import type { NetworkFunctions } from '../train/model.ts';
import type { Params, Report, Role, Trial } from '../trial.ts';
import type { Sureness } from './evidence.ts';

export type { DoneColumns, ExperimentSummary, ParameterValues, TrialLine } from '../store/overview.ts';

/** An experiment with what its definition says to people. */
export interface ExperimentAnswer extends ExperimentSummary {
  /** Null where one metric decides. */
  readonly front: FrontNow | null;
  /** JSON, as it is recorded. */
  readonly definition: string;
  readonly parameters: readonly ParameterValues[];
  /** Null where the definition cannot be read. */
  readonly space: Space | null;
  /** Whether combinations were tried more than once. */
  readonly isReplicated: boolean;
  readonly epochs: number | null;
  readonly finalEpochs: number | null;
  readonly hidden: readonly number[];
  /** What the networks are shown of a pixel: value / 255, or the value itself. */
  readonly pixels: '0-1' | 'raw';
  /** What a row is: MNIST's handwritten digits, other pictures, or a line of a table. */
  readonly rows: 'digits' | 'pictures' | 'table';
  /** The names of the classes; null where they have none. */
  readonly classNames: readonly string[] | null;
  readonly published: {
    readonly validationAccuracy: number | null;
    readonly testAccuracy: number | null;
  };
}

/** Where several metrics count alike: which, and how many trials are dominated by none. */
export interface FrontNow {
  readonly metrics: readonly string[];
  readonly trials: number;
}

/** A row of the leaderboard with how sure its accuracy is, and its front where several metrics count alike. */
export type SureLine = TrialLine & Sureness & { readonly front: number | null };

export interface TrialsAnswer {
  /** How many the filter lets through. */
  readonly total: number;
  readonly lines: readonly SureLine[];
  /** Those of all trials, whatever the filter, that have so few values that a person may look for one of them. */
  readonly parameters: readonly ParameterValues[];
  readonly revision: string;
}

/** One step of a curve among many: the metrics that are drawn (figures/searched.ts), in their order. */
export type CurvePoint = readonly [step: number, ...values: number[]];

/** A trial's parameters and a part of its steps. */
export interface CurveAnswer {
  readonly id: number;
  readonly number: number;
  readonly state: Trial['state'];
  readonly params: Params;
  readonly points: readonly CurvePoint[];
}

/** The curves worth drawing: the best, and an even sample of the others. */
export interface CurvesAnswer {
  readonly role: Role;
  /** How many trials have a curve. */
  readonly total: number;
  readonly curves: readonly CurveAnswer[];
  readonly winner: { readonly number: number; readonly bestStep: number } | null;
}

export interface TrialAnswer {
  readonly experimentId: number;
  readonly trial: Trial;
  /** The number of the earlier trial of the same point, whose result this one has. */
  readonly copyOf: number | null;
  readonly curve: readonly Report[];
  /** The end of what it has written for people; null where it has written nothing. */
  readonly log: string | null;
  /** What its network computes. */
  readonly functions: NetworkFunctions;
  /** Units of each layer, the input first; null where the trial has no weights. */
  readonly sizes: readonly number[] | null;
}

/** The rows that an experiment was measured on; one of a table is its columns beside each other. */
export type PicturesAnswer =
  | { readonly available: false; readonly reason: string }
  | {
      readonly available: true;
      readonly rows: number;
      readonly columns: number;
      readonly classes: number;
      /** Of pixels, which are bytes; a table's values are float32 as the network sees them. */
      readonly scaling: '0-1' | 'raw' | 'float32';
      readonly validation: number;
      /** 0 where the experiment has no test rows. */
      readonly test: number;
    };

/** A trial that runs now, with the steps that this connection has not been sent yet. */
export interface RunningTrial {
  readonly id: number;
  readonly experimentId: number;
  readonly role: Role;
  readonly number: number;
  readonly params: Params;
  /** How many it will have; null where nothing is known but that it runs. */
  readonly steps: number | null;
  readonly curve: readonly Report[];
  /** Seconds since it began and until it will end, where that is known. */
  readonly times: Times | null;
  /** Where it runs; null where this machine is alone, and while nobody has taken it. */
  readonly machine: string | null;
}

/** An experiment as it stands. */
export interface ExperimentNow extends Omit<ExperimentSummary, 'state' | 'counts'>, TrialCounts {
  readonly state: RunState;
  /** Ids of trials that lie ready for a thread: recorded as running, counted as waiting. */
  readonly ready: readonly number[];
  /** Null where one metric decides. */
  readonly front: FrontNow | null;
  /** Of the session that runs now; null where none does or nothing is known of it. */
  readonly times: Times | null;
  /** Who works or has worked for it; none where this machine is alone. */
  readonly machines: readonly MachineLine[];
}

/** The state of everything, sent when it has changed: a client with the newest one has missed nothing. */
export interface StateEvent {
  readonly experiments: readonly ExperimentNow[];
  readonly running: readonly RunningTrial[];
}

/** What the figures are drawn from. */
export interface FiguresAnswer {
  readonly done: DoneColumns;
  /** Worked out while nothing runs: a sweep may want the same cores. */
  readonly importances: readonly Importance[];
  /** The last step of each pruned trial. */
  readonly pruned: readonly number[];
  readonly spans: readonly TrialSpan[];
  readonly sessions: readonly Session[];
  readonly machines: readonly SessionMachine[];
}

/** The replicates of equal parameters in one row each, the best first. */
export interface CombinationsAnswer {
  readonly combinations: readonly Combination[];
}

export interface FaultAnswer {
  readonly error: string;
}
