/**
 * What a trained network says of rows: its outputs, and the class of the largest, or the numbers that they are.
 * Not here: reading rows or models from files; measuring (evaluate.ts).
 */
import { errors } from '../errors.ts';
import type { LayerParameters } from '../kernel/layout.ts';
import { loadKernelModule, simdKernels } from '../kernel/simd.ts';
import type { TrainedWeights } from '../trial.ts';
import { evaluationBlockRows, place, scratchBlocks } from './arena.ts';
import { parametersAt } from './arena-state.ts';
import { forward } from './backprop.ts';
import { className, type Encoding, encodedRows, targetsOf } from './encoding.ts';
import { type NetworkFunctions, networkAt, paddedCount, padParameters, strideOf } from './model.ts';
import { outputs as outputFacts } from './outputs.ts';

/** A network that can predict: what loadModel, trainMlp and a finished sweep give. */
export interface Network extends NetworkFunctions {
  readonly weights: TrainedWeights;
  readonly encoding: Encoding;
}

/** What a network says of one row. */
export interface Prediction {
  /** The index of the largest output, the lowest on a tie. */
  readonly class: number;
  /** What that class is called: "7", or a table's own name for it. */
  readonly name: string;
  /** float32 (classes), each from 0 to 1; those of a softmax add up to 1, sigmoids need not. */
  readonly outputs: Float32Array;
}

/**
 * Predicts rows of raw values: pixels from 0 (blank) to 255, or a table's numbers as they stand in it. The network's own
 * encoding scales them. The bits are those of training: the same kernels in the same order.
 * @param rows (rows x inputs), one row after the other
 * @throws CoresweepError (ERR_ROWS_SHAPE, ERR_ROWS_VALUE) for a piece of a row and for numbers that are not finite,
 *   ERR_MODEL_OVERFLOW where the network's sums leave float32, and ERR_MODEL_OUTPUT for a network whose outputs are numbers:
 *   predictNumbers() is for those
 *
 * ```ts
 * import { loadModel, predict } from 'coresweep';
 *
 * const model = loadModel('results/bestmodel.json');
 * const blank = new Uint8Array(28 * 28);
 * const [prediction] = predict(model, blank);
 * console.log(prediction?.class, prediction?.outputs);
 * ```
 */
export function predict(network: Network, rows: ArrayLike<number>): Prediction[] {
  expectModel(network);
  const { weights, encoding } = network;
  if (outputFacts[network.output].learns === 'numbers') throw errors.outputsAreNumbers();
  const inputs = weights.sizes[0] as number;
  const classes = weights.sizes.at(-1) as number;
  const outputs = outputsOf(network, rows);
  return Array.from({ length: rows.length / inputs }, (_, row) => {
    const own = outputs.slice(row * classes, (row + 1) * classes);
    const best = own.indexOf(own.reduce((most, output) => Math.max(most, output), 0));
    return { class: best, name: className(encoding, best), outputs: own };
  });
}

/**
 * The same of a network whose outputs are numbers: each row's targets in their own units.
 * @param rows (rows x inputs), one row after the other
 * @returns float64 (rows x targets)
 * @throws CoresweepError as predict() does, and ERR_MODEL_OUTPUT for a network that tells classes
 *
 * ```ts
 * import { predictNumbers, trainMlp } from 'coresweep';
 *
 * const inputs = [0, 1, 2, 3];
 * const targets = [1, 3, 5, 7];
 * const { model } = await trainMlp({
 *   ...{ inputs, targets, validation: { inputs, targets } },
 *   ...{ hidden: [], output: 'linear', learningRate: 0.1, batchSize: 4, epochs: 200 },
 * });
 * console.log(predictNumbers(model, [10])[0]); // 21, as nearly as float32 says it
 * ```
 */
export function predictNumbers(network: Network, rows: ArrayLike<number>): Float64Array {
  expectModel(network);
  const { weights, encoding, output } = network;
  if (outputFacts[output].learns === 'classes') throw errors.outputsAreClasses(output);
  const width = weights.sizes.at(-1) as number;
  const targets = targetsOf(encoding);
  return Float64Array.from(outputsOf(network, rows), (value, at) => {
    const { offset, divisor } = targets?.[at % width] ?? { offset: 0, divisor: 1 };
    return value * divisor + offset;
  });
}

