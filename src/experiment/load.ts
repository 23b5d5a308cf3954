/** Reads an experiment's definition from a .ts, .js, .json, .yaml or .yml file, with overrides from the command line. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, parse, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errors, shown } from '../errors.ts';
import { moduleRemedy, placeOfFault } from '../files/place-of-fault.ts';
import { parameterOf } from '../space/definition.ts';
import { identityOf } from '../space/value-identity.ts';
import type { Value } from '../trial.ts';
import { checkDefinition } from './check.ts';
import type { RefuseText } from './parse.ts';
import type { Experiment } from './schema.ts';
import { isRecord } from './shapes.ts';

/** A definition larger than this is refused unread. */
const maxDefinitionBytes = 256 * 1024;

export interface LoadedExperiment<Form extends Experiment = Experiment> {
  readonly experiment: Form;
  /** What the user should know, though it is no fault: values given twice on an axis. */
  readonly notes: readonly string[];
}

/**
 * Loads and checks the definition in `file`.
 * @param overrides `path=value` texts: `training.epochs=20`, `space.learningRate=0.01,0.1`
 * @param prepared what is done to a definition before it is checked
 * @throws ERR_DEFINITION_FILE where it cannot be read, ERR_OVERRIDE, ERR_DEFINITION with every fault
 */
export async function loadExperiment(
  file: string,
  overrides: readonly string[] = [],
  prepared: (definition: unknown) => unknown = (definition) => definition,
): Promise<LoadedExperiment> {
  const { definition, notes: ofFile, spoken } = await readDefinition(file);
  // Most definitions are TypeScript, run as they are: only the others wait for a parser of YAML.
  const set = overrides.length === 0 ? undefined : (await import('./override.ts')).overridden;
  const changed = prepared(set === undefined ? definition : overrides.reduce(set, definition));
  const { experiment, notes } = withoutDuplicates(checkDefinition(changed, file, spoken));
  const added = set === undefined ? [] : await addedNotes(definition, experiment);
  return { experiment, notes: [...ofFile, ...goalsNotes(changed, experiment), ...added, ...notes] };
}

/** Any name is a parameter of an objective, also one that was mistyped on the command line. */
async function addedNotes(definition: unknown, { objective, space }: Experiment): Promise<string[]> {
  const known = Object.keys((definition as { readonly space?: object }).space ?? {});
  const added = Object.keys(space).filter((name) => !known.includes(name));
  if (objective === undefined || added.length === 0) return [];
  const { nearest } = await import('./nearest.ts');
  return added.map((name) => {
    const meant = nearest(name, known);
    const question = meant === undefined ? '' : `; did you mean ${shown(meant)}?`;
    return `--set adds the parameter ${name}, which the definition does not have${question || '.'}`;
  });
}

/** A bare list of metrics does not say which way is better. */
function goalsNotes(definition: unknown, { objective }: Experiment): string[] {
  const { metrics } = definition as { readonly metrics?: unknown };
  if (objective === undefined || !Array.isArray(metrics) || typeof metrics[0] !== 'string') return [];
  return [
    `metrics gives no goals: ${shown(metrics[0])} is minimised. To maximise it, write metrics: { ${metrics[0]}: maximise }.`,
  ];
}

/** The axes without values given twice (0.1 and 1e-1 are one value), and a note for each that was. */
export function withoutDuplicates<Form extends Experiment>(experiment: Form): LoadedExperiment<Form> {
  const notes: string[] = [];
  const unique = (name: string, values: readonly Value[]): Value[] => {
    const seen = new Map<unknown, Value>();
    const twice = new Map<unknown, Value>();
    for (const value of values) {
      const identity = identityOf(value);
      (seen.has(identity) ? twice : seen).set(identity, value);
    }
    for (const value of twice.values())
      notes.push(`space.${name} holds ${shown(value)} more than once; it is tried once.`);
    return [...seen.values()];
  };
  const axes = Object.entries(experiment.space).map(([name, axis]) => {
    const parameter = parameterOf(axis);
    if (parameter.kind !== 'choice') return [name, axis];
    const values = unique(name, parameter.values);
    return [name, 'choice' in axis ? { ...axis, choice: values } : values];
  });
  return { experiment: { ...experiment, space: Object.fromEntries(axes) }, notes };
}

