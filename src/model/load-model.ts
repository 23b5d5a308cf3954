/** Reading a model whatever its format: bestmodel.json, or safetensors by its ending. */
import { errors } from '../errors.ts';
import type { Encoding } from '../train/encoding.ts';
import type { NetworkFunctions } from '../train/model.ts';
import type { TrainedWeights } from '../trial.ts';
import { checkedEncoding } from './encoding-check.ts';
import { checkedFunctions } from './functions-check.ts';
import { refusal } from './model-bytes.ts';
import { type Model, readModelFile } from './model-file.ts';
import { type ForeignNetwork, readSafetensors } from './safetensors.ts';

/**
 * Reads a trained network from a file: `bestmodel.json` and what `export --format json` writes, or a `.safetensors` file.
 * A safetensors file without coresweep's metadata is taken for one of square pictures with pixels from 0 to 1, and of sigmoids.
 * @throws CoresweepError (ERR_MODEL_MISSING, ERR_MODEL_FILE) where it is missing, damaged or of another kind
 *
 * ```ts
 * import { loadModel } from 'coresweep';
 *
 * const model = loadModel('results/bestmodel.json');
 * console.log(model.weights.sizes); // [784, 20, 10]
 * ```
 */
export function loadModel(path: string): Model {
  if (typeof path !== 'string') throw errors.modelName(path);
  if (!path.endsWith('.safetensors')) return readModelFile(path);
  return modelOf(path, readSafetensors(path));
}

/** The weights alone, whatever their inputs stand for. @throws as loadModel does */
export const loadWeights = (path: string): TrainedWeights =>
  (path.endsWith('.safetensors') ? readSafetensors(path) : readModelFile(path)).weights;

/** What a network is, as far as its file does not say. */
export interface ForeignSettings extends Partial<NetworkFunctions> {
  /** How it was fed. Default: 0-1. */
  readonly pixels?: '0-1' | 'raw' | undefined;
}

export function modelOf(path: string, network: ForeignNetwork, settings: ForeignSettings = {}): Model {
  const { pixels = '0-1', ...functions } = settings;
  const { weights, metadata } = network;
  const encoding =
    metadata['encoding'] === undefined
      ? squarePictures(path, weights.sizes[0] as number, pixels)
      : checkedEncoding(parsed(metadata['encoding']), weights.sizes, refusal(path));
  const told = { ...functions, ...metadata };
  return { weights, ...checkedFunctions(told, refusal(path)), encoding, provenance: null };
}

/** The encoding of a network that says nothing of its inputs. @throws ERR_MODEL_ENCODING where they do not form a square */
export function squarePictures(path: string, inputs: number, pixels: '0-1' | 'raw'): Encoding {
  const side = Math.round(Math.sqrt(inputs));
  if (side * side !== inputs) throw errors.modelWithoutEncoding(path, inputs);
  return { kind: 'pictures', rows: side, columns: side, pixels };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
