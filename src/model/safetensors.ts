/**
 * A network in a safetensors file: the names and shapes of PyTorch's nn.Linear, fc1.weight being (units x inputs).
 * Not here: other tensors, other types than float32.
 *
 * https://github.com/huggingface/safetensors: the length of a JSON header (uint64), the header, the tensors' bytes; all
 * little-endian.
 */
import { errors, shown } from '../errors.ts';
import { parameterCount } from '../train/model.ts';
import { weightsSha256 } from '../train/weights-hash.ts';
import type { TrainedWeights } from '../trial.ts';
import { isRecord } from './encoding-check.ts';
import { bytesOfModelFile, type Refuse, refusal } from './model-bytes.ts';
import type { Model } from './model-file.ts';
import { modelMetadata } from './model-metadata.ts';

/** A tensor of a network, and where its numbers are among the logical parameters, which hold weights inputs x units. */
interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The first of its parameters. */
  readonly first: number;
  readonly inputs: number;
  readonly units: number;
}

/** The tensors of a network in the order of its parameters. */
function tensorsOf(sizes: readonly number[]): Tensor[] {
  let first = 0;
  return sizes.slice(1).flatMap((units, layer) => {
    const inputs = sizes[layer] as number;
    const weight = { name: `fc${layer + 1}.weight`, shape: [units, inputs], first, inputs, units };
    const bias = {
      name: `fc${layer + 1}.bias`,
      shape: [units],
      first: first + inputs * units,
      inputs: 1,
      units,
    };
    first += (inputs + 1) * units;
    return [weight, bias];
  });
}

