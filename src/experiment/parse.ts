/** A definition's YAML or JSON text as a value. Not here: what it must hold (check.ts). */
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

/** YAML 1.2 core schema, of which JSON is a part: no tags, no merge keys, each key once, few aliases. */
export function parseText(file: string, text: string): unknown {
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
