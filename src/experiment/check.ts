/** Checks a definition, tells all of its faults at once, each with its path, and fills in the defaults. */
import type { z } from 'zod';
import { errors, shown } from '../errors.ts';
import type { Metric } from '../metric.ts';
import type { SpaceDefinition } from '../space/definition.ts';
import { rangeFaults, testRowsOf } from '../train/row-ranges.ts';
import type { Params } from '../trial.ts';
import { completed } from './completed.ts';
import { nearest } from './nearest.ts';
import { answerFaults, outputFaults, publishedFaults, trainingFaults } from './network-faults.ts';
import {
  model as modelShape,
  needed,
  training as trainingShape,
  usualInitialWeights,
} from './network-settings.ts';
import { objectiveShape } from './objective-shape.ts';
import {
  type Experiment,
  jsonSchemaOf,
  type NetworkExperiment,
  networkShape,
  networkSpace,
  rangesShape,
  shapeOf,
} from './schema.ts';
import { pruneFaults, searchFaults } from './search-faults.ts';
import { axesOf, plainSpace, spaceFaults } from './space-faults.ts';
import { axisOfAny } from './space-shape.ts';
import { isAlwaysNamed, largestEpochs, settingPoints, settingsIn } from './trial-settings.ts';

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Returns the experiment with its defaults; `file` is named in the error, and `spoken` gives paths the names that whoever wrote
 * the definition knows.
 * @throws ERR_DEFINITION with every fault of the definition
 */
export function checkDefinition<Given extends { readonly data: unknown; readonly objective?: undefined }>(
  definition: Given,
  file: string,
  spoken?: Spoken,
): NetworkExperiment;
export function checkDefinition(definition: unknown, file: string, spoken?: Spoken): Experiment;
export function checkDefinition(given: unknown, file: string, spoken: Spoken = (fault) => fault): Experiment {
  const definition = isRecord(given) ? { ...given, space: plainSpace(given['space']) } : given;
  const shape = shapeOf(definition);
  const parsed = shape.safeParse(definition);
  const across = shape === networkShape ? faultsAcross : faultsAcrossObjective;
  const between: string[] = [];
  if (isRecord(definition)) {
    const ofSpace = faultsOfSpace(definition, shape);
    const isSpace = ofSpace.length === 0 && shape.shape.space.safeParse(definition['space']).success;
    between.push(...across(definition, isSpace), ...ofSpace, ...faultsOfSearch(definition, shape, isSpace));
  }
  if (parsed.success && between.length === 0) return completed(parsed.data);
  const within = (parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, shape)).map(sentence);
  throw errors.definition(file, [...within, ...between].map(spoken));
}

/** The faults of a value by a shape of another kind of file, each with its path. */
export const faultsIn = (shape: z.ZodType, value: unknown): string[] =>
  (shape.safeParse(value).error?.issues ?? []).flatMap((issue) => faultsOf(issue, shape)).map(sentence);

type Spoken = (fault: string) => string;

const isForm = (shape: z.ZodType): boolean => shape === networkShape || shape === objectiveShape;

type Part = Record<string, unknown>;

