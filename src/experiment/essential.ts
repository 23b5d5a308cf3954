/**
 * What of a definition says which experiment it is: a setting at its default says nothing, so a schema that gains one
 * leaves every recorded definition and trial what it was.
 * Not here: hashes, and what decides no answer (sweep/identity.ts).
 */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { shapeOf as formOf, type NetworkForm, type ObjectiveForm } from './schema.ts';

/** Settings that the first stage's hashes hold at their defaults too. None is ever added. */
const always: ReadonlySet<string> = new Set([
  ...['seed', 'data.pixels', 'data.scaling', 'model.activation', 'model.initialWeights'],
  ...['training.reduction', 'training.rowOrder', 'training.penalty', 'training.lambda'],
  ...['search', 'search.method', 'search.metric', 'search.replicates', 'final.rows', 'final.start'],
]);

// A trial's key is asked for once a trial, of one and the same definition.
const known = new WeakMap<NetworkForm | ObjectiveForm, NetworkForm | ObjectiveForm>();

/** A definition without the settings that are at their defaults, but for those of the first stage. */
export function essential<Form extends NetworkForm | ObjectiveForm>(experiment: Form): Form {
  const before = known.get(experiment);
  if (before !== undefined) return before as Form;
  const found = withoutDefaults(experiment, formOf(experiment));
  known.set(experiment, found);
  return found;
}

/** The same by any schema. Keys that the schema does not know stay. */
export function withoutDefaults<Value>(value: Value, schema: z.core.$ZodType, path = ''): Value {
  const shape = shapeOf(schema, value);
  if (shape === undefined) return value;
  const kept = Object.entries(value as object).flatMap(([key, given]) => {
    const field = shape[key];
    const at = `${path}${key}`;
    if (field === undefined) return [[key, given]];
    const isDefault = isDeepStrictEqual(usualOf(field), given);
    return isDefault && !always.has(at) ? [] : [[key, withoutDefaults(given, field, `${at}.`)]];
  });
  return Object.fromEntries(kept) as Value;
}

const usual = new WeakMap<z.core.$ZodType, unknown>();

/** The default of a setting. It is asked for once a trial where trials have settings of their own. */
function usualOf(field: z.core.$ZodType): unknown {
  if (!usual.has(field)) usual.set(field, z.safeParse(field, undefined).data);
  return usual.get(field);
}

/** The keys of an object's schema, whatever that is wrapped in; undefined where `value` is no such object. */
function shapeOf(schema: z.core.$ZodType, value: unknown): z.core.$ZodLooseShape | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) {
    const option = schema.options.find((option) => z.safeParse(option, value).success);
    return option && shapeOf(option, value);
  }
  const inner = (schema._zod.def as { innerType?: z.core.$ZodType }).innerType;
  return inner && shapeOf(inner, value);
}