/** The whole file of a model. */
export function safetensorsOf(model: Model): Uint8Array {
  const { sizes, parameters } = model.weights;
  const tensors = tensorsOf(sizes);
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...modelMetadata(model) } };
  for (const { name, shape, first, inputs, units } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [4 * first, 4 * (first + inputs * units)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  // Spaces up to a multiple of 8, so that readers can map the numbers into memory.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(8 + headerBytes + 4 * parameters.length, ' ');
  file.writeBigUInt64LE(BigInt(headerBytes));
  json.copy(file, 8);
  for (const { first, inputs, units } of tensors) {
    for (let unit = 0, at = first; unit < units; unit++) {
      for (let input = 0; input < inputs; input++, at++) {
        const value = parameters[first + input * units + unit] as number;
        file.writeFloatLE(value, 8 + headerBytes + 4 * at);
      }
    }
  }
  return file;
}

/** A network out of a safetensors file, and the texts that came with it. */
export interface ForeignNetwork {
  readonly weights: TrainedWeights;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A header of a thousand layers is shorter. */
const maxHeaderBytes = 1024 * 1024;

/**
 * Reads fc1.weight, fc1.bias, fc2.weight, ... and nothing else.
 * @throws ERR_MODEL_MISSING, ERR_MODEL_FILE with the fault: cut off, another shape, other tensors, numbers not finite
 */
export function readSafetensors(path: string): ForeignNetwork {
  const file = bytesOfModelFile(path);
  // What is no such file says anything in the place of a length.
  if (file.length < 8 || file.readBigUInt64LE() > maxHeaderBytes) throw errors.notAModel(path, 'safetensors');
  return networkOf(file, refusal(path));
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function networkOf(file: Buffer, refuse: Refuse): ForeignNetwork {
  const headerBytes = file.readBigUInt64LE();
  if (headerBytes > file.length - 8) {
    return refuse(
      `is no whole safetensors file: it promises a header of ${headerBytes} bytes, but ends after ${file.length - 8}`,
    );
  }
  const dataAt = 8 + Number(headerBytes);
  const { __metadata__: metadata = {}, ...described } = headerOf(file.subarray(8, dataAt), refuse);
  const entries = Object.entries(described).map(([name, entry]) => checkedEntry(name, entry, refuse));
  const sizes = sizesOf(entries, refuse);
  refuseGaps(entries, file.length - dataAt, refuse);
  const places = new Map(entries.map(({ name, from }) => [name, from]));
  const parameters = new Float32Array(parameterCount(sizes));
  for (const { name, first, inputs, units } of tensorsOf(sizes)) {
    const from = places.get(name) as number;
    for (let unit = 0, at = dataAt + from; unit < units; unit++) {
      for (let input = 0; input < inputs; input++, at += 4) {
        const value = file.readFloatLE(at);
        if (!Number.isFinite(value)) {
          return refuse(`holds ${value} in ${name} (unit ${unit}, input ${input}), but all must be finite`);
        }
        parameters[first + input * units + unit] = value;
      }
    }
  }
  const weights = Object.freeze({ sizes, parameters, sha256: weightsSha256(parameters) });
  return { weights, metadata: textsOf(metadata) };
}

function headerOf(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (error) {
    return refuse('is no safetensors file: its header is not valid JSON', error);
  }
  return refuse('is no safetensors file: its header is not a JSON object');
}

function checkedEntry(name: string, entry: unknown, refuse: Refuse): Entry {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
  if (dtype !== 'F32')
    return refuse(`holds ${shown(name)} as ${shown(dtype)}, but float32 ("F32") is needed`);
  if (!isListOfCounts(shape, 1)) return refuse(`gives ${shown(name)} the shape ${shown(shape)}`);
  if (!isListOfCounts(data_offsets, 0) || data_offsets.length !== 2) {
    return refuse(`gives ${shown(name)} the place ${shown(data_offsets)}`);
  }
  const [from, to] = data_offsets as [number, number];
  const bytes = shape.reduce((product, length) => product * length, 4);
  if (to - from !== bytes) {
    return refuse(`gives ${shown(name)} ${to - from} bytes, but its shape ${shown(shape)} needs ${bytes}`);
  }
  return { name, shape, from, to };
}

const isListOfCounts = (value: unknown, min: number): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= min);

/** Units of each layer, where the tensors are those of one chain of layers and nothing else. */
function sizesOf(entries: readonly Entry[], refuse: Refuse): number[] {
  const shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
  const layers = Math.ceil(entries.length / 2);
  const [, inputs] = shapes.get('fc1.weight') ?? [];
  const units = Array.from({ length: layers }, (_, layer) => shapes.get(`fc${layer + 1}.weight`)?.[0] ?? 0);
  const sizes = [inputs ?? 0, ...units];
  const wanted = new Map(tensorsOf(sizes).map(({ name, shape }) => [name, shape]));
  for (const name of [...wanted.keys(), ...shapes.keys()]) {
    const [got, needed] = [shapes.get(name), wanted.get(name)];
    if (needed === undefined)
      return refuse(`holds ${shown(name)}, but only fc1.weight, fc1.bias, ... are read`);
    if (got === undefined)
      return refuse(`holds no ${name}; needed are fc1.weight, fc1.bias, fc2.weight, ...`);
    if (shown(got) !== shown(needed)) {
      return refuse(`gives ${name} the shape ${shown(got)}, but the other tensors need ${shown(needed)}`);
    }
  }
  if (layers === 0) return refuse('holds no tensors; needed are fc1.weight, fc1.bias, fc2.weight, ...');
  return sizes;
}

/** The format allows neither gaps nor overlaps: with them, a file could say one thing to each of two readers. */
function refuseGaps(entries: readonly Entry[], dataBytes: number, refuse: Refuse): void {
  let end = 0;
  for (const { name, from, to } of entries.toSorted((a, b) => a.from - b.from)) {
    if (from !== end) refuse(`has ${name} begin at byte ${from} of its numbers, but ${end} comes next`);
    end = to;
  }
  if (end !== dataBytes) refuse(`promises ${end} bytes of numbers, but holds ${dataBytes}`);
}

const textsOf = (metadata: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
