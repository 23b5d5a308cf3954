/** A search or a final training as it stands, and how long it still takes. Not here: how it is drawn (terminal). */
import type { Metric, NetworkMetric } from '../metric.ts';
import type { Params, Role } from '../trial.ts';

/** A trial on a thread. Times are milliseconds of one clock, any clock. */
export interface RunningTrial {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  /** Finished epochs. */
  readonly epoch: number;
  /** Epochs it will train. */
  readonly epochs: number;
  readonly startedAt: number;
  /** Of the rows that it is measured on, after the last finished epoch. */
  readonly loss?: number;
  readonly accuracy?: number;
  /** Of a trial without a loss and an accuracy: its last report of the deciding metric, by its title. */
  readonly reported?: { readonly step: number; readonly name: string; readonly value: number };
}

/** A search or a final training as it stands. */
export interface ProgressState {
  readonly role: Role;
  readonly trials: number;
  /** Trials that have ended in any state, in earlier runs too. */
  readonly finished: number;
  readonly diverged: number;
  readonly failed: number;
  /** What is measured; the first decides. */
  readonly metrics: readonly Metric[];
  /** The same where networks are trained, else null. */
  readonly metric: NetworkMetric | null;
  /** Into how many folds the rows are cut; 1 without folds. */
  readonly folds: number;
  readonly epochsPerTrial: number;
  readonly threads: number;
  /** What the trials that ended in this run have taken: the measure of speed. */
  readonly measured: { readonly epochs: number; readonly seconds: number };
  readonly running: readonly RunningTrial[];
}

/** From the trial's own speed; undefined before its first epoch has ended. */
export function trialSecondsLeft(trial: RunningTrial, now: number): number | undefined {
  if (trial.epoch === 0) return undefined;
  const secondsAnEpoch = elapsed(trial, now) / trial.epoch;
  return secondsAnEpoch * (trial.epochs - trial.epoch);
}

/**
 * All epochs still to train at the mean speed so far, over the threads; never less than the slowest running trial.
 * Undefined before an epoch has ended.
 */
export function secondsLeft(state: ProgressState, now: number): number | undefined {
  const { running, measured } = state;
  const sum = (value: (trial: RunningTrial) => number) => running.reduce((total, t) => total + value(t), 0);
  const started = running.filter(({ epoch }) => epoch > 0);
  const epochs = measured.epochs + sum(({ epoch }) => epoch);
  if (epochs === 0) return undefined;
  const seconds = measured.seconds + started.reduce((total, trial) => total + elapsed(trial, now), 0);

  const waiting = Math.max(0, state.trials - state.finished - running.length);
  const remaining = waiting * state.epochsPerTrial + sum((trial) => trial.epochs - trial.epoch);
  const busy = Math.max(1, Math.min(state.threads, waiting + running.length));
  const slowest = Math.max(0, ...started.map((trial) => trialSecondsLeft(trial, now) ?? 0));
  return Math.max(slowest, ((seconds / epochs) * remaining) / busy);
}

const elapsed = ({ startedAt }: RunningTrial, now: number): number => Math.max(0, now - startedAt) / 1000;
