/**
 * bestmodel.json: one trained network with all bits of its weights, and where it comes from.
 * Not here: which trial is the winner; other file formats.
 */
import { hash } from 'node:crypto';
import { errors, shown } from '../errors.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Learning } from '../metric.ts';
import { isValue } from '../space/is-value.ts';
import type { Encoding } from '../train/encoding.ts';
import { type NetworkFunctions, parameterCount } from '../train/model.ts';
import { outputs } from '../train/outputs.ts';
import { weightsBytes } from '../train/weights-hash.ts';
import type { Params, TrainedWeights } from '../trial.ts';
import { checkedEncoding, isCount, isFiniteNumber, isRecord, isText } from './encoding-check.ts';
import { checkedFunctions, usualFunctions } from './functions-check.ts';
import { bytesOfModelFile, maxModelBytes, type Refuse, refusal } from './model-bytes.ts';
import { checkedWeights, shape } from './weights-check.ts';

/** The experiment and the trial that a model comes from. */
export type Provenance = Origin & (ValidationMetrics | TestMetrics | ValidationErrors | TestErrors);

interface Origin {
  readonly experiment: string;
  readonly definitionHash: string;
  readonly dataHash: string;
  readonly kernelHash: string;
  /** The trial's number and key. */
  readonly trial: number;
  readonly key: string;
  readonly params: Params;
  /** The epoch after which the weights were as they are here. */
  readonly epoch: number;
}

/** Of a trial of phase 1. */
interface ValidationMetrics {
  readonly validationAccuracy: number;
  readonly validationLoss: number;
}

/** Of a final training. */
interface TestMetrics {
  readonly testAccuracy: number;
  readonly testLoss: number;
}

/** The same of networks whose outputs are numbers. */
interface ValidationErrors {
  readonly validationRmse: number;
  readonly validationR2: number;
  readonly validationLoss: number;
}
interface TestErrors {
  readonly testRmse: number;
  readonly testR2: number;
  readonly testLoss: number;
}

/** What a model file says of its rows, by what its network learns. */
export const provenanceMetrics = {
  classes: ['Accuracy', 'Loss'],
  numbers: ['Rmse', 'R2', 'Loss'],
} as const satisfies Record<Learning, readonly string[]>;

/** A trained network, what it reads and gives, and where it comes from. */
export interface Model extends NetworkFunctions {
  readonly weights: TrainedWeights;
  /** What its inputs and outputs stand for. */
  readonly encoding: Encoding;
  /** Null for weights that were trained elsewhere. */
  readonly provenance: Provenance | null;
}

const format = 'coresweep-model';
const version = 1;

/** Writes `model` to `path`, the whole file or nothing; throws a CoresweepError where the file system fails. */
export function writeModelFile(path: string, model: Model): void {
  const text = modelText(model);
  if (text.length > maxModelBytes)
    throw errors.modelFileInvalid(path, `would be larger than ${maxModelBytes} bytes`);
  writeWhole(path, text);
}

/** What the origin of a model takes in its file, at most. */
const provenanceBytes = 4096;

/**
 * Throws a CoresweepError where a network of these sizes would be too large for a model file: better before it is trained.
 */
export function expectWritable(sizes: readonly number[], encoding: Encoding): void {
  const parameters = parameterCount(sizes);
  const weights = { sizes, parameters: new Float32Array(0), sha256: '0'.repeat(64) };
  const rest = modelText({ weights, ...usualFunctions, encoding, provenance: null }).length;
  const bytes = rest + provenanceBytes + 4 * Math.ceil((4 * parameters) / 3);
  if (bytes > maxModelBytes) throw errors.modelTooLarge(parameters, bytes, maxModelBytes);
}

