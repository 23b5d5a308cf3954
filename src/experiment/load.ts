/** Reads an experiment's definition from a .ts, .js, .json, .yaml or .yml file, with overrides from the command line. */
import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDocument } from 'yaml';
import { errors } from '../errors.ts';
import { checkDefinition } from './check.ts';
import type { Experiment } from './schema.ts';

/** A definition larger than this is refused unread. */
const maxDefinitionBytes = 256 * 1024;

export interface LoadedExperiment {
  readonly experiment: Experiment;
  /** What the user should know, though it is no fault: values given twice on an axis. */
  readonly notes: readonly string[];
}

/**
 * Loads and checks the definition in `file`.
 * @param overrides `path=value` texts: `training.epochs=20`, `space.learningRate=0.01,0.1`
 * @throws ERR_DEFINITION_FILE where it cannot be read, ERR_OVERRIDE, ERR_DEFINITION with every fault
 */
export async function loadExperiment(
  file: string,
  overrides: readonly string[] = [],
): Promise<LoadedExperiment> {
  const definition = await readDefinition(file);
  for (const override of overrides) applyOverride(definition, override);
  return withoutDuplicates(checkDefinition(definition, file));
}

/** The axes without values given twice (0.1 and 1e-1 are one value), and a note for each that was. */
export function withoutDuplicates(experiment: Experiment): LoadedExperiment {
  const notes: string[] = [];
  const unique = (name: keyof Experiment['space']): number[] => {
    const values = [...new Set(experiment.space[name])];
    const twice = values.filter(
      (value) => experiment.space[name].filter((other) => other === value).length > 1,
    );
    for (const value of twice) notes.push(`space.${name} holds ${value} more than once; it is tried once.`);
    return values;
  };
  const space = { learningRate: unique('learningRate'), batchSize: unique('batchSize') };
  return { experiment: { ...experiment, space }, notes };
}

async function readDefinition(file: string): Promise<unknown> {
  const path = resolve(file);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw errors.definitionMissing(file);
  if (!stats.isFile()) throw errors.definitionFile(file, 'it is not a regular file');
  if (stats.size > maxDefinitionBytes) {
    throw errors.definitionFile(
      file,
      `it has ${stats.size} bytes, and at most ${maxDefinitionBytes} are read`,
    );
  }
  switch (extname(path)) {
    case '.ts':
    case '.mts':
    case '.js':
    case '.mjs':
      return importDefinition(file, path);
    case '.json':
    case '.yaml':
    case '.yml':
      return parseText(file, readFileSync(path, 'utf8'));
    default:
      throw errors.definitionFile(
        file,
        `its name ends in "${extname(path)}", not .ts, .js, .json, .yaml or .yml`,
      );
  }
}

async function importDefinition(file: string, path: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw errors.definitionFile(file, String(cause), cause);
  }
  if (module.default === undefined) {
    throw errors.definitionFile(
      file,
      'it has no default export: write `export default defineExperiment({ ... })`',
    );
  }
  return module.default;
}

/** YAML 1.2 core schema, of which JSON is a part: no tags, no merge keys, each key once, few aliases. */
function parseText(file: string, text: string): unknown {
  const document = parseDocument(text, {
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: true,
  });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) throw errors.definitionFile(file, fault.message, fault);
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch (cause) {
    throw errors.definitionFile(file, String(cause), cause);
  }
}

/** Sets one value by its path; where a list stands, or on an axis, `a,b` is a list of two. */
function applyOverride(definition: unknown, override: string): void {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(override) ?? [];
  if (path === undefined || text === undefined) throw errors.override(override, 'there is no "="');
  const keys = path.trim().split('.');
  const last = keys.pop() as string;
  let place = definition as Record<string, unknown>;
  for (const key of keys) {
    if (!Object.hasOwn(place, key)) place[key] = {};
    const inner = place[key];
    if (typeof inner !== 'object' || inner === null)
      throw errors.override(override, `"${key}" holds no keys`);
    place = inner as Record<string, unknown>;
  }
  if ([...keys, last].some((key) => key === '__proto__'))
    throw errors.override(override, '"__proto__" is no key');
  const wantsList = keys[0] === 'space' || Array.isArray(place[last]);
  const isFlow = /^\s*[[{]/.test(text);
  const document = parseDocument(wantsList && !isFlow ? `[${text}]` : text, { schema: 'core' });
  const fault = document.errors[0];
  if (fault !== undefined) throw errors.override(override, fault.message, fault);
  place[last] = document.toJS({ maxAliasCount: 0 });
}
