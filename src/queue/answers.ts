/**
 * How a trial ended, a checkpoint and a start, as bytes and back.
 * Seconds and spans are left out: they differ between machines, and the hash of an answer must not.
 */
import { hash } from 'node:crypto';
import * as z from 'zod';
import type { JobStart } from '../execute/executor.ts';
import { isThinned } from '../objective/curve.ts';
import { weightsBytes, weightsSha256 } from '../train/weights-hash.ts';
import type { Artifact, Checkpoint, Report, TrialOutcome, TrialResult } from '../trial.ts';
import { pack, packReports, reportCount, type Unpacked, unpack, unpackReports } from './packing.ts';

/** When and where it ran. */
export type Spent = Pick<TrialResult, 'spans' | 'seconds'>;

const report = z.strictObject({ step: z.int().min(1), values: z.array(z.number()).min(1).max(8) });
const artifact = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bytes'), name: z.literal('model') }),
  z.strictObject({
    ...{ kind: z.literal('network'), name: z.enum(['best', 'last']) },
    sizes: z.array(z.int().min(1)).min(2).max(64),
    /** Of the parameters, in bytes; behind them, which rows it is right on. */
    weights: z.int().min(4).multipleOf(4),
    isMeasured: z.boolean(),
  }),
]);
const step = z.int().min(0);

const head = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.enum(['done', 'pruned']),
    best: report,
    last: report,
    artifacts: z.array(artifact).max(2),
  }),
  z.strictObject({ state: z.literal('diverged'), step: z.int().min(1) }),
  z.strictObject({ state: z.literal('failed'), code: z.string().max(100), reason: z.string().max(100_000) }),
  z.strictObject({ state: z.literal('stopped'), checkpoint: step.optional() }),
]);

/** Parts: the reports, then what there is of artifacts or of the checkpoint. */
export function packAnswer(outcome: TrialOutcome): Uint8Array {
  const { state } = outcome;
  switch (state) {
    case 'done':
    case 'pruned': {
      const { best, last, artifacts, reports } = outcome.result;
      const heads = artifacts.map(artifactHead);
      const parts = artifacts.map(artifactBytes);
      return pack({ state, best, last, artifacts: heads }, [packReports(reports), ...parts]);
    }
    case 'diverged':
      return pack({ state, step: outcome.step }, [packReports(outcome.reports)]);
    case 'failed':
      return pack({ state, code: outcome.code, reason: outcome.reason }, [packReports(outcome.reports)]);
    case 'stopped': {
      const { checkpoint } = outcome;
      if (checkpoint === undefined) return pack({ state }, []);
      return pack({ state, checkpoint: checkpoint.step }, [
        packReports(checkpoint.reports),
        checkpoint.bytes,
      ]);
    }
    default:
      return state satisfies never;
  }
}

/** Undefined for bytes that are not the answer of a trial with that many metrics. */
export function unpackAnswer(bytes: Uint8Array, metrics: number, spent: Spent): TrialOutcome | undefined {
  const unpacked = unpack(bytes);
  const read = head.safeParse(unpacked?.head);
  if (unpacked === undefined || !read.success) return undefined;
  const { data } = read;
  const { seconds } = spent;
  const reports = reportsOf(unpacked, metrics);
  switch (data.state) {
    case 'done':
    case 'pruned': {
      const { best, last } = data;
      const isMeasured = [best, last].every(({ values }) => values.length === metrics);
      if (reports === undefined || !isMeasured || unpacked.parts.length !== 1 + data.artifacts.length)
        return undefined;
      const artifacts = data.artifacts.flatMap(
        (each, at) => artifactOf(each, unpacked.parts[at + 1] as Uint8Array) ?? [],
      );
      if (artifacts.length !== data.artifacts.length) return undefined;
      return { state: data.state, result: { reports, best, last, artifacts, ...spent } };
    }
    case 'diverged':
      if (reports === undefined) return undefined;
      return { state: 'diverged', step: data.step, reports, seconds };
    case 'failed':
      if (reports === undefined) return undefined;
      return { ...data, reports, seconds };
    case 'stopped': {
      if (data.checkpoint === undefined) return { state: 'stopped', checkpoint: undefined, seconds };
      const checkpoint = checkpointOf(unpacked, data.checkpoint, metrics);
      return checkpoint && { state: 'stopped', checkpoint, seconds };
    }
    default:
      return data satisfies never;
  }
}