/** Reads a model, every bit as written; throws a CoresweepError if the file is missing, damaged or of another kind. */
export function readModelFile(path: string): Model {
  const refuse = refusal(path);
  const text = bytesOfModelFile(path).toString('utf8');
  if (!/^\s*\{/.test(text)) throw errors.notAModel(path, 'json');
  try {
    return modelOf(text, refuse);
  } catch (error) {
    // The stack ends where hostile JSON is nested a hundred thousand deep.
    if (error instanceof RangeError) return refuse('is nested too deeply', error);
    throw error;
  }
}

/** Throws a CoresweepError unless the model has exactly these layer sizes. */
export function expectShape({ weights }: Pick<Model, 'weights'>, sizes: readonly number[]): void {
  const got = shape(weights.sizes);
  if (got !== shape(sizes)) throw errors.modelShape(got, shape(sizes));
}

/** The file's text. */
export function modelText({ weights, activation, output, encoding, provenance }: Model): string {
  const content = {
    format,
    version,
    sizes: weights.sizes,
    activation,
    // A file of the usual output stays what it was before there were others.
    ...(output === usualFunctions.output ? {} : { output }),
    encoding,
    parameters: weightsBytes(weights.parameters).toString('base64'),
    sha256: weights.sha256,
    provenance,
  };
  return `${JSON.stringify({ ...content, contentSha256: contentSha256(content) }, undefined, 2)}\n`;
}

/** Over everything else in the file, without its white space: the weights' own SHA-256 does not see the rest. */
const contentSha256 = (content: object): string => hash('sha256', JSON.stringify(content));

function modelOf(text: string, refuse: Refuse): Model {
  const { contentSha256: recorded, ...content } = jsonObject(text, refuse);
  if (content['format'] !== format) {
    return refuse(`has the format ${shown(content['format'])}, but must have ${shown(format)}`);
  }
  if (content['version'] !== version) {
    return refuse(`has version ${shown(content['version'])}, but this coresweep reads version ${version}`);
  }
  const { sizes, encoding, parameters, sha256, provenance } = content;
  const functions = checkedFunctions(content, refuse);
  const bytes = Buffer.from(typeof parameters === 'string' ? parameters : '', 'base64');
  // Buffer.from skips what is not base64, so only the way back shows that nothing was skipped.
  if (bytes.toString('base64') !== parameters) return refuse('holds parameters that are not base64');
  const weights = checkedWeights(sizes, bytes, sha256, refuse);
  const checked = checkedEncoding(encoding, weights.sizes, refuse);
  const actual = contentSha256(content);
  if (actual !== recorded)
    return refuse(`is damaged: its content has the SHA-256 ${actual}, but ${shown(recorded)} is recorded`);
  return {
    weights,
    ...functions,
    encoding: checked,
    provenance: checkedProvenance(provenance, outputs[functions.output].learns, refuse),
  };
}

function jsonObject(text: string, refuse: Refuse): Record<string, unknown> {
  try {
    // It begins as an object does.
    return JSON.parse(text);
  } catch (error) {
    return refuse('is not valid JSON; it may have been cut off', error);
  }
}

const originFields: Record<keyof Origin, (value: unknown) => boolean> = {
  experiment: isText,
  definitionHash: isText,
  dataHash: isText,
  kernelHash: isText,
  trial: isCount,
  key: isText,
  params: (value) => isRecord(value) && Object.values(value).every(isValue),
  epoch: isCount,
};

function checkedProvenance(value: unknown, learns: Learning, refuse: Refuse): Provenance | null {
  if (value === null) return null;
  const provenance = isRecord(value) ? value : {};
  const rows = 'testLoss' in provenance ? 'test' : 'validation';
  const metrics = Object.fromEntries(
    provenanceMetrics[learns].map((metric) => [`${rows}${metric}`, isFiniteNumber] as const),
  );
  for (const [field, isValid] of Object.entries({ ...originFields, ...metrics })) {
    if (!isValid(provenance[field])) return refuse(`has ${shown(provenance[field])} as provenance.${field}`);
  }
  return value as Provenance;
}
