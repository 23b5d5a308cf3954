/** YAML or JSON text as a value: of a definition's file, or of one override. Not here: what it must hold (check.ts). */
import { isScalar, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from 'yaml';
import { shown } from '../errors.ts';

/** Where in the text a fault is, counted from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

/** Given a fault as the rest of a sentence; it throws. */
export type RefuseText = (fault: string, place: Place | undefined, cause?: unknown) => never;

/**
 * YAML 1.2 core schema, of which JSON is a part: no tags, no merge keys, each key a scalar and given once, few aliases.
 * Time and memory grow as the text's length.
 * @param isIntBig whether whole numbers are given as bigint, which tells 1 from 1.0
 */
export function parseText(
  text: string,
  refuse: RefuseText,
  { isIntBig = false }: { readonly isIntBig?: boolean } = {},
): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    // Otherwise !!binary, !!set and their like would be taken: objects that no definition can hold.
    resolveKnownTags: false,
    merge: false,
    intAsBigInt: isIntBig,
    // These two take a time that grows as the square of a file's size: below, they take none to speak of.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    // Faults are reported below, in our words; the parser would also print its own warnings.
    logLevel: 'error',
  });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) return refuse(faultInWords(fault), lines.linePos(fault.pos[0]), fault);
  try {
    visit(document, {
      Map(_, { items }) {
        const keys = new Set<string>();
        for (const { key } of items) {
          const at = lines.linePos((key as Partial<Scalar> | null)?.range?.[0] ?? 0);
          // A key within a key within a key is written out once a level: 600 of them took minutes.
          if (!isScalar(key)) return refuse('a key must be a single word or number', at);
          if (keys.has(String(key.value)))
            return refuse(`the key ${shown(String(key.value))} is given twice`, at);
          keys.add(String(key.value));
        }
      },
    });
    return document.toJS({ maxAliasCount: 10 });
  } catch (cause) {
    if (cause instanceof RangeError) return refuse(tooDeep, undefined, cause);
    if (cause instanceof ReferenceError) return refuse(cause.message, undefined, cause);
    throw cause;
  }
}

const tooDeep = 'it is nested too deeply';

function faultInWords({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'it must hold one document, but a second begins';
  // The parser goes on where its stack has ended, and tells of it as a fault of the text.
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep;
  return message;
}
