/**
 * The nouns of a search: parameters, reports, artifacts and the states of a trial.
 * Not here: behaviour. What acts on a trial lives on a floor above.
 */

/** What a parameter can be; a list only as a whole, such as the hidden layers [64, 32]. */
export type Value = number | string | boolean | readonly Value[];

/** One point of a space, in the space's order; a parameter that does not apply is absent. */
export type Params = Readonly<Record<string, Value>>;

/** What a trial is for: to search, or to train the winner of the search on. */
export type Role = 'search' | 'final';

/** The number that a role has in keys, which stay, and in names of figures. */
export const phaseOf = { search: 1, final: 2 } as const satisfies Readonly<Record<Role, number>>;

/** What was measured of a trial at one step: of the network, after one epoch. */
export interface Report {
  /** From 1, each higher than the one before. */
  readonly step: number;
  /** In the order of the run's metrics (metric.ts), all finite. */
  readonly values: readonly number[];
}

/** What names a trial before anything has run: equal keys give equal bits. */
export interface TrialSpec {
  /** Place in the enumeration of its role, counted from 1. */
  readonly number: number;
  readonly role: Role;
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

/** A network that a trial leaves behind: the weights of its best step, or of its last. */
export interface NetworkArtifact {
  readonly kind: 'network';
  readonly name: 'best' | 'last';
  readonly weights: TrainedWeights;
  /**
   * Of the trial's model, which is the best in a search and the last in a final trial: a bit set over the rows it was
   * measured on, 1 where it is right. Row r is bit r % 8 of byte r >> 3, counted from the lowest.
   */
  readonly correct?: Uint8Array | undefined;
}

/** Bytes that an objective of a person's own has saved. */
export interface BytesArtifact {
  readonly kind: 'bytes';
  readonly name: 'model';
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** What a trial leaves behind. */
export type Artifact = NetworkArtifact | BytesArtifact;
export type ArtifactName = Artifact['name'];

/** A trial between two steps: all that it needs to go on with the same bits. */
export interface Checkpoint {
  /** The last whole step: that of the last report, or a later one that is not measured yet. */
  readonly step: number;
  readonly reports: readonly Report[];
  /** Opaque to everybody but the objective that wrote them. */
  readonly bytes: Uint8Array;
}

/** A stretch of work on one thread. Times are seconds since the executor started; threads count from 0. */
export interface Span {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
}

/** Everything a finished trial leaves behind. */
export interface TrialResult {
  /** The first first. */
  readonly reports: readonly Report[];
  /** What the trial is ranked by. */
  readonly best: Report;
  readonly last: Report;
  readonly artifacts: readonly Artifact[];
  /** When it ran, and on which thread. */
  readonly spans: readonly Span[];
  /** Time spent on it, without waiting. */
  readonly seconds: number;
}

/** How one attempt at a trial ended. */
export type TrialOutcome =
  | { readonly state: 'done'; readonly result: TrialResult }
  /** Ended early, for others were better at its last step. */
  | { readonly state: 'pruned'; readonly result: TrialResult }
  | {
      readonly state: 'diverged';
      /** The step whose values were no longer finite. */
      readonly step: number;
      /** The finite ones before it. */
      readonly reports: readonly Report[];
      readonly seconds: number;
    }
  | {
      readonly state: 'failed';
      readonly code: string;
      readonly reason: string;
      /** Those before it: others may have been judged by them. */
      readonly reports: readonly Report[];
      readonly seconds: number;
    }
  /** Without a checkpoint it begins anew. */
  | { readonly state: 'stopped'; readonly checkpoint: Checkpoint | undefined; readonly seconds: number };

/** SHA-256 of what a trial has left behind. */
export type ArtifactHashes = Readonly<Partial<Record<ArtifactName, string>>>;

/** What is known of a trial that has an answer. */
interface Ranked {
  readonly best: Report;
  readonly last: Report;
  readonly seconds: number;
  readonly artifacts: ArtifactHashes;
}

/** A trial as the store tells of it. */
export type Trial = TrialSpec & { readonly id: number; readonly attempts: number } & (
    | { readonly state: 'waiting' | 'running' | 'paused' | 'stopped' }
    | (Ranked & { readonly state: 'done' })
    | (Ranked & { readonly state: 'pruned' })
    | { readonly state: 'diverged'; readonly step: number; readonly seconds: number }
    | { readonly state: 'failed'; readonly code: string; readonly reason: string; readonly seconds: number }
  );

/** A trial that was finished, and so has results. */
export type DoneTrial = Extract<Trial, { state: 'done' }>;