/**
 * The hash by which an answer is held against another of its trial. Which reports of very many are left out depends on where a trial
 * was interrupted, so a curve that may lack some does not count; the best report, the last one and the artifacts always do.
 * @param sha256 of the bytes
 */
export function comparedHash(bytes: Uint8Array, sha256: string, metrics: number): string {
  const unpacked = unpack(bytes);
  const [curve, ...others] = unpacked?.parts ?? [];
  if (unpacked === undefined || curve === undefined || !isThinned(reportCount(curve, metrics))) return sha256;
  return hash('sha256', pack(unpacked.head as object, others));
}

export const packCheckpoint = ({ step, reports, bytes }: Checkpoint): Uint8Array =>
  pack({ checkpoint: step }, [packReports(reports), bytes]);

export function unpackCheckpoint(bytes: Uint8Array, metrics: number): Checkpoint | undefined {
  const unpacked = unpack(bytes);
  const read = z.strictObject({ checkpoint: step }).safeParse(unpacked?.head);
  return unpacked && read.success ? checkpointOf(unpacked, read.data.checkpoint, metrics) : undefined;
}

/** The bytes of what a trial starts from, unless that is nothing. */
export function packStart(start: JobStart): Uint8Array | undefined {
  switch (start.from) {
    case 'nothing':
      return undefined;
    case 'artifact':
      return pack(artifactHead(start.artifact), [artifactBytes(start.artifact)]);
    case 'checkpoint':
      return packCheckpoint(start.checkpoint);
    default:
      return start satisfies never;
  }
}

export function unpackStart(
  from: 'artifact' | 'checkpoint',
  bytes: Uint8Array,
  metrics: number,
): JobStart | undefined {
  if (from === 'checkpoint') {
    const checkpoint = unpackCheckpoint(bytes, metrics);
    return checkpoint && { from, checkpoint };
  }
  const unpacked = unpack(bytes);
  const read = artifact.safeParse(unpacked?.head);
  const [part] = unpacked?.parts ?? [];
  const given = part && read.success ? artifactOf(read.data, part) : undefined;
  return given && { from, artifact: given };
}

type ArtifactHead = z.infer<typeof artifact>;

function artifactHead(given: Artifact): ArtifactHead {
  const { kind } = given;
  switch (kind) {
    case 'bytes':
      return { kind, name: given.name };
    case 'network': {
      const { sizes, parameters } = given.weights;
      const isMeasured = given.correct !== undefined;
      return { kind, name: given.name, sizes: [...sizes], weights: parameters.byteLength, isMeasured };
    }
    default:
      return kind satisfies never;
  }
}

const artifactBytes = (given: Artifact): Uint8Array =>
  given.kind === 'bytes'
    ? given.bytes
    : Buffer.concat([weightsBytes(given.weights.parameters), given.correct ?? new Uint8Array()]);

/** Undefined where the bytes are too few. The hash is our own, whatever the worker's was. */
function artifactOf(head: ArtifactHead, bytes: Uint8Array): Artifact | undefined {
  if (head.kind === 'bytes') return { ...head, bytes, sha256: hash('sha256', bytes) };
  const { kind, name, sizes, weights, isMeasured } = head;
  if (bytes.length < weights) return undefined;
  const parameters = new Float32Array(bytes.slice(0, weights).buffer);
  const trained = { sizes, parameters, sha256: weightsSha256(parameters) };
  return { kind, name, weights: trained, ...(isMeasured ? { correct: bytes.slice(weights) } : {}) };
}

function checkpointOf(unpacked: Unpacked, step: number, metrics: number): Checkpoint | undefined {
  const reports = reportsOf(unpacked, metrics);
  const bytes = unpacked.parts[1];
  return reports && bytes && { step, reports, bytes };
}

const reportsOf = ({ parts }: Unpacked, metrics: number): readonly Report[] | undefined =>
  unpackReports(parts[0] ?? new Uint8Array(), metrics);
