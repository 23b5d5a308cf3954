/**
 * Every message of the queue, as a schema: whatever came over the network is checked here, size first, before it is used.
 * Not here: the bytes that go with a message (answers.ts), and who says what when.
 */
import * as z from 'zod';
import type { Params, Value } from '../trial.ts';
import { protocol, sizes } from './protocol.ts';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const study = z.string().regex(/^[0-9a-f]{16}$/);
const job = z.string().regex(/^[0-9a-f]{16}\.[\w-]{1,128}\.(?:end|\d{1,16})$/);
const name = z.string().min(1).max(200);
const count = z.int().min(0);
const step = z.int().min(1);
const seconds = z.number().min(0);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

export const parcelSchema = z.union([
  z.strictObject({ inline: base64.max(2 * sizes.inline) }),
  z.strictObject({ sha256: hex, bytes: count.max(sizes.blob) }),
]);

const scalar = z.union([z.number(), z.string().max(10_000), z.boolean()]);

/** Lists in lists, as deep as anybody needs; a schema that holds itself would overflow the stack on what is nested deeper. */
const value = Array.from({ length: 4 }).reduce<z.ZodType<Value>>(
  (inner) => z.union([scalar, z.array(inner).max(10_000)]),
  scalar,
);

const service = z.strictObject({ kind: z.enum(['network', 'objective']), hash: hex });

export const jobMessage = z.strictObject({
  protocol: z.literal(protocol),
  job,
  study,
  service,
  /** What a worker must know of the run beyond its service: the network's definition and data. */
  setting: parcelSchema.optional(),
  number: step,
  role: z.enum(['search', 'final']),
  key: z.string().regex(/^[\w-]{1,128}$/),
  replicate: count,
  params: z.record(z.string().max(1_000), value) as unknown as z.ZodType<Params>,
  attempt: step,
  seed: count,
  start: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('nothing') }),
    z.strictObject({ from: z.enum(['artifact', 'checkpoint']), parcel: parcelSchema }),
  ]),
  until: step.optional(),
  rungs: z.array(step).max(1_000).optional(),
  limits: z.strictObject({
    silentSeconds: seconds,
    trialSeconds: seconds.optional(),
    importSeconds: seconds.optional(),
    memoryMb: seconds.optional(),
  }),
  checkpointSeconds: seconds,
  /** A worker that leaves it to others. */
  avoid: name.optional(),
  /** The last one that could not run it: others have it before it is asked again. */
  refusedBy: name.optional(),
});
export type JobMessage = z.infer<typeof jobMessage>;

/** A job as it lies in the queue: the signature is over the text as it stands. */
export const signedJob = z.strictObject({ text: z.string().max(sizes.job), signature: base64.max(200) });
export type SignedJob = z.infer<typeof signedJob>;

const fromWorker = { job, worker: name };

export const news = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('began'), ...fromWorker }),
  z.strictObject({
    ...{ kind: z.literal('reports'), ...fromWorker },
    /** float64, little-endian: (reports, 1 + metrics), the step first. */
    packed: base64,
    /** All that was reported up to this step was said before. */
    after: count,
    /** Whether the trial waits until it is judged at the last of them. */
    asks: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('checkpoint'), ...fromWorker, parcel: parcelSchema }),
  z.strictObject({
    ...{ kind: z.literal('ended'), ...fromWorker },
    /** Of the job. */
    attempt: step,
    /** Of the answer: equal for equal bits, on any machine. */
    sha256: hex,
    answer: parcelSchema,
    seconds,
    /** Seats of the worker, and seconds before its end. */
    spans: z.array(z.strictObject({ thread: count, from: seconds, to: seconds })).max(10_000),
    log: z.string().max(200_000),
  }),
  z.strictObject({ kind: z.literal('refused'), ...fromWorker, reason: z.string().max(10_000) }),
]);
export type News = z.infer<typeof news>;
export type Ended = Extract<News, { kind: 'ended' }>;

export const order = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ask'), job, request: z.enum(['prune', 'stop']) }),
  z.strictObject({ kind: z.literal('judged'), job, step, judgement: z.enum(['go on', 'prune']) }),
  /** For all reports above a step, which the run has missed. */
  z.strictObject({ kind: z.literal('say again'), job, after: count }),
]);
export type Order = z.infer<typeof order>;

/** What a worker says of itself. Of another protocol nothing else is sure, so that others are read loosely. */
export const workerCard = z.object({
  protocol: z.int(),
  version: z.string().max(100),
  id: name,
  host: z.string().max(300),
  pid: count,
  node: z.string().max(100),
  threads: z.int().min(1).max(100_000),
  arithmetic: z.string().max(100),
  objectives: z.array(z.object({ name: z.string().max(1_000), hash: hex })).max(1_000),
  /** Whether it has given back what it was at: it is not lost. */
  isLeaving: z.boolean().optional(),
});
export type WorkerCard = z.infer<typeof workerCard>;

/** What a run says of itself. */
export const studyCard = z.object({
  protocol: z.int(),
  version: z.string().max(100),
  id: study,
  name: z.string().max(1_000),
  host: z.string().max(300),
  service,
  /** Ed25519, SPKI in base64. */
  publicKey: base64.max(200),
});
export type StudyCard = z.infer<typeof studyCard>;

/** The answer that counted, kept until the run is over, so that a late second one can be compared. */
export const settledAnswer = z.strictObject({ sha256: hex, worker: name });
export type SettledAnswer = z.infer<typeof settledAnswer>;

export type Parcel = z.infer<typeof parcelSchema>;
/** What a worker has left of a trial, and how many were lost before at which job of it: `of` is when that was made. */
export const checkpointParcel = z.strictObject({
  parcel: parcelSchema,
  deaths: count,
  of: count.optional(),
});
export type CheckpointParcel = z.infer<typeof checkpointParcel>;

export type Read<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'garbage'; readonly reason: string };

/** Reads a text that came over the network. Never throws: garbage is told apart, not thrown. */
export function readMessage<Message>(schema: z.ZodType<Message>, text: unknown): Read<Message> {
  if (typeof text !== 'string') return { kind: 'garbage', reason: 'It is no text.' };
  if (text.length > sizes.message)
    return { kind: 'garbage', reason: `It has ${text.length} characters, more than ${sizes.message}.` };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { kind: 'garbage', reason: 'It is no JSON.' };
  }
  const read = schema.safeParse(given);
  if (read.success) return { kind: 'message', message: read.data };
  const [issue] = read.error.issues;
  return { kind: 'garbage', reason: `${issue?.path.join('.') || 'It'}: ${issue?.message}` };
}
