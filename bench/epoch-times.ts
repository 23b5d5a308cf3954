/** How long one epoch of the paper's trials takes on one thread: training it, and measuring it. */
import paper from '../experiments/paper.ts';
import { loadData } from '../src/data/dataset.ts';
import { checkDefinition } from '../src/experiment/check.ts';
import { loadKernelModule, simdKernels } from '../src/kernel/simd.ts';
import { allocate } from '../src/pool/memory.ts';
import { arenaBlocks, control, controlWords, place, scratchBlocks } from '../src/train/arena.ts';
import { readyArena } from '../src/train/arena-state.ts';
import { measureBlocks } from '../src/train/evaluate.ts';
import { initialParameters } from '../src/train/initial-weights.ts';
import { type TrainingPlan, train } from '../src/train/train.ts';
import type { EpochTime } from './busy.ts';

/** Trains one trial for each batch size and measures its last snapshot again, for as many epochs. */
export async function paperEpochTimes(epochs: number): Promise<EpochTime[]> {
  const data = await loadData(checkDefinition(paper, 'experiments/paper.ts').data);
  const sizes = [data.inputs, ...paper.model.hidden, data.classes];
  const module = loadKernelModule();
  return paper.space.learningRate.flatMap((learningRate) =>
    paper.space.batchSize.map((batchSize): EpochTime => {
      const plan: TrainingPlan = {
        ...{
          sizes,
          epochs,
          reduction: 'sum',
          penalty: 'none',
          lambda: 0,
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
      const scratchShape = { sizes, batchSize, trainingRows: data.training.to };
      const scratch = place(scratchBlocks(scratchShape), shared.scratches[0] as number);
      const thread = { kernels: simdKernels(module, shared.memory), buffer, scratch, board: shared.board };
      const training = { ...plan, rows: shared.rows, naturalOrder: shared.naturalOrder, arena };
      const parameters = initialParameters(sizes, 'xavier-uniform', 1, 0);
      readyArena(buffer, arena, plan, { from: 'weights', parameters });
      const whole = secondsOf(() => train(thread, training));
      const measure = secondsOf(() => {
        for (let epoch = 0; epoch < epochs; epoch++) {
          Atomics.store(controlWords(buffer, arena), control.nextBlock, 0);
          measureBlocks(thread, training);
        }
      });
      return { train: (whole - measure) / epochs, measure: measure / epochs };
    }),
  );
}

function secondsOf(act: () => void): number {
  const started = performance.now();
  act();
  return (performance.now() - started) / 1000;
}