/** A function in the definition's own file is known by that file: each thread imports it. */
function withModule(definition: unknown, path: string): unknown {
  if (!isRecord(definition) || typeof definition['objective'] !== 'function') return definition;
  return { ...definition, objective: { module: `./${basename(path)}` } };
}

interface ReadDefinition {
  readonly definition: unknown;
  readonly notes: readonly string[];
  /** A fault in the words of the file's author. */
  readonly spoken?: (fault: string) => string;
}

async function readDefinition(file: string): Promise<ReadDefinition> {
  const path = resolve(file);
  const stats = readingFrom(file, () => statSync(path, { throwIfNoEntry: false }));
  // The path of nothing would lead to the folder.
  if (stats === undefined || file === '') throw errors.definitionMissing(file, await meantFile(path));
  if (!stats.isFile())
    throw errors.definitionFile(file, stats.isDirectory() ? 'it is a folder' : 'it is not a regular file');
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
      return { definition: await importDefinition(file, path), notes: [] };
    case '.json':
    case '.yaml':
    case '.yml': {
      const text = textOf(
        file,
        readingFrom(file, () => readFileSync(path)),
      );
      const { parseText } = await import('./parse.ts');
      const refuse: RefuseText = (fault, place, cause) => {
        const at = place === undefined ? '' : ` at line ${place.line}, column ${place.col}`;
        throw errors.definitionFile(file, fault + at, cause);
      };
      const definition = parseText(text, refuse);
      if (!isSweepFile(definition)) return { definition, notes: [] };
      const { translatedSweep } = await import('./wandb.ts');
      return translatedSweep(parseText(text, refuse, { isIntBig: true }), file);
    }
    default:
      throw errors.definitionFile(
        file,
        `its name ends in "${extname(path)}", not .ts, .js, .json, .yaml or .yml`,
      );
  }
}

const endings = ['.ts', '.mts', '.js', '.mjs', '.json', '.yaml', '.yml'];

/** The definition in the same folder that was probably meant: another ending, or a slip of the pen. */
async function meantFile(path: string): Promise<string | undefined> {
  const files = filesIn(dirname(path)).map((name) => parse(name));
  const known = new Map(
    files.filter(({ ext }) => endings.includes(ext)).map(({ name, base }) => [name, base]),
  );
  const { name } = parse(path);
  const { nearest } = await import('./nearest.ts');
  return known.get(name) ?? known.get(nearest(name, [...known.keys()]) ?? '');
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw errors.definitionFile(file, 'it is no text in UTF-8', cause);
  }
}

/** Turns what the file system has against it into an error of the user's. */
function readingFrom<Answer>(file: string, read: () => Answer): Answer {
  try {
    return read();
  } catch (cause) {
    throw errors.definitionFile(file, (cause as Error).message, cause);
  }
}

/** Whether this is a sweep file of W&B rather than a definition of ours. */
const isSweepFile = (value: unknown): boolean =>
  isRecord(value) && 'method' in value && 'parameters' in value && !('space' in value);

async function importDefinition(file: string, path: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    const fault = `${String(cause)}${placeText(path, cause)}${moduleRemedy(cause)}`;
    throw errors.definitionFile(file, fault, cause);
  }
  if (module.default === undefined) {
    throw errors.definitionFile(
      file,
      'it has no default export: write `export default defineExperiment({ ... })`',
    );
  }
  return withModule(module.default, path);
}

/** Where an error came up: a line of the definition, or of a file that it imports. */
function placeText(path: string, cause: unknown): string {
  const place = placeOfFault(path, cause);
  if (place === undefined) return '';
  const other = place.path === path ? '' : `${relative(dirname(path), place.path)}, `;
  return ` (${other}line ${place.line})`;
}
