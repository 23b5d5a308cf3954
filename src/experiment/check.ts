/** Checks a definition, tells all of its faults at once, each with its path, and fills in the defaults. */
import type { z } from 'zod';
import { errors, shown } from '../errors.ts';
import { rangeFaults, testRowsOf } from '../train/row-ranges.ts';
import { nearest } from './nearest.ts';
import {
  type Experiment,
  experimentJsonSchema,
  experimentShape,
  rangesShape,
  usualInitialWeights,
} from './schema.ts';

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Returns the experiment with its defaults; `file` is named in the error, and `spoken` gives paths the names that whoever wrote
 * the definition knows.
 * @throws ERR_DEFINITION with every fault of the definition
 */
export function checkDefinition(
  definition: unknown,
  file: string,
  spoken: (fault: string) => string = (fault) => fault,
): Experiment {
  const parsed = experimentShape.safeParse(definition);
  const across = isRecord(definition) ? faultsAcross(definition) : [];
  if (parsed.success && across.length === 0) return parsed.data;
  const within = (parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue)).map(sentence);
  throw errors.definition(file, [...within, ...across].map(spoken));
}

type Part = Record<string, unknown>;

const isRecord = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Faults that show only when fields are looked at together; a field that is faulty by itself is passed over. */
function faultsAcross(definition: Record<string, unknown>): string[] {
  const [data, space, training, model] = ['data', 'space', 'training', 'model'].map((name) => {
    const part = definition[name];
    return isRecord(part) ? part : {};
  }) as [Part, Part, Part, Part];
  const faults: string[] = [];
  const ranges = rangesShape.safeParse(data).data;
  if (ranges !== undefined) {
    faults.push(...rangeFaults(ranges, undefined, testRowsOf(data)).map(({ message }) => message));
    faults.push(...batchFaults(space['batchSize'], ranges.train[1] - ranges.train[0]));
    if (isRecord(definition['final']) && ranges.test === undefined) {
      faults.push('data.test must name the test rows, for example [0, 10000]: there is a final training.');
    }
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
  if (Number(training['lambda']) > 0 && (training['penalty'] ?? 'none') === 'none') {
    faults.push('training.lambda needs training.penalty "l1" or "l2", but that is "none".');
  }
  return faults;
}

function batchFaults(batchSizes: unknown, trainingRows: number): string[] {
  if (!Array.isArray(batchSizes) || trainingRows < 1) return [];
  return batchSizes.flatMap((batchSize: unknown, index) =>
    Number.isInteger(batchSize) && (batchSize as number) > trainingRows
      ? `space.batchSize[${index}] must be a whole number from 1 to ${trainingRows} (the training rows), but got ${batchSize}.`
      : [],
  );
}

/** What zod found, in our words: a suggestion for an unknown key, the innermost fault of a union. */
function faultsOf(issue: z.core.$ZodIssue, base: readonly PropertyKey[] = []): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not a known key${suggestion(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest into the value is the one its author meant.
    const meant = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0));
    if (meant !== undefined) return meant.flatMap((inner) => faultsOf(inner, path));
  }
  return [{ path, message: issue.message.replace(/but got undefined$/, 'but it is missing') }];
}

function suggestion(key: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const meant = nearest(key, known);
  return meant === undefined ? `; known keys here are ${known.join(', ')}` : `; did you mean "${meant}"?`;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let places: JsonSchema[] = [experimentJsonSchema() as JsonSchema];
  const opened = (place: JsonSchema): JsonSchema[] => [place, ...(place.oneOf ?? []), ...(place.anyOf ?? [])];
  for (const step of path) {
    places = places
      .flatMap(opened)
      .map((place) => (typeof step === 'number' ? place.items : place.properties?.[String(step)]))
      .filter((place) => place !== undefined);
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
