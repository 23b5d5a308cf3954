/** One shared memory for everything: the data set once, a slot for each trial that can run, a scratch for each thread. */
import type { LoadedData } from '../../data/dataset.ts';
import { pixelRoomBytes } from '../../data/pixel-rows.ts';
import { dataBytes, formOf, layOut, sharedPictures, writeRows } from '../../data/placement.ts';
import { errors } from '../../errors.ts';
import type { Address } from '../../kernel/layout.ts';
import {
  arenaBlocks,
  board,
  place,
  type Scratch,
  type ScratchShape,
  scratchBlocks,
} from '../../train/arena.ts';
import type { RowsInMemory } from '../../train/model.ts';
import type { TrainingPlan } from '../../train/train.ts';

const pageBytes = 65_536;
/** What 32-bit WebAssembly can address. */
const maxPages = 65_536;

/** The part of a plan that decides how much memory its training takes. */
export type PlanShape = Pick<
  TrainingPlan,
  'sizes' | 'optimizer' | 'dropout' | 'training' | 'evaluation' | 'epochs'
> & {
  /** The largest batch size that will be trained with. */
  readonly batchSize: number;
};

export const shapeOf = (plan: TrainingPlan): PlanShape => ({ ...plan, batchSize: plan.params.batchSize });

export interface SharedMemory {
  readonly memory: WebAssembly.Memory;
  /** int32: the words that all threads share. */
  readonly board: Int32Array;
  readonly rows: RowsInMemory;
  /** uint32: 0, 1, 2, ... for every row. */
  readonly naturalOrder: Address;
  /** Where the arena of each trial under way starts; arenas of every given shape fit. */
  readonly arenas: readonly Address[];
  /** Where the scratch of each thread starts, which has room to write rows too. */
  readonly scratches: readonly Address[];
  /** The scratch of a thread as a training of this shape divides it. */
  scratchOn(seat: number, shape: PlanShape): Scratch;
  /** Whether a training fits, so that it cannot write into its neighbours. */
  fits(shape: PlanShape): boolean;
}

const arenaBytesOf = (shape: PlanShape): number => place(arenaBlocks(shape), 0).end;
const scratchOf = (
  { sizes, training, batchSize, dropout }: PlanShape,
  form: ScratchShape['form'],
  address: Address,
): Scratch =>
  place(
    scratchBlocks({ sizes, batchSize, dropout, trainingRows: training.to - training.from, form }),
    address,
  );

/**
 * Allocates the memory for `trials` under way on `threads` threads, and writes the data set into it.
 * @param leavesPictures rows that sharedPictures() tells are left for the threads to write
 * @throws ERR_MEMORY with the sum, where it would not fit into 4 GiB
 */
export function allocate(
  data: LoadedData,
  shapes: readonly PlanShape[],
  threads: number,
  trials: number,
  leavesPictures = false,
): SharedMemory {
  const orderBytes = 4 * data.labels.length;
  const form = formOf(data);
  const arenaBytes = Math.max(...shapes.map(arenaBytesOf));
  const scratchBytes = Math.max(
    roundUp(pixelRoomBytes),
    ...shapes.map((shape) => scratchOf(shape, form, 0).end),
  );
  // The first cache line stays empty, so that no block has address 0; the board has the second to itself.
  const boardAddress = 64;
  const dataAddress = 128;
  const naturalOrder = roundUp(dataAddress + dataBytes(data));
  const firstArena = roundUp(naturalOrder + orderBytes);
  const firstScratch = firstArena + trials * arenaBytes;
  const bytes = firstScratch + threads * scratchBytes;
  const pages = Math.ceil(bytes / pageBytes);
  const parts = { data: firstArena, arena: arenaBytes, scratch: scratchBytes, threads, trials };
  if (pages > maxPages) throw errors.memory(bytes, parts);

  // Sized once: growing would leave every thread with a view of the old length.
  const memory = sharedMemory(pages, parts);
  const rows = layOut(data, memory.buffer, dataAddress);
  if (!leavesPictures || sharedPictures(data) === undefined) writeRows(data, rows, memory, firstScratch);
  const order = new Uint32Array(memory.buffer, naturalOrder, data.labels.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  const places = (count: number, first: Address, bytes: number) =>
    Array.from({ length: count }, (_, index) => first + index * bytes);
  return {
    memory,
    board: new Int32Array(memory.buffer, boardAddress, Object.keys(board).length),
    rows,
    naturalOrder,
    arenas: places(trials, firstArena, arenaBytes),
    scratches: places(threads, firstScratch, scratchBytes),
    scratchOn: (seat, shape) => scratchOf(shape, form, firstScratch + seat * scratchBytes),
    fits: (shape) => arenaBytesOf(shape) <= arenaBytes && scratchOf(shape, form, 0).end <= scratchBytes,
  };
}

function sharedMemory(pages: number, parts: Parameters<typeof errors.memory>[1]): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    // This machine, or a limit set on this process, has less to give.
    throw errors.memory(pages * pageBytes, parts, cause);
  }
}

const roundUp = (address: Address): Address => Math.ceil(address / 64) * 64;