const isRecord = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Faults that show only when fields are looked at together; a field that is faulty by itself is passed over. */
function faultsAcross(definition: Record<string, unknown>, isSpace: boolean): string[] {
  const [data, space, training, model] = ['data', 'space', 'training', 'model'].map((name) => {
    const part = definition[name];
    return isRecord(part) ? part : {};
  }) as [Part, Part, Part, Part];
  const faults: string[] = [];
  const ranges = rangesShape.safeParse(data).data;
  if (ranges !== undefined) {
    const named = ranges.folds === undefined ? ranges : { ...ranges, validation: undefined };
    faults.push(...rangeFaults(named, undefined, testRowsOf(data)).map(({ message }) => message));
    const { train, folds = Number.POSITIVE_INFINITY } = ranges;
    const rows = train[1] - train[0];
    faults.push(...batchFaults(space['batchSize'], rows - Math.ceil(rows / folds)));
  }
  faults.push(...rowsFaults(data));
  const hasTest =
    data['test'] !== undefined || (isRecord(data['split']) && data['split']['test'] !== undefined);
  if (isRecord(definition['final']) && isRecord(definition['data']) && !hasTest) {
    faults.push('data.test must name the test rows, for example [0, 10000]: there is a final training.');
  }
  const { classes, classNames } = data;
  if (Array.isArray(classNames) && Number.isInteger(classes) && classes !== classNames.length) {
    faults.push(
      `data.classNames must have as many names as there are classes: data.classes is ${shown(classes)}, but there are ${classNames.length} names.`,
    );
  }
  // The default is no fault: a checked definition holds it, and is checked again when a recorded run is verified.
  const { initialWeights = usualInitialWeights } = model;
  if (definition['start'] !== undefined && initialWeights !== usualInitialWeights) {
    faults.push('start.file and model.initialWeights both say how weights start: keep one of the two.');
  }
  const points = isSpace ? settingPoints(space as SpaceDefinition) : [{}];
  faults.push(
    ...settingFaults(points, (own) =>
      trainingFaults({ ...training, ...own.training }, { ...model, ...own.model }),
    ),
  );
  faults.push(
    ...settingFaults(points, (own) => publishedFaults({ ...model, ...own.model }, definition['published'])),
  );
  const metric = isRecord(definition['search']) ? definition['search']['metric'] : undefined;
  faults.push(
    ...settingFaults(points, (own) =>
      outputFaults({ ...model, ...own.model }, { ...training, ...own.training }, data, metric),
    ),
    ...answerFaults(data),
  );
  return [
    ...faults,
    ...startFaults(definition, space, initialWeights),
    ...neededFaults(space, 'model', model, modelShape.shape.hidden),
    ...neededFaults(space, 'training', training, trainingShape.shape.epochs),
  ];
}

/** What has no default must be given, unless every trial has its own. */
function neededFaults(space: Part, group: keyof typeof needed, given: Part, shape: z.ZodOptional): string[] {
  const name = needed[group];
  if (given[name] !== undefined || isAlwaysNamed(name, space)) return [];
  const missing = (shape.unwrap() as z.ZodType).safeParse(undefined).error?.issues ?? [];
  const faults = missing.flatMap((issue) => faultsOf(issue, shape, [group, name])).map(sentence);
  if (space[name] === undefined) return faults;
  return faults.map((fault) => `${fault} Trials without space.${name} keep it.`);
}

/** Faults of settings in any trial of the search; where one is the space's, that is named. */
function settingFaults(
  points: readonly Params[],
  faultsOf: (own: ReturnType<typeof settingsIn>) => readonly string[],
): string[] {
  const told = points.flatMap((point) =>
    faultsOf(settingsIn(point)).map((fault) => {
      const spoken = Object.keys(point).reduce(
        (text, name) =>
          text.replaceAll(new RegExp(`\\b(?:model|training)\\.${name}\\b`, 'g'), `space.${name}`),
        fault,
      );
      return spoken === fault ? fault : `${spoken} Such trials can be kept out by a condition (when).`;
    }),
  );
  return [...new Set(told)];
}

/** Starting weights that are given are those of one network. */
function startFaults({ start }: Part, space: Part, initialWeights: unknown): string[] {
  const given =
    start !== undefined ? 'start.file' : isRecord(initialWeights) ? 'model.initialWeights' : undefined;
  const others = start === undefined ? ['hidden'] : ['hidden', 'initialWeights'];
  return others
    .filter((name) => given !== undefined && space[name] !== undefined)
    .map(
      (name) =>
        `${given} gives the weights of one network, so that space.${name} cannot be tried: take one of the two out.`,
    );
}

