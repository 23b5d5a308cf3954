/**
 * The nouns of a search: parameters, metrics and the states of a trial.
 * Not here: behaviour. Whoever acts on a trial lives on a floor above.
 */

/** What a parameter can be; a list only as a whole, such as the hidden layers [64, 32]. */
export type Value = number | string | boolean | readonly Value[];

/** One point of a space, in the space's order; a parameter that does not apply is absent. */
export type Params = Readonly<Record<string, Value>>;

/** Which part of an experiment a trial belongs to: 1 searches, 2 trains the winner on. */
export type Phase = 1 | 2;

/** Losses (mean per row, natural logarithm) and accuracies (0 to 1) after one epoch. */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly trainingAccuracy: number;
  /** On the rows that this phase watches: validation rows in phase 1, test rows in phase 2. */
  readonly evaluationLoss: number;
  readonly evaluationAccuracy: number;
}

/** What names a trial before anything has run: equal keys give equal bits. */
export interface TrialSpec {
  /** Place in the enumeration of its phase, counted from 1. */
  readonly number: number;
  readonly phase: Phase;
  /** SHA-256 (hex) of everything that decides the trial's answer. */
  readonly key: string;
  /** Counted from 0; replicates differ only in their random streams. */
  readonly replicate: number;
  readonly params: Params;
}

/** A trained network: logical parameters in the order weights1, biases1, weights2, ... (weights are inputs x units). */
export interface TrainedWeights {
  /** Units of each layer, the input first: [784, 20, 10]. */
  readonly sizes: readonly number[];
  readonly parameters: Float32Array;
  /** SHA-256 (hex) of the parameters as little-endian float32. */
  readonly sha256: string;
}

/** A training between two epochs: all that it needs to go on with the same bits. */
export interface Checkpoint {
  /** Epochs trained: curve.length, or one more when the last one is not measured yet. */
  readonly trainedEpochs: number;
  /** The measured epochs. */
  readonly curve: readonly EpochMetrics[];
  /** The epoch of the best weights; 0 before the first measured one. */
  readonly bestEpoch: number;
  /** Logical parameters after trainedEpochs. */
  readonly parameters: Float32Array;
  /** Logical parameters after bestEpoch; anything where that is 0. */
  readonly best: Float32Array;
}

/** What a training begins with. */
export type TrainingStart =
  | { readonly from: 'weights'; readonly parameters: Float32Array }
  | { readonly from: 'checkpoint'; readonly checkpoint: Checkpoint };

/** A stretch of work on one thread. Times are seconds since the executor started; threads count from 0. */
export interface Span {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
}

/** Everything a finished training leaves behind. */
export interface TrainingResult {
  readonly curve: readonly EpochMetrics[];
  readonly best: EpochMetrics;
  readonly last: EpochMetrics;
  readonly bestWeights: TrainedWeights;
  readonly lastWeights: TrainedWeights;
  /**
   * Bit set over the evaluation rows, 1 where the trial's model is right: its best weights in phase 1, its last ones in
   * phase 2. Row r is bit r % 8 of byte r >> 3, counted from the lowest.
   */
  readonly correct: Uint8Array;
  /** When it ran, and on which thread. */
  readonly spans: readonly Span[];
  /** Time spent training and measuring, without waiting. */
  readonly seconds: number;
}

/** How one attempt at a trial ended. */
export type TrialOutcome =
  | { readonly state: 'done'; readonly result: TrainingResult }
  | {
      readonly state: 'diverged';
      /** The epoch whose loss or weights were no longer finite. */
      readonly epoch: number;
      /** The finite epochs before it. */
      readonly curve: readonly EpochMetrics[];
      readonly seconds: number;
    }
  | { readonly state: 'failed'; readonly code: string; readonly reason: string; readonly seconds: number }
  | { readonly state: 'stopped'; readonly checkpoint: Checkpoint; readonly seconds: number };

/** A trial as the store tells of it. */
export type Trial = TrialSpec & { readonly id: number; readonly attempts: number } & (
    | { readonly state: 'waiting' | 'running' | 'stopped' }
    | {
        readonly state: 'done';
        readonly best: EpochMetrics;
        readonly last: EpochMetrics;
        readonly seconds: number;
        /** SHA-256 of the best epoch's weights. */
        readonly weightsSha256: string;
        readonly lastWeightsSha256: string;
      }
    | { readonly state: 'diverged'; readonly epoch: number; readonly seconds: number }
    | { readonly state: 'failed'; readonly code: string; readonly reason: string; readonly seconds: number }
  );

export type DoneTrial = Extract<Trial, { state: 'done' }>;

/** What a searcher maximises or minimises. */
export type Metric = 'validationAccuracy' | 'validationLoss';