/** A program without types may give all that a training came to. */
function expectModel(network: Partial<Network> | undefined): void {
  if (network?.weights === undefined || network.encoding === undefined) throw errors.noModel(network);
}

/** What the network makes of raw rows: (rows x outputs). */
function outputsOf(network: Network, rows: ArrayLike<number>): Float32Array {
  const { weights, encoding } = network;
  const inputs = weights.sizes[0] as number;
  if (!(((rows as Partial<typeof rows> | undefined)?.length as number) % inputs === 0))
    throw errors.rowsShape(rows, inputs);
  const encoded = encodedRows(encoding, rows);
  const fault = encoded.findIndex((value) => !Number.isFinite(value));
  if (fault >= 0) throw errors.rowsValue(Math.floor(fault / inputs), fault % inputs, rows[fault]);
  const outputs = runnerOf(network)(encoded);
  const overflow = outputs.findIndex((value) => !Number.isFinite(value));
  if (overflow >= 0) {
    const row = Math.floor(overflow / (weights.sizes.at(-1) as number));
    throw errors.outputNotFinite(`row ${row} (counted from 0)`);
  }
  return outputs;
}

/** @param rows (rows x inputs) as the network sees them @returns (rows x classes) */
type Runner = (rows: Float32Array) => Float32Array;

// A shared memory takes address space until it is collected, so a network gets one, not each call.
const runners = new WeakMap<TrainedWeights, NetworkFunctions & { readonly run: Runner }>();

function runnerOf(network: Network): Runner {
  const { weights, activation, output } = network;
  const known = runners.get(weights);
  if (known?.activation === activation && known.output === output) return known.run;
  const run = newRunner(network);
  runners.set(weights, { activation, output, run });
  return run;
}

/** Rows at a time. Sums run within a row, so their number cannot change a bit. */
const blockRows = evaluationBlockRows;

function newRunner({ weights: { sizes, parameters }, activation, output }: Network): Runner {
  const [inputs, classes] = [sizes[0] as number, sizes.at(-1) as number];
  const [inputStride, classStride] = [strideOf(inputs), strideOf(classes)];
  const own = place(
    [
      { name: 'parameters', bytes: 4 * paddedCount(sizes) },
      { name: 'rows', bytes: 4 * blockRows * inputStride },
    ],
    64,
  );
  const scratch = place(
    scratchBlocks({ sizes, batchSize: blockRows, trainingRows: blockRows, form: 'dense' }),
    own.end,
  );
  const pages = Math.ceil(scratch.end / 65_536);
  // Shared only because the kernels' module asks for it.
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const kernels = simdKernels(loadKernelModule(), memory);
  padParameters(sizes, parameters, parametersAt(memory.buffer, own.parameters, sizes));
  const network = networkAt({ sizes, activation, output }, own.parameters);
  const lastLayer = network.layers.at(-1) as LayerParameters;
  const order = new Uint32Array(memory.buffer, scratch.order, blockRows);
  for (let row = 0; row < blockRows; row++) order[row] = row;
  const block = new Float32Array(memory.buffer, own.rows, blockRows * inputStride);

  return (rows) => {
    const outputs = new Float32Array((rows.length / inputs) * classes);
    for (let first = 0; first * inputs < rows.length; first += blockRows) {
      const count = Math.min(blockRows, rows.length / inputs - first);
      for (let row = 0; row < count; row++) {
        const at = (first + row) * inputs;
        block.set(rows.subarray(at, at + inputs), row * inputStride);
      }
      const inMemory = {
        form: { kind: 'dense', rows: own.rows, stride: inputStride },
        ...{ labels: 0, count, inputs, classes },
      } as const;
      const last = forward(kernels, network, inMemory, { order: scratch.order, count }, scratch);
      outputFacts[output].finish(kernels, count, lastLayer, last);
      const found = new Float32Array(memory.buffer, last, count * classStride);
      for (let row = 0; row < count; row++) {
        const from = row * classStride;
        outputs.set(found.subarray(from, from + classes), (first + row) * classes);
      }
    }
    return outputs;
  };
}
