/**
 * A training between two epochs as the bytes of a checkpoint: a list of named blocks, each behind its length.
 * Not here: taking one out of an arena (arena-state.ts), keeping one (store/checkpoint-row.ts).
 */
import type { Checkpoint, Report } from '../trial.ts';

/** A training between two epochs. */
export interface TrainingState {
  /** Epochs trained: reports.length, or one more when the last one is not measured yet. */
  readonly trainedEpochs: number;
  readonly reports: readonly Report[];
  /** The epoch of the best weights; 0 before the first measured one. */
  readonly bestEpoch: number;
  /** Logical parameters after trainedEpochs. */
  readonly parameters: Float32Array;
  /** The optimizer's moments of the parameters, each in their order; none for plain descent. */
  readonly moments: readonly Float32Array[];
  /** Logical parameters after bestEpoch; anything where that is 0. */
  readonly best: Float32Array;
}

export function checkpointFrom({
  trainedEpochs,
  reports,
  bestEpoch,
  parameters,
  moments,
  best,
}: TrainingState): Checkpoint {
  const blocks = {
    bestEpoch: bytesOf(Float64Array.of(bestEpoch)),
    parameters: bytesOf(parameters),
    ...Object.fromEntries(moments.map((moment, index) => [momentName(index), bytesOf(moment)])),
    // Before the first measured epoch there are no best weights; whatever stands there must not count.
    ...(bestEpoch === 0 ? {} : { best: bytesOf(best) }),
  };
  return { step: trainedEpochs, reports, bytes: joined(Object.entries(blocks)) };
}

/** The training that `checkpoint` holds, in memory of its own. @throws Error where its bytes are no network's */
export function stateIn({ step, reports, bytes }: Checkpoint): TrainingState {
  const blocks = blocksIn(bytes);
  const block = (name: string): Uint8Array => {
    const found = blocks.get(name);
    if (found === undefined) throw new Error(`The checkpoint has no ${name}: it is no network's.`);
    return found;
  };
  const [bestEpoch = 0] = new Float64Array(block('bestEpoch').slice().buffer);
  const parameters = new Float32Array(block('parameters').slice().buffer);
  const best = bestEpoch === 0 ? parameters : new Float32Array(block('best').slice().buffer);
  const moments: Float32Array[] = [];
  for (let name = momentName(0); blocks.has(name); name = momentName(moments.length))
    moments.push(new Float32Array(block(name).slice().buffer));
  return { trainedEpochs: step, reports, bestEpoch, parameters, moments, best };
}

const momentName = (index: number): string => `moment${index + 1}`;

const lengthBytes = 4;

/** Each block as its name and its content, each behind its length (uint32, little-endian). */
function joined(blocks: readonly (readonly [name: string, content: Uint8Array])[]): Uint8Array {
  const parts = blocks.flatMap(([name, content]) => [Buffer.from(name), content]);
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(lengthBytes);
      length.writeUInt32LE(part.length);
      return [length, part];
    }),
  );
}

function blocksIn(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const next = (): Buffer => {
    if (at + lengthBytes > view.length) throw new Error('The checkpoint ends within a block.');
    const from = at + lengthBytes;
    at = from + view.readUInt32LE(at);
    if (at > view.length) throw new Error('The checkpoint ends within a block.');
    return view.subarray(from, at);
  };
  const blocks = new Map<string, Uint8Array>();
  // A Buffer's slice() would be a view.
  while (at < view.length) blocks.set(next().toString(), new Uint8Array(next()));
  return blocks;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
