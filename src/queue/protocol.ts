/**
 * What both sides of the queue agree on before they speak: its version, its names, its times and its sizes.
 * Not here: what they say (messages.ts).
 */

/** Counted up with every change that the other side would misread, or would answer with other bits; another version is another queue. */
export const protocol = 1;

/** Before every key on the server, so that others may use it too. */
export const prefix = 'coresweep';

/** Milliseconds, unless it says otherwise. */
export const times = {
  /**
   * How long a trial stays a worker's that is silent. Killed, it runs elsewhere after this and two looks of `stalled`; a server
   * that is away for less makes nobody run a trial twice.
   */
  lock: 6_000,
  renewal: 2_000,
  stalled: 1_000,
  /** How long a worker or a run counts as there without saying so again. */
  presence: 5_000,
  beat: 1_500,
  /** A trial that ends sooner sends one message only. */
  brief: 100,
  /** What is tidied up waits so long for more of it. */
  gather: 50,
  /** Reports of a trial are sent at most so often. */
  reports: 250,
  /** How long a worker keeps an executor that no trial uses while others are asked for: runs may take turns. */
  idle: 10_000,
  /** How long a worker leaves a trial that it must not run to the others, before it may be asked again. */
  avoid: 200,
  /** How long a run may be silent before workers let go of trials that wait for its word. One that is killed may be started again. */
  absence: 60_000,
  /** After how long an unanswered message is repeated. */
  repeat: 1_000,
  /** How often it is looked whether the server still has what it was given. */
  reconcile: 5_000,
  /** How long a trial that was asked to stop may take, before what is known of it counts. */
  stop: 1_200,
  /** How long an answer stays on the server after it was handed over: by then it is in the database. */
  settled: 30_000,
  /** How long the server keeps what is not fetched, in seconds. */
  keepSeconds: 7 * 86_400,
} as const;

/** Bytes. */
export const sizes = {
  job: 256 * 1024,
  message: 1024 * 1024,
  /** What is not larger travels within its message. */
  inline: 24 * 1024,
  /** Larger values would hold the server up, and a lost connection would lose more of them. */
  chunk: 1024 * 1024,
  /** SQLite's limit for one value. */
  blob: 900_000_000,
} as const;

/** How many workers a trial may take along before it is given up. */
export const mostDeaths = 3;

/** How often a trial is refused at least before it is given up: what was lacking may be there the next time. */
export const leastRefusals = 3;

/** How often a worker leaves a trial that it has refused to the others before it tries again. */
export const mostLeaves = 25;

/** How many looks in a row find a run silent before it counts as gone: a server that has lost all knows it again after the next beat. */
export const silentLooks = 5;

/** What a worker must be able to do, so that its trials have a run's bits. */
export interface Service {
  readonly kind: 'network' | 'objective';
  /** SHA-256 (hex) of the arithmetic, or of the objective and what is measured of it. */
  readonly hash: string;
}

/** The queue of a service in a version of coresweep: who cannot serve it never hears of its trials. */
export const queueOf = ({ kind, hash }: Service, version: string): string =>
  `trials-p${protocol}-${kind === 'network' ? 'k' : 'o'}${hash.slice(0, 12)}-v${version}`;

/** The name of one stretch of a trial. Its start is no part of it: after a crash it may start from an earlier checkpoint. */
export const jobId = (study: string, key: string, until: number | undefined): string =>
  `${study}.${key}.${until ?? 'end'}`;

const key = (...parts: readonly string[]): string => [prefix, ...parts].join(':');

export const keys = {
  workers: key('workers'),
  worker: (id: string) => key('worker', id),
  studies: key('studies'),
  study: (id: string) => key('study', id),
  /** A stream: what workers tell the run. */
  news: (study: string) => key('news', study),
  /** A channel: what the run tells its workers. */
  orders: (study: string) => key('orders', study),
  /** A hash: job to where it can go on. */
  checkpoints: (study: string) => key('checkpoints', study),
  /** A hash: job to the answer that counts. */
  answers: (study: string) => key('answers', study),
  blob: (sha256: string) => key('blob', sha256),
} as const;
