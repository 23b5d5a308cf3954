/** A definition's YAML or JSON text as a value. Not here: what it must hold (check.ts). */
import { parseDocument, type YAMLError } from 'yaml';
import { errors } from '../errors.ts';

/** YAML 1.2 core schema, of which JSON is a part: no tags, no merge keys, each key once, few aliases. */
export function parseText(file: string, text: string): unknown {
  const document = parseDocument(text, {
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: true,
    // Faults are told below, in our words; the parser would also warn on its own.
    logLevel: 'error',
  });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) throw errors.definitionFile(file, yamlFault(fault), fault);
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch (cause) {
    throw errors.definitionFile(file, String(cause), cause);
  }
}

/** The fault and its line, without the picture of the place that follows. */
function yamlFault({ code, message, linePos }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS')
    return `it must hold one document, but a second begins at line ${linePos?.[0].line}`;
  return (message.split('\n')[0] as string).replace(/:$/, '');
}
