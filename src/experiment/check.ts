/** Checks a definition, tells all of its faults at once, each with its path, and fills in the defaults. */
import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { errors } from '../errors.ts';
import { rangeFaults, testRowsOf } from '../train/row-ranges.ts';
import { type Experiment, experimentJsonSchema, experimentShape } from './schema.ts';

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Returns the experiment with its defaults; `file` is named in the error.
 * @throws ERR_DEFINITION with every fault of the definition
 */
export function checkDefinition(definition: unknown, file: string): Experiment {
  const parsed = experimentShape.safeParse(definition);
  const across = isRecord(definition) ? faultsAcross(definition) : [];
  if (parsed.success && across.length === 0) return parsed.data;
  const within = (parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue)).map(sentence);
  throw errors.definition(file, [...within, ...across]);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Faults that show only when fields are looked at together; parts that are faulty by themselves are passed over. */
function faultsAcross(definition: Record<string, unknown>): string[] {
  const { data, space, training } = experimentShape.shape;
  const rows = data.safeParse(definition['data']).data;
  const batchSizes = space.safeParse(definition['space']).data?.batchSize ?? [];
  const { lambda = 0, penalty } = training.safeParse(definition['training']).data ?? {};
  const faults: string[] = [];
  if (rows !== undefined) {
    faults.push(...rangeFaults(rows, undefined, testRowsOf(rows)).map(({ message }) => message));
    const count = rows.train[1] - rows.train[0];
    for (const [index, batchSize] of batchSizes.entries()) {
      if (count < 1 || batchSize <= count) continue;
      const place = `space.batchSize[${index}]`;
      faults.push(
        `${place} must be a whole number from 1 to ${count} (the training rows), but got ${batchSize}.`,
      );
    }
    if (definition['final'] !== undefined && rows.test === undefined) {
      faults.push('data.test must name the test rows, for example [0, 10000]: there is a final training.');
    }
  }
  const model = definition['model'];
  if (definition['start'] !== undefined && isRecord(model) && model['initialWeights'] !== undefined) {
    faults.push('start.file and model.initialWeights both say how weights start: keep one of the two.');
  }
  if (lambda > 0 && penalty === 'none') {
    faults.push('training.lambda needs training.penalty "l1" or "l2", but that is "none".');
  }
  return faults;
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
  const nearest = closest(key, known);
  const near = distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 3);
  return near ? `; did you mean "${nearest}"?` : `; known keys here are ${known.join(', ')}`;
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
  const where = path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
  return `${where === '' ? 'the definition' : where} ${message}${message.endsWith('?') ? '' : '.'}`;
}
