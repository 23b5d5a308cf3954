/**
 * A network of 784-128-10 trained by Adam on 10,000 rows of MNIST, beside the same in PyTorch: CPU seconds an epoch on one
 * thread, each with its measurement of training and validation rows, in turn.
 * Not here: whole sweeps, and what is printed (run.ts).
 */
import { type LoadedData, loadData } from '../src/data/dataset.ts';
import { allocate } from '../src/execute/network/memory.ts';
import { loadKernelModule, simdKernels } from '../src/kernel/simd.ts';
import { arenaBlocks, place } from '../src/train/arena.ts';
import { lastReport, readyArena } from '../src/train/arena-state.ts';
import { initialParameters } from '../src/train/initial-weights.ts';
import { plainDescent } from '../src/train/optimizer.ts';
import { type TrainingPlan, train } from '../src/train/train.ts';
import { peerSays } from './peers.ts';
import { type Spread, spreadOf } from './process.ts';

const epochs = 5;
const batchSize = 128;

interface Epoch {
  /** CPU seconds of an epoch. */
  readonly seconds: number;
  /** Of the validation rows after the last. */
  readonly accuracy: number;
}

const planOf = (data: LoadedData): TrainingPlan => ({
  ...{ sizes: [784, 128, 10], activation: 'relu', output: 'softmax', epochs, reduction: 'mean' },
  ...{ training: data.training, evaluation: data.validation, params: { learningRate: 0.001, batchSize } },
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  ...{ schedule: { kind: 'constant' }, warmup: 0, dropout: 0, classWeights: undefined, patience: 0 },
  ...{ penalty: 'none', lambda: 0, rowOrder: 'shuffled', seed: 1, replicate: 0 },
  ...{ orderPurpose: 'row order', bestBy: 'validationAccuracy', modelEpoch: 'best' },
});

/** Compiled once a process, as every thread of a sweep has it. */
const module = loadKernelModule();

function ours(data: LoadedData, own: TrainingPlan): Epoch {
  const shared = allocate(data, [{ ...own, batchSize }], 1, 1);
  const { buffer } = shared.memory;
  const arena = place(arenaBlocks(own), shared.arenas[0] as number);
  const scratch = shared.scratchOn(0, { ...own, batchSize });
  const thread = {
    kernels: simdKernels(module, shared.memory),
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

function theirs(mnist: string): Epoch {
  const [seconds, accuracy] = peerSays('torch_adam.py', [mnist, String(epochs)]).split(' ');
  return { seconds: Number(seconds), accuracy: Number(accuracy) };
}

export interface AdamFigure {
  readonly name: string;
  readonly value: Spread;
  readonly unit: string;
}

/**
 * Adam beside plain descent and, where it is here, beside PyTorch; the first round does not count.
 * @param mnist the folder of its four files
 */
export async function adamFigures(rounds: number, mnist: string, hasTorch: boolean): Promise<AdamFigure[]> {
  const data = await loadData({
    ...{ source: 'mnist', pixels: '0-1', train: [0, 10_000], validation: [50_000, 60_000] },
  });
  const plan = planOf(data);
  const found = Array.from({ length: rounds + 1 }, () => ({
    adam: ours(data, plan),
    plain: ours(data, { ...plan, optimizer: plainDescent }),
    ...(hasTorch ? { torch: theirs(mnist) } : {}),
  })).slice(1);
  const figure = (name: string, unit: string, values: readonly number[]): AdamFigure => ({
    ...{ name, unit, value: spreadOf(values) },
  });
  const beside = found.flatMap(({ adam, torch }) => (torch === undefined ? [] : [{ adam, torch }]));
  const own = [
    figure(
      'adam, an epoch',
      's of CPU time',
      found.map(({ adam }) => adam.seconds),
    ),
    figure(
      'adam, validation accuracy',
      '',
      found.map(({ adam }) => adam.accuracy),
    ),
    figure(
      'plain descent, an epoch',
      's of CPU time',
      found.map(({ plain }) => plain.seconds),
    ),
  ];
  if (!hasTorch) return own;
  return [
    ...own,
    figure(
      'PyTorch adam, an epoch',
      's of CPU time',
      beside.map(({ torch }) => torch.seconds),
    ),
    figure(
      'PyTorch adam, validation accuracy',
      '',
      beside.map(({ torch }) => torch.accuracy),
    ),
    figure(
      'adam, speed against PyTorch',
      'x',
      beside.map(({ adam, torch }) => torch.seconds / adam.seconds),
    ),
  ];
}
