/**
 * The nouns that objectives and executors share: values, reports, checkpoints, artifacts and how a trial ends.
 * Not here: behaviour.
 */

export interface Metric {
  readonly name: string;
  readonly goal: 'minimise' | 'maximise' | 'none';
}

/** What a trial measured at one step; all values are finite. */
export interface Report {
  /** From 1. */
  readonly step: number;
  /** In the order of the run's metrics. */
  readonly values: readonly number[];
}

/** What a trial is for: to be compared with others, or to carry the winner on. */
export type Role = 'search' | 'final';

/** Bytes that a trial leaves behind. */
export interface Artifact {
  readonly kind: 'bytes';
  readonly name: 'model';
  readonly bytes: Uint8Array;
  /** SHA-256 (hex) of the bytes. */
  readonly sha256: string;
}

/** From where a trial can go on; nobody but its objective knows what the bytes mean. */
export interface Checkpoint {
  /** The last reported step when the bytes were given; 0 before the first report. */
  readonly step: number;
  readonly reports: readonly Report[];
  readonly bytes: Uint8Array;
}

/** A stretch of work in one seat; seconds since the executor started. */
export interface Span {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
}

export interface TrialResult {
  readonly reports: readonly Report[];
  /** What the trial is ranked by. */
  readonly best: Report;
  readonly last: Report;
  readonly artifacts: readonly Artifact[];
  readonly spans: readonly Span[];
  readonly seconds: number;
}

/** How one attempt at a trial ended. */
export type TrialOutcome =
  | { readonly state: 'done'; readonly result: TrialResult }
  /** Ended early, at its last step, because others did better. */
  | { readonly state: 'pruned'; readonly result: TrialResult }
  | {
      readonly state: 'diverged';
      /** Whose report was not finite. */
      readonly step: number;
      /** The finite ones before it. */
      readonly reports: readonly Report[];
      readonly seconds: number;
    }
  | { readonly state: 'failed'; readonly code: string; readonly reason: string; readonly seconds: number }
  | { readonly state: 'stopped'; readonly checkpoint: Checkpoint | undefined; readonly seconds: number };
