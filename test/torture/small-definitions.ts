/** The definitions whose small sweeps are tortured: each takes a second or two, and each goes through other code. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chance } from '../fixtures/chance.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

export interface SmallSettings {
  readonly epochs: number;
  readonly learningRate: readonly number[];
  readonly batchSize: readonly number[];
}

/** Writes what the sweep reads into a folder, and returns its definition. */
export type Write = (folder: string) => object;

/** Some checkpoints a trial: the usual one takes two tenths of a second. */
const limits = { checkpointSeconds: 0.05 };
const space = { learningRate: [0.01, 0.1], batchSize: [16, 32] };

/** Pictures in IDX files and a tiny model: what a suite takes unless it says otherwise. */
export const usual =
  (settings: Partial<SmallSettings> = {}): Write =>
  (folder) => {
    const { epochs = 700, ...axes } = settings;
    return { ...pictures(folder), training: { epochs }, space: { ...space, ...axes }, final: { epochs } };
  };

function pictures(folder: string) {
  writeTinyIdx(join(folder, 'data'), { train: 160, test: 40, rows: 6, columns: 6 });
  return {
    name: 'small',
    data: { source: 'idx', folder: 'data', train: [0, 120], validation: [120, 160], test: [0, 40] },
    model: { hidden: [5] },
    limits,
  };
}

/** 120 rows of six columns; the class is told by the first two. */
function table(folder: string) {
  const random = chance(1);
  const rows = Array.from({ length: 120 }, () => {
    const cells = Array.from({ length: 6 }, () => random().toFixed(3));
    return [...cells, Number(cells[0]) + Number(cells[1]) > 1 ? '"large, as it were"' : 'small'].join();
  });
  writeFileSync(join(folder, 'table.csv'), ['a,b,c,d,e,f,class', ...rows, ''].join('\n'));
  const ranges = { train: [0, 80], validation: [80, 100], test: [100, 120] };
  return { source: 'csv', file: 'table.csv', label: 'class', shuffle: 1, ...ranges };
}

/** Besides the usual one, by name. `model` is the bestmodel.json of a usual sweep. */
export const others = (model: string): Readonly<Record<string, Write>> => ({
  'a CSV table': (folder) => ({ ...usual()(folder), data: table(folder) }),
  replicates: (folder) => ({
    ...usual({ batchSize: [32] })(folder),
    search: { metric: 'validationLoss', replicates: 2 },
  }),
  'weights from a file': (folder) => {
    copyFileSync(model, join(folder, 'start.json'));
    return { ...usual()(folder), start: { file: 'start.json' } };
  },
  'one that diverges': (folder) => ({
    ...usual({ learningRate: [1e35, 0.1] })(folder),
    training: { epochs: 700, penalty: 'l2', lambda: 1e-3 },
  }),
  'a larger model': (folder) => ({
    ...usual({ epochs: 100 })(folder),
    model: { hidden: [64, 32] },
  }),
  // Checkpoints of 2 MB, and none of them in time: each is due in the middle of a batch.
  'slow batches': (folder) => ({
    ...usual({ epochs: 4, batchSize: [120] })(folder),
    model: { hidden: [2_000, 200] },
  }),
});