/** The same where there is an objective. */
function faultsAcrossObjective(definition: Record<string, unknown>): string[] {
  const { objective, metrics, limits, search, prune } = definition;
  const faults: string[] = [];
  const found = objectiveShape.shape.metrics.safeParse(metrics).data;
  const [first] = found ?? [];
  if (first?.goal === 'none') {
    faults.push(
      `the metric ${shown(first.name)} stands first and decides, so its goal must be "minimise" or "maximise", but is "none".`,
    );
  }
  const names = found?.map(({ name }) => name) ?? [];
  for (const name of new Set(names.filter((name, place) => names.indexOf(name) !== place))) {
    faults.push(`metrics must name each metric once, but names ${shown(name)} more than once.`);
  }
  faults.push(...frontFaults(search, prune, found ?? []));
  if (isRecord(objective) && 'command' in objective && isRecord(limits) && limits['memoryMb'] !== undefined) {
    faults.push(
      "limits.memoryMb bounds the thread of a function, and a command has a process of its own: take it out, or bound the process itself (command: [sh, -c, 'ulimit -v 1000000; exec ...']).",
    );
  }
  return faults;
}

/** What is wrong with a space as a whole. */
function faultsOfSpace({ space }: Part, shape: ReturnType<typeof shapeOf>): string[] {
  if (!isRecord(space)) return [];
  const axes = axesOf(space, (name) => (shape === networkShape ? networkSpace[name] : axisOfAny));
  return spaceFaults(axes, Object.keys(space));
}

/** Of a search by several metrics. */
function frontFaults(search: unknown, prune: unknown, metrics: readonly Metric[]): string[] {
  const { metrics: named, method } = objectiveShape.shape.search.safeParse(search).data ?? {};
  if (named === undefined) return [];
  const faults = named.flatMap((name, place) => {
    const goal = metrics.find((metric) => metric.name === name)?.goal;
    if (named.indexOf(name) < place) return [`search.metrics[${place}] names ${shown(name)} a second time.`];
    if (goal === 'minimise' || goal === 'maximise') return [];
    const what = goal === undefined ? 'is none of the metrics' : 'has the goal "none"';
    return [
      `search.metrics[${place}] must be a metric with the goal "minimise" or "maximise", but ${shown(name)} ${what}.`,
    ];
  });
  if (method === 'cma-es')
    faults.push('search.metrics is not for "cma-es", which follows one metric: choose "tpe".');
  if (isRecord(prune) && prune['method'] !== 'none')
    faults.push(
      'prune needs one metric to judge by, but search.metrics names several: take one of the two out.',
    );
  return faults;
}

/** What shows only where search, prune and space are looked at together; one that is faulty by itself is passed over. */
function faultsOfSearch(definition: Part, { shape }: ReturnType<typeof shapeOf>, isSpace: boolean): string[] {
  const search = shape.search.safeParse(definition['search']).data;
  const space = isSpace ? shape.space.safeParse(definition['space']).data : undefined;
  const prune = shape.prune.safeParse(definition['prune']).data;
  const training = trainingShape.safeParse(definition['training'] ?? {}).data;
  const epochs =
    space === undefined || training === undefined
      ? training?.epochs
      : largestEpochs({ space, training } as Pick<NetworkExperiment, 'space' | 'training'>);
  return [
    ...(search === undefined || space === undefined ? [] : searchFaults(search, space)),
    ...(prune === undefined ? [] : pruneFaults(prune, epochs)),
  ];
}

/** Rows are named by ranges or, of a table, by a split; those to choose by there or by folds. */
function rowsFaults({ source, split, folds, testFile, ...data }: Part): string[] {
  const isTable = source === 'csv' || source === 'arrays';
  if (!isTable && source !== 'mnist' && source !== 'idx') return [];
  const faults: string[] = [];
  const missing = (field: string, example: string) =>
    faults.push(`data.${field} must be ${example}, but it is missing.`);
  const holder = isTable && isRecord(split) ? 'split.validation' : 'validation';
  const given = holder === 'validation' ? data['validation'] : (split as Part)['validation'];
  if (folds !== undefined && given !== undefined) {
    faults.push(`data.folds says which rows are chosen by: take data.${holder} out, or data.folds.`);
  }
  if (!isTable || split === undefined) {
    const range = 'a pair of rows [from, to), for example [0, 3000]';
    if (isTable && data['train'] === undefined) missing('train', range);
    if (given === undefined && folds === undefined) missing('validation', range);
    return faults;
  }
  for (const field of ['train', 'validation', 'test', 'shuffle']) {
    if (data[field] === undefined || (field === 'test' && testFile !== undefined)) continue;
    faults.push(`data.split says which rows are for what: take data.${field} out, or data.split.`);
  }
  if (!isRecord(split)) return faults;
  if (given === undefined && folds === undefined) missing(holder, 'a share of the rows, for example 0.2');
  if (split['test'] !== undefined && testFile !== undefined) {
    faults.push(
      'data.split.test takes test rows from data.file, and there is a data.testFile: take one of the two out.',
    );
  }
  return faults;
}

