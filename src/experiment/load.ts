/** Reads an experiment's definition from a .ts, .js, .json, .yaml or .yml file, with overrides from the command line. */
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Document,
  isScalar,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { errors, shown } from '../errors.ts';
import { checkDefinition } from './check.ts';
import { overridden } from './override.ts';
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
  return withoutDuplicates(checkDefinition(overrides.reduce(overridden, definition), file));
}

/** The axes without values given twice (0.1 and 1e-1 are one value), and a note for each that was. */
export function withoutDuplicates(experiment: Experiment): LoadedExperiment {
  const notes: string[] = [];
  const unique = (name: keyof Experiment['space']): number[] => {
    const seen = new Set<number>();
    const twice = new Set<number>();
    for (const value of experiment.space[name]) (seen.has(value) ? twice : seen).add(value);
    for (const value of twice) notes.push(`space.${name} holds ${value} more than once; it is tried once.`);
    return [...seen];
  };
  const space = { learningRate: unique('learningRate'), batchSize: unique('batchSize') };
  return { experiment: { ...experiment, space }, notes };
}

async function readDefinition(file: string): Promise<unknown> {
  const path = resolve(file);
  const stats = readingFrom(file, () => statSync(path, { throwIfNoEntry: false }));
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
      return parseText(
        file,
        readingFrom(file, () => readFileSync(path, 'utf8')),
      );
    default:
      throw errors.definitionFile(
        file,
        `its name ends in "${extname(path)}", not .ts, .js, .json, .yaml or .yml`,
      );
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

async function importDefinition(file: string, path: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw errors.definitionFile(file, `${String(cause)}${lineOf(cause, path)}`, cause);
  }
  if (module.default === undefined) {
    throw errors.definitionFile(
      file,
      'it has no default export: write `export default defineExperiment({ ... })`',
    );
  }
  return module.default;
}

/** Where in the file at `path` an error came up, as far as its stack tells. */
function lineOf(error: unknown, path: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const line = Number.parseInt(stack.split(`${basename(path)}:`)[1] ?? '', 10);
  return Number.isNaN(line) ? '' : ` (line ${line})`;
}

/** YAML 1.2 core schema, of which JSON is a part: no tags, no merge keys, each key once, few aliases. */
function parseText(file: string, text: string): unknown {
  const lines = new LineCounter();
  const refuse = (fault: string, at: number, cause?: unknown): never => {
    const { line, col } = lines.linePos(at);
    throw errors.definitionFile(file, `${fault} at line ${line}, column ${col}`, cause);
  };
  const document = parseDocument(text, {
    schema: 'core',
    // Otherwise !!binary, !!set and their like would be taken: objects that no definition can hold.
    resolveKnownTags: false,
    merge: false,
    // These two take a time that grows as the square of a file's size: below, they take none to speak of.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    // Faults are told below, in our words; the parser would also warn on its own.
    logLevel: 'error',
  });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) return refuse(faultInWords(fault), fault.pos[0], fault);
  const twice = keyGivenTwice(document);
  if (twice !== undefined)
    return refuse(`the key ${shown(String(twice.value))} is given twice`, twice.range?.[0] ?? 0);
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch (cause) {
    const fault = cause instanceof RangeError ? tooDeep : (cause as Error).message;
    throw errors.definitionFile(file, fault, cause);
  }
}

const tooDeep = 'it is nested too deeply';

function faultInWords({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'it must hold one document, but a second begins';
  // The parser goes on where its stack has ended, and tells of it as a fault of the text.
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep;
  return message;
}

function keyGivenTwice(document: Document): Scalar | undefined {
  let twice: Scalar | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(String(key.value))) twice ??= key;
        seen.add(String(key.value));
      }
    },
  });
  return twice;
}
