/**
 * What a page gets of experiments and their trials: plain data, whose types the page shares.
 * Not here: the questions (dashboard-results.ts).
 */
import type { Metric, NetworkMetric } from '../metric.ts';
import type { Params, Report, Role, Trial, Value } from '../trial.ts';

export type State = Trial['state'];

/** An experiment in sums. */
export interface ExperimentSummary {
  readonly id: number;
  readonly name: string;
  readonly state: 'running' | 'done' | 'stopped';
  /** Which of the network's metrics decides; null where the trials are no networks. */
  readonly metric: NetworkMetric | null;
  /** What is measured, in the order of the values of a report. */
  readonly metrics: readonly Metric[];
  readonly seed: number;
  /** Experiments of one hash were measured on the same rows; null where nobody knows of any. */
  readonly dataHash: string | null;
  readonly createdAt: string;
  readonly seconds: number | null;
  /** Trials of the search. */
  readonly counts: Readonly<Record<State, number>>;
  /** The final training of the winner; null where there is none yet. */
  readonly final: {
    readonly id: number;
    readonly state: State;
    readonly last: Report | null;
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
  readonly best: Report;
}

/** A trial of the search as a row of the leaderboard; null where its state has no such value. */
export interface TrialLine {
  readonly id: number;
  readonly rank: number | null;
  readonly number: number;
  /** The number of the earlier trial of the same point, whose result this one has. */
  readonly copyOf: number | null;
  readonly replicate: number;
  readonly params: Params;
  readonly state: State;
  /** Of the report that it is ranked by. */
  readonly step: number | null;
  readonly values: readonly number[] | null;
  readonly seconds: number | null;
  /** Why it failed, or the step at which it diverged or was pruned. */
  readonly remark: string | null;
}

/** A parameter and the values it takes, in order; parameters come in the order in which trials name them. */
export interface ParameterValues {
  readonly name: string;
  readonly values: readonly Value[];
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
  readonly step: readonly number[];
  readonly values: readonly (readonly number[])[];
  readonly lastStep: readonly number[];
  readonly seconds: readonly number[];
}
