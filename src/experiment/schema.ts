/**
 * The one schema of an experiment's definition: TypeScript, YAML and JSON files, defaults and the editors' JSON Schema.
 * Not here: reading files, or anything that needs the data set itself.
 */
import * as z from 'zod';
import { type NetworkMetric, networkMetricNames } from '../metric.ts';
import type { SpaceDefinition, WrittenAxis, WrittenSpace } from '../space/definition.ts';
import { bounding, heading, limitsDescription } from './common-shape.ts';
import { data, dataOf, sourceIn } from './data-shape.ts';
import { limits } from './limits.ts';
import { type ModelSettings, model, type TrainingSettings, training } from './network-settings.ts';
import { objectiveShape } from './objective-shape.ts';
import { pruning } from './prune-shape.ts';
import { replicates, type SearchMethod, searching } from './search-shape.ts';
import {
  between,
  filePath,
  group,
  isRecord,
  later,
  oneOf,
  positive,
  ranged,
  sha256Text,
  whole,
} from './shapes.ts';
import { axisOfValues } from './space-shape.ts';
import { settingAxes } from './trial-settings.ts';

const start = group({
  file: filePath('a model').describe('bestmodel.json or .safetensors, relative to the definition.'),
  sha256: sha256Text()
    .optional()
    .describe("What the SHA-256 of the file's weights must be; a run records what it was."),
}).describe('Trained weights that every trial starts from, in place of model.initialWeights.');

/** check.ts holds it against the training rows themselves. */
const batchSize = () =>
  ranged(z.int, 1, limits.rows.max, 'be a whole number from 1 to the number of training rows');

/** The parameters that a space of the network may have: two that it must, and any setting. */
export const networkSpace: Readonly<Record<string, () => z.ZodType>> = {
  learningRate: later(() => axisOfValues(positive(), 'learning rates').describe('Learning rates to try.')),
  batchSize: later(() =>
    axisOfValues(batchSize(), 'batch sizes').describe(
      'Rows of a mini-batch to try, up to the number of training rows.',
    ),
  ),
  ...settingAxes,
};

const inEverySpace = ['learningRate', 'batchSize'];

/** @param names of the parameters that it may have beside the two that it must */
function spaceWith(names: readonly string[]): z.ZodType<SpaceDefinition, NetworkSpace> {
  const axes = Object.entries(networkSpace).flatMap(([name, axis]) =>
    inEverySpace.includes(name) || names.includes(name) ? [[name, axis()] as const] : [],
  );
  const shape: unknown = group(Object.fromEntries(axes)).describe('What is tried.');
  return shape as z.ZodType<SpaceDefinition, NetworkSpace>;
}

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

const fraction = () => between({ min: 0, max: 1 }).optional();

const published = group({
  validationAccuracy: fraction().describe('From 0 to 1.'),
  testAccuracy: fraction().describe('From 0 to 1.'),
});

const search = later(() =>
  group({
    ...searching,
    metric: oneOf(...networkMetricNames)
      .optional()
      .describe(
        'What makes an epoch the best of its trial, and a combination the winner: validationAccuracy (if absent) or validationLoss of classes, validationRmse (if absent) or validationR2 where model.output is linear.',
      ),
    replicates,
  }),
);

const networkWith = (rows: ReturnType<typeof data>, space: ReturnType<typeof spaceWith>) =>
  group({
    ...heading,
    data: rows.describe('The rows: where they are, and which are for what.'),
    model: model.prefault({}),
    start: start.optional(),
    training: training.prefault({}),
    space,
    search: search().prefault({}).describe('How the space is searched, and what decides.'),
    prune: pruning,
    published: published
      .optional()
      .describe('Figures published elsewhere for this experiment, printed beside ours.'),
    final: final
      .optional()
      .describe('The final training: train the winner on, and measure on the test rows.'),
    limits: group(bounding).prefault({}).describe(limitsDescription),
  });

/** The definition of an experiment that trains the network, field by field; check.ts adds what shows only across fields. */
export const networkShape = later(() => networkWith(data(), spaceWith(Object.keys(networkSpace))));

const touched = new Map<string, ReturnType<typeof networkShape>>();

/** The same for one definition, right or wrong: without the sources of rows and the settings in a space that it does not name. */
function networkShapeOf(definition: unknown): ReturnType<typeof networkShape> {
  const { data: rows, space } = isRecord(definition) ? definition : {};
  const names = Object.keys(settingAxes).filter((name) => isRecord(space) && name in space);
  const which = [sourceIn(rows), ...names].join(' ');
  const shape = touched.get(which) ?? networkWith(dataOf(rows), spaceWith(names));
  touched.set(which, shape);
  return shape;
}

/** A definition of networks as people write it. */
export type NetworkInput = z.input<ReturnType<typeof networkShape>> & { readonly objective?: undefined };
/** A definition with an objective of one's own, as people write it. */
export type ObjectiveInput = z.input<ReturnType<typeof objectiveShape>>;
/** A definition as people write it, of either form. */
export type ExperimentInput = NetworkInput | ObjectiveInput;

/** A definition as the schema knows it: without the defaults that follow from other keys (completed.ts). */
export type NetworkForm = z.output<ReturnType<typeof networkShape>> & { readonly objective?: undefined };
export type ObjectiveForm = z.output<ReturnType<typeof objectiveShape>>;

type Completed<Form extends { search: object }> = Omit<Form, 'search'> & {
  search: Form['search'] & { method: SearchMethod };
};

/** A checked definition of networks, its defaults filled in. What is tried tells the two forms apart: the network where there is no objective. */
export type NetworkExperiment = Omit<Completed<NetworkForm>, 'model' | 'training' | 'search'> & {
  search: Completed<NetworkForm>['search'] & { metric: NetworkMetric };
  model: ModelSettings;
  training: TrainingSettings;
};
/** A checked definition with an objective of one's own, its defaults filled in. */
export type ObjectiveExperiment = Completed<ObjectiveForm>;
/** A checked definition of either form, its defaults filled in. */
export type Experiment = NetworkExperiment | ObjectiveExperiment;

/** Both forms of a definition, whole. */
export const forms = { network: networkShape, objective: objectiveShape } as const;

export const eitherForm = () => z.union([networkShape(), objectiveShape()]);

/** The form that a definition is meant to have, right or wrong. */
export function formOf(definition: unknown): keyof typeof forms {
  if (!isRecord(definition)) return 'network';
  if ('objective' in definition) return 'objective';
  return 'metrics' in definition && !hasNetworkKeys(definition) ? 'objective' : 'network';
}

/** Whether it has no key that says which form is meant. */
export const isOfNoForm = (definition: unknown): boolean =>
  isRecord(definition) &&
  !hasNetworkKeys(definition) &&
  ['objective', 'metrics', 'start', 'published'].every((key) => !(key in definition));

const hasNetworkKeys = (definition: object): boolean =>
  ['data', 'model', 'training'].some((key) => key in definition);

/** The shape of that form as far as the definition touches it: to build all of it takes longer than to check by it. */
export const shapeOf = (definition: unknown) =>
  formOf(definition) === 'objective' ? objectiveShape() : networkShapeOf(definition);

/** The JSON Schema of definitions, for editors (draft 2020-12). */
export function experimentJsonSchema(): object {
  return { title: 'coresweep experiment', ...jsonSchemaOf(eitherForm()) };
}

export const jsonSchemaOf = (shape: z.ZodType): object =>
  z.toJSONSchema(shape, {
    io: 'input',
    // readonly() is a matter of types here; editors would take readOnly for "do not write this key".
    override: ({ jsonSchema }) => delete jsonSchema.readOnly,
  });
