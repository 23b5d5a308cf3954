/**
 * How fast each kernel runs, beside the fastest that this machine multiplies and adds with 128-bit vectors.
 * Not here: whole sweeps and other libraries. Run it with `npm run bench:kernels`.
 */
import asc from 'assemblyscript/asc';
import { denseScratchBytes, sparseScratchBytes } from '../src/kernel/kernels.ts';
import type { Address, LayerParameters, SparseRows } from '../src/kernel/layout.ts';
import { loadKernelModule, simdKernels } from '../src/kernel/simd.ts';
import { layersAt, paddedCount, strideOf } from '../src/train/model.ts';
import { type Spread, spreadOf } from './process.ts';

/** The fastest of many runs of one kernel on one layer. */
export interface Measurement {
  readonly kernel: string;
  readonly layer: string;
  readonly nanosecondsPerRow: number;
  /** 10^9 multiplications and additions a second; undefined where a kernel does other things too. */
  readonly gigaflops: number | undefined;
}

const rowCount = 3_000;
const batchSize = 128;
/** As in MNIST: the part of a row's inputs that is not blank. */
const density = 0.19;

/** 10^9 float32 operations a second of 14 independent chains of multiply and add, which is more than any latency hides. */
export async function peakGigaflops(): Promise<number> {
  const chains = Array.from({ length: 14 }, (_, chain) => chain);
  const source = `export function run(steps: i32, x: f32): f32 {
    const factor = f32x4.splat(x);
    ${chains.map((chain) => `let sum${chain} = f32x4.splat(${chain});`).join('\n')}
    for (let step = 0; step < steps; step++) {
      ${chains.map((chain) => `sum${chain} = f32x4.add(factor, f32x4.mul(sum${chain}, factor));`).join('\n')}
    }
    return f32x4.extract_lane(${chains.map((chain) => `sum${chain}`).reduce((a, b) => `f32x4.add(${a}, ${b})`)}, 0);
  }`;
  const options = { optimizeLevel: 3, runtime: 'stub', enable: ['simd'], disableWarning: true };
  const { error, binary } = await asc.compileString(source, options as never);
  if (!binary) throw error ?? new Error('The peak loop did not compile.');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(new Uint8Array(binary));
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports as {
    run(steps: number, x: number): number;
  };
  const steps = 100_000;
  // Until the engine's optimising compiler, which waits behind that of this process's own start, has come round to the loop.
  for (const end = performance.now() + 1_000; performance.now() < end; ) run(steps, 0.5);
  return (steps * chains.length * 8) / fastest(() => run(steps, 0.5));
}

/** Every kernel of a network of these sizes, the first layer on sparse rows. */
export function measureKernels(sizes: readonly number[]): Measurement[] {
  const memory = new WebAssembly.Memory({ initial: 1_024, maximum: 1_024, shared: true });
  const kernels = simdKernels(loadKernelModule(), memory);
  const { buffer } = memory;
  let next: Address = 64;
  const take = (bytes: number): Address => {
    const address = next;
    next += (bytes + 63) & ~63;
    return address;
  };
  const randomFloats = (count: number, largest: number): Address => {
    const address = take(4 * count);
    const floats = new Float32Array(buffer, address, count);
    for (let at = 0; at < count; at++) floats[at] = (2 * Math.random() - 1) * largest;
    return address;
  };
  const { rows, entries } = sparseRows(buffer, take, sizes[0] as number);
  const order = take(4 * rowCount);
  new Uint32Array(buffer, order, rowCount).forEach((_, row, all) => {
    all[row] = (row * 7) % rowCount;
  });
  const labels = take(rowCount);
  const predictions = take(rowCount);
  const logs = take(4 * batchSize * strideOf(sizes.at(-1) as number));
  const denseScratch = take(denseScratchBytes(batchSize, Math.max(...sizes), Math.max(...sizes.slice(1))));
  const sparseScratch = take(sparseScratchBytes(sizes[0] as number, strideOf(sizes[1] as number)));
  const layers = layersAt(sizes, randomFloats(paddedCount(sizes), 0.05));
  const gradient = layersAt(sizes, randomFloats(paddedCount(sizes), 0));

  /** Nanoseconds a row, over all rows in batches. */
  const perRow = (run: (batch: Address, count: number) => void): number =>
    fastest(() => {
      for (let row = 0; row < rowCount; row += batchSize) {
        run(order + 4 * row, Math.min(batchSize, rowCount - row));
      }
    }) / rowCount;

  return layers.flatMap((layer, index) => {
    const target = gradient[index] as LayerParameters;
    const outputs = randomFloats(batchSize * layer.stride, 1);
    const inputStride = strideOf(layer.inputs);
    const inputs = randomFloats(batchSize * inputStride, 1);
    const transposed = take(4 * layer.units * inputStride);
    const measured = (kernel: string, macs: number | undefined, nanosecondsPerRow: number): Measurement => ({
      kernel,
      layer: `${layer.inputs}-${layer.units}`,
      nanosecondsPerRow,
      gigaflops: macs === undefined ? undefined : (2 * macs) / nanosecondsPerRow,
    });
    const macs = layer.units * (index === 0 ? entries / rowCount : layer.inputs);
    const first = () => [
      measured(
        'forwardSparse',
        macs,
        perRow((batch, n) => kernels.forwardSparse(batch, n, rows, layer, outputs, sparseScratch)),
      ),
      measured(
        'updateSparse',
        macs,
        perRow((batch, n) => kernels.updateSparse(batch, n, rows, outputs, target, sparseScratch)),
      ),
    ];
    const further = () => [
      measured(
        'forwardDense',
        macs,
        perRow((_, n) => kernels.forwardDense(inputs, inputStride, n, layer, outputs, denseScratch)),
      ),
      measured(
        'updateDense',
        macs,
        perRow((_, n) => kernels.updateDense(inputs, inputStride, n, outputs, target, denseScratch)),
      ),
      measured(
        'transpose',
        undefined,
        perRow(() => kernels.transpose(layer, transposed)),
      ),
      measured(
        'sigmoidDeltas',
        macs,
        perRow((_, n) =>
          kernels.sigmoidDeltas(
            ...([
              outputs,
              layer.units,
              layer.stride,
              transposed,
              n,
              inputStride,
              inputs,
              denseScratch,
            ] as const),
          ),
        ),
      ),
    ];
    const hidden = () => [
      measured(
        'sigmoid',
        undefined,
        perRow((_, n) => kernels.sigmoid(outputs, n * layer.stride)),
      ),
    ];
    const output = () => [
      measured(
        'loss',
        undefined,
        perRow((_, n) => kernels.loss(labels, n, layer, outputs, logs, predictions)),
      ),
      measured(
        'outputDeltas',
        undefined,
        perRow((batch, n) => kernels.outputDeltas(batch, labels, n, layer, outputs)),
      ),
    ];
    const floats = (layer.inputs + 1) * layer.stride;
    return [
      ...(index === 0 ? first() : further()),
      ...(index === layers.length - 1 ? output() : hidden()),
      measured(
        'descend',
        undefined,
        perRow(() => kernels.descend(layer.weights, target.weights, floats, 0.01)),
      ),
    ];
  });
}

