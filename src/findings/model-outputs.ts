/**
 * The outputs of a model for rows of a data set, block by block, by the kernels that trained it.
 * Not here: what they mean.
 */
import type { LoadedData } from '../data/dataset.ts';
import { pixelRoomBytes } from '../data/pixel-rows.ts';
import { dataBytes, formOf, layOut, writeRows } from '../data/placement.ts';
import type { LayerParameters } from '../kernel/layout.ts';
import { loadKernelModule, simdKernels } from '../kernel/simd.ts';
import { evaluationBlockRows, place, scratchBlocks } from '../train/arena.ts';
import { forward } from '../train/backprop.ts';
import { networkAt, paddedCount, padParameters } from '../train/model.ts';
import { outputs as outputFacts } from '../train/outputs.ts';
import type { Network } from '../train/predict.ts';

/** @param see is given each row's outputs, which are overwritten by a later one's */
export function eachOutputs(
  data: LoadedData,
  { weights, activation, output }: Omit<Network, 'encoding'>,
  see: (row: number, outputs: Float32Array) => void,
): void {
  const count = data.labels.length;
  const { sizes, parameters } = weights;
  const batchSize = evaluationBlockRows;
  const parametersAt = 64 + dataBytes(data);
  const order = parametersAt + 4 * paddedCount(sizes);
  const shape = { sizes, batchSize, trainingRows: 1, form: formOf(data) };
  const scratch = place(scratchBlocks(shape), order + 4 * count);
  const pages = Math.ceil(Math.max(scratch.end, parametersAt + pixelRoomBytes) / 65_536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const rows = layOut(data, memory.buffer, 64);
  writeRows(data, rows, memory, parametersAt);
  padParameters(sizes, parameters, new Float32Array(memory.buffer, parametersAt, paddedCount(sizes)));
  const numbers = new Uint32Array(memory.buffer, order, count);
  for (let row = 0; row < count; row++) numbers[row] = row;

  const kernels = simdKernels(loadKernelModule(), memory);
  const network = networkAt({ sizes, activation, output }, parametersAt);
  const last = network.layers.at(-1) as LayerParameters;
  const { units, stride } = last;
  for (let from = 0; from < count; from += batchSize) {
    const block = { order: order + 4 * from, count: Math.min(batchSize, count - from) };
    const outputs = forward(kernels, network, rows, block, scratch);
    outputFacts[output].finish(kernels, block.count, last, outputs);
    const values = new Float32Array(memory.buffer, outputs, block.count * stride);
    for (let k = 0; k < block.count; k++) see(from + k, values.subarray(k * stride, k * stride + units));
  }
}
