/** How long one epoch of the paper's trials takes on one thread: training it, and measuring it. */
import paper from '../experiments/paper.ts';
import { loadData } from '../src/data/dataset.ts';
import { allocate } from '../src/execute/network/memory.ts';
import { checkDefinition } from '../src/experiment/check.ts';
import { loadKernelModule, simdKernels } from '../src/kernel/simd.ts';
import { arenaBlocks, control, controlWords, place } from '../src/train/arena.ts';
import { readyArena } from '../src/train/arena-state.ts';
import { blockMeasurer } from '../src/train/evaluate.ts';
import { initialParameters } from '../src/train/initial-weights.ts';
import { plainDescent } from '../src/train/optimizer.ts';
import { type TrainingPlan, train } from '../src/train/train.ts';
import type { EpochTime } from './busy.ts';

/** Trains each trial and measures its last snapshot again, for as many epochs: the median of three runs. */
export async function paperEpochTimes(epochs: number): Promise<EpochTime[]> {
  const data = await loadData(checkDefinition(paper, 'experiments/paper.ts').data);
  const sizes = [data.inputs, ...paper.model.hidden, data.classes];
  const module = loadKernelModule();
  return paper.space.learningRate.flatMap((learningRate) =>
    paper.space.batchSize.map((batchSize): EpochTime => {
      const plan: TrainingPlan = {
        ...{
          sizes,
          activation: 'sigmoid',
          output: 'sigmoid',
          epochs,
          reduction: 'sum',
          penalty: 'none',
          lambda: 0,
          optimizer: plainDescent,
          schedule: { kind: 'constant' },
          warmup: 0,
          dropout: 0,
          classWeights: undefined,
          patience: 0,
          rowOrder: 'shuffled',
          seed: 1,
          replicate: 0,
        },
        ...{ training: data.training, evaluation: data.validation, params: { learningRate, batchSize } },
        ...{ orderPurpose: 'row order', bestBy: 'validationAccuracy', modelEpoch: 'best' },
      };
      const shared = allocate(data, [{ ...plan, batchSize }], 1, 1);
      const { buffer } = shared.memory;
      const arena = place(arenaBlocks(plan), shared.arenas[0] as number);
      const scratch = shared.scratchOn(0, { ...plan, batchSize });
      const thread = { kernels: simdKernels(module, shared.memory), buffer, scratch, board: shared.board };
      const training = { ...plan, rows: shared.rows, naturalOrder: shared.naturalOrder, arena };
      const start = {
        from: 'weights',
        parameters: initialParameters(sizes, 'xavier-uniform', 1, 0),
      } as const;
      const measureBlocks = blockMeasurer(thread, training);
      const measureAll = () => {
        for (let epoch = 0; epoch < epochs; epoch++) {
          Atomics.store(controlWords(buffer, arena), control.nextBlock, 0);
          measureBlocks();
        }
      };
      const runs = Array.from({ length: 3 }, (): EpochTime => {
        readyArena(buffer, arena, plan, start);
        const whole = secondsOf(() => train(thread, training));
        const measure = secondsOf(measureAll);
        return { train: (whole - measure) / epochs, measure: measure / epochs };
      });
      // The first run of all pays for compiling, and any may be disturbed.
      return runs.toSorted((a, b) => a.train + a.measure - b.train - b.measure)[1] as EpochTime;
    }),
  );
}

function secondsOf(act: () => void): number {
  const started = performance.now();
  act();
  return (performance.now() - started) / 1000;
}