/** Random rows of pictures, spread evenly over the inputs, and how many entries they have. */
function sparseRows(buffer: ArrayBufferLike, take: (bytes: number) => Address, inputs: number) {
  const starts = [0];
  const indices: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    for (let input = 0; input < inputs; input++) if (Math.random() < density) indices.push(2 * input);
    starts.push(indices.length);
  }
  const entries = indices.length;
  const rows = {
    start: take(4 * starts.length),
    index: take(2 * entries),
    value: take(entries),
    table: take(4 * 256),
  };
  new Uint32Array(buffer, rows.start, starts.length).set(starts);
  new Uint16Array(buffer, rows.index, entries).set(indices);
  new Uint8Array(buffer, rows.value, entries).fill(128);
  new Float32Array(buffer, rows.table, 256).fill(0.5);
  return { rows: rows satisfies SparseRows, entries };
}

/** Nanoseconds that the fastest run took, of as many as fit in 0.1 s: what disturbs a run only makes it slower. */
function fastest(run: () => void): number {
  const end = performance.now() + 100;
  let least = Number.POSITIVE_INFINITY;
  while (performance.now() < end) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least * 1e6;
}

const networks = [
  [784, 20, 10],
  [784, 512, 10],
  [784, 256, 128, 10],
];

/** The machine's peak, then every kernel's rate (GFLOP/s, or ns a row), each as its spread over `rounds` measurements. */
export async function kernelRates(rounds: number): Promise<{ name: string; value: Spread; unit: string }[]> {
  const peaks: number[] = [];
  const measured = new Map<string, { unit: string; values: number[] }>();
  for (let round = 0; round < rounds; round++) {
    peaks.push(await peakGigaflops());
    for (const sizes of networks) {
      for (const { kernel, layer, nanosecondsPerRow, gigaflops } of measureKernels(sizes)) {
        const name = `${kernel} ${layer} of ${sizes.join('-')}`;
        const rate = measured.get(name) ?? {
          unit: gigaflops === undefined ? 'ns/row' : 'GFLOP/s',
          values: [],
        };
        rate.values.push(gigaflops ?? nanosecondsPerRow);
        measured.set(name, rate);
      }
    }
  }
  return [
    { name: '128-bit multiply and add', value: spreadOf(peaks), unit: 'GFLOP/s' },
    ...[...measured].map(([name, { unit, values }]) => ({ name, value: spreadOf(values), unit })),
  ];
}

if (import.meta.main) {
  const peak = await peakGigaflops();
  console.log(`128-bit multiply and add: ${peak.toFixed(1)} GFLOP/s`);
  for (const sizes of networks) {
    console.log(`\n${sizes.join('-')}, batches of ${batchSize}`);
    for (const { kernel, layer, nanosecondsPerRow, gigaflops } of measureKernels(sizes)) {
      const speed =
        gigaflops === undefined
          ? ''
          : `${gigaflops.toFixed(1).padStart(6)} GFLOP/s ${((100 * gigaflops) / peak).toFixed(0).padStart(3)} %`;
      console.log(
        `${kernel.padEnd(14)}${layer.padEnd(10)}${nanosecondsPerRow.toFixed(1).padStart(9)} ns/row  ${speed}`,
      );
    }
  }
}
