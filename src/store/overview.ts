/**
 * What a page is told of experiments and their trials: plain data, whose types the page shares.
 * Not here: the questions (dashboard-results.ts).
 */
import type { NetworkMetric } from '../metric.ts';
import type { Params, Role, Trial } from '../trial.ts';

export type State = Trial['state'];

/** An experiment in sums. */
export interface ExperimentSummary {
  readonly id: number;
  readonly name: string;
  readonly state: 'running' | 'done' | 'stopped';
  readonly metric: NetworkMetric;
  readonly seed: number;
  /** Experiments of one hash were measured on the same rows. */
  readonly dataHash: string;
  readonly createdAt: string;
  readonly seconds: number | null;
  /** Trials of the search. */
  readonly counts: Readonly<Record<State, number>>;
  /** The final training of the winner; null where there is none yet. */
  readonly final: {
    readonly id: number;
    readonly state: State;
    readonly accuracy: number | null;
    readonly loss: number | null;
  } | null;
  /** The leader of the search; null where nothing is done. */
  readonly best: BestTrial | null;
  /** Differs whenever anything of the experiment's trials has changed, and only then. */
  readonly revision: string;
}

export interface BestTrial {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  readonly epoch: number;
  readonly accuracy: number;
  readonly loss: number;
}

/** A trial of the search as a row of the leaderboard; null where its state has no such value. */
export interface TrialLine {
  readonly id: number;
  readonly rank: number | null;
  readonly number: number;
  readonly replicate: number;
  readonly params: Params;
  readonly state: State;
  readonly accuracy: number | null;
  readonly loss: number | null;
  readonly trainingAccuracy: number | null;
  readonly bestEpoch: number | null;
  readonly seconds: number | null;
  /** Why it failed, or the epoch in which it diverged. */
  readonly remark: string | null;
}

/** A parameter and the values it takes, in order; parameters come in the order in which trials name them. */
export interface ParameterValues {
  readonly name: string;
  readonly values: readonly (number | string)[];
}

export interface RunningLine {
  readonly id: number;
  readonly experimentId: number;
  readonly role: Role;
  readonly number: number;
  readonly params: Params;
}

/** Every done trial of the search in columns, the best first: item i of each belongs to the same trial. */
export interface DoneColumns {
  readonly id: readonly number[];
  readonly number: readonly number[];
  readonly replicate: readonly number[];
  readonly params: readonly Params[];
  readonly bestEpoch: readonly number[];
  readonly accuracy: readonly number[];
  readonly loss: readonly number[];
  readonly seconds: readonly number[];
}