function batchFaults(axis: unknown, trainingRows: number): string[] {
  if (trainingRows < 1) return [];
  const given = { '': axis, ...(isRecord(axis) ? { '.choice': axis['choice'], '.int': axis['int'] } : {}) };
  return Object.entries(given).flatMap(([key, values]) =>
    (Array.isArray(values) ? values : []).flatMap((batchSize: unknown, index) =>
      Number.isInteger(batchSize) && (batchSize as number) > trainingRows
        ? `space.batchSize${key}[${index}] must be a whole number from 1 to ${trainingRows} (the training rows), but got ${batchSize}.`
        : [],
    ),
  );
}

/** What zod found, in our words: a suggestion for an unknown key, the innermost fault of a union. */
function faultsOf(issue: z.core.$ZodIssue, shape: z.ZodType, base: readonly PropertyKey[] = []): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path);
    const other = [networkShape, objectiveShape].find((form) => form !== shape);
    const others = isForm(shape) && other !== undefined ? keysAt(other, path) : [];
    const isForeign = (key: string) =>
      others.includes(key) && ['', 'search', 'limits'].includes(path.join('.'));
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: isForeign(key) ? foreign(shape) : `is not a known key${suggestion(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    // Of the branches that got into the value, the one with the fewest faults is the one its author meant.
    const [meant] = issue.errors
      .filter((branch) => branch.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'))
      .map((branch) => branch.flatMap((inner) => faultsOf(inner, shape, path)))
      .sort((one, other) => one.length - other.length);
    // A key that is only misspelt says nothing of the branch, so nothing of what that branch would need.
    const misspelt = meant?.filter(({ message }) => message.endsWith('?')) ?? [];
    if (meant !== undefined) return misspelt.length > 0 ? misspelt : meant;
  }
  return [{ path, message: issue.message.replace(/but got undefined$/, 'but it is missing') }];
}

/** Why a key of the other form has no place in this one. */
const foreign = (shape: z.ZodType): string =>
  shape === networkShape
    ? 'needs an objective of your own, and there is none: the built-in network is trained'
    : 'belongs to the built-in network, and there is an objective: take one of the two out';

function suggestion(key: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  if (known.includes(key)) return ' beside the others here';
  const meant = nearest(key, known);
  return meant === undefined ? `; known keys here are ${known.join(', ')}` : `; did you mean "${meant}"?`;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** The keys that a form of the schema knows at a path. */
function keysAt(shape: z.ZodType, path: readonly PropertyKey[]): string[] {
  let places: JsonSchema[] = [jsonSchemaOf(shape) as JsonSchema];
  const opened = (place: JsonSchema): JsonSchema[] => [place, ...(place.oneOf ?? []), ...(place.anyOf ?? [])];
  for (const step of path) {
    places = places
      .flatMap(opened)
      .map((place) =>
        typeof step === 'number'
          ? place.items
          : (place.properties?.[String(step)] ?? place.additionalProperties),
      )
      .filter((place) => typeof place === 'object');
  }
  const keys = places.flatMap(opened).flatMap((place) => Object.keys(place.properties ?? {}));
  return [...new Set(keys)].filter((key) => !key.startsWith('$'));
}

/** `space.batchSize[1] must be ..., but got 5000.` */
function sentence({ path, message }: Fault): string {
  const where = path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    // Anything can be a key in YAML, control characters too.
    const key = /^[\w$-]+$/.test(String(step)) ? String(step) : shown(String(step));
    return text === '' ? key : `${text}.${key}`;
  }, '');
  return `${where === '' ? 'the definition' : where} ${message}${message.endsWith('?') ? '' : '.'}`;
}
