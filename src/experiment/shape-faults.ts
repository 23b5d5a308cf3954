/**
 * What is wrong with a value by its shape, in our words: a path, what is allowed, what came, and the name that was meant.
 * Not here: faults that show only where keys are looked at together.
 */
import type * as z from 'zod';
import { shown } from '../errors.ts';
import { meantElsewhere, meantInParameter } from './foreign-keys.ts';
import { nearest } from './nearest.ts';
import { forms, jsonSchemaOf } from './schema.ts';

export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of a key that is not known: the one that was probably meant. */
  readonly meant?: string;
}

/** The faults of a value by a shape of another kind of file, each with its path. */
export const faultsIn = (shape: z.ZodType, value: unknown): string[] =>
  (shape.safeParse(value).error?.issues ?? []).flatMap((issue) => faultsOf(issue, shape)).map(sentence);

const formNamed = (shape: z.ZodType) =>
  (['network', 'objective'] as const).find((name) => forms[name]() === shape);

/** What zod found, in our words: a suggestion for an unknown key, the innermost fault of a union. */
export function faultsOf(
  issue: z.core.$ZodIssue,
  shape: z.ZodType,
  base: readonly PropertyKey[] = [],
): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path);
    const other = [forms.network(), forms.objective()].find((form) => form !== shape);
    const others = formNamed(shape) !== undefined && other !== undefined ? keysAt(other, path) : [];
    const isForeign = (key: string) =>
      others.includes(key) && ['', 'search', 'limits', 'final'].includes(path.join('.'));
    const isNearTop = path.length < 2;
    const surroundings = {
      known,
      others: path.length === 0 ? others : [],
      places: isNearTop ? placesIn(shape) : new Map<string, string>(),
      form: isNearTop ? formNamed(shape) : undefined,
      isParameter: path.length === 2 && path[0] === 'space',
    };
    return issue.keys.map((key) => ({
      path: [...path, key],
      ...(isForeign(key) ? { message: foreign(shape, key) } : unknown(key, surroundings)),
    }));
  }
  if (issue.code === 'invalid_union') {
    // Of the branches that got into the value, the one with the fewest faults is the one its author meant.
    const [meant] = issue.errors
      .filter((branch) => branch.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'))
      .map((branch) => branch.flatMap((inner) => faultsOf(inner, shape, path)))
      .sort((one, other) => one.length - other.length);
    // A key that no branch knows says nothing of which is meant, so nothing of what that one would need.
    const isUnknown = meant?.some(({ message }) => message.startsWith(unknownKey));
    if (meant !== undefined)
      return isUnknown ? meant.filter(({ message }) => !message.endsWith('but it is missing')) : meant;
  }
  return [{ path, message: issue.message.replace(/but got undefined$/, 'but it is missing') }];
}

const unknownKey = 'is not a known key';

/** Why a key of the other form has no place in this one. */
function foreign(shape: z.ZodType, key: string): string {
  if (shape === forms.network())
    return 'needs an objective of your own, and there is none: the built-in network is trained';
  return key === 'metric'
    ? 'belongs to the built-in network; with an objective the first of "metrics" decides'
    : 'belongs to the built-in network, and there is an objective: take one of the two out';
}

interface Surroundings {
  readonly known: readonly string[];
  /** What the other form has there: which of the two is meant may hang on this key. */
  readonly others: readonly string[];
  /** Where else in a definition a key can stand. */
  readonly places: ReadonlyMap<string, string>;
  /** Whether the names of other tools are known here, and of which form. */
  readonly form: keyof typeof forms | undefined;
  readonly isParameter: boolean;
}

function unknown(
  key: string,
  { known, others, places, form, isParameter }: Surroundings,
): Omit<Fault, 'path'> {
  if (known.length === 0) return { message: unknownKey };
  if (known.includes(key)) return { message: `${unknownKey} beside the others here` };
  // Before what is near: `min` is no slip of `int`.
  const place = places.get(key) ?? (isParameter ? meantInParameter(key) : undefined);
  if (place !== undefined) return { message: `${unknownKey}; did you mean ${place}?` };
  const meant = nearest(key, [...known, ...others]);
  if (meant !== undefined) return { message: `${unknownKey}; did you mean "${meant}"?`, meant };
  const elsewhere = form && meantElsewhere(key, form);
  if (elsewhere !== undefined) return { message: `${unknownKey}; did you mean ${elsewhere}?` };
  return { message: `${unknownKey}; known keys here are ${known.join(', ')}` };
}

/** The groups of a definition, those that say what a trial is before the others. */
const groups = ['model', 'training', 'data', 'search', 'prune', 'limits', 'final', 'space'] as const;

/** Where a definition has which key: `"seed" at the top`, `"search.trials"`. */
function placesIn(shape: z.ZodType): ReadonlyMap<string, string> {
  const inGroups = groups.map((group) =>
    keysAt(shape, [group]).map((key) => [key, `"${group}.${key}"`] as const),
  );
  const atTop = keysAt(shape, []).map((key) => [key, `"${key}" at the top`] as const);
  // The top counts before the groups, and an earlier one of these before a later.
  return new Map([...inGroups.toReversed().flat(), ...atTop]);
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
export function sentence({ path, message }: Fault): string {
  const where = path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    // Anything can be a key in YAML, control characters too.
    const key = /^[\w$-]+$/.test(String(step)) ? String(step) : shown(String(step));
    return text === '' ? key : `${text}.${key}`;
  }, '');
  return `${where === '' ? 'the definition' : where} ${message}${message.endsWith('?') ? '' : '.'}`;
}
