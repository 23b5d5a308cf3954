/**
 * The command line of one trial: the words of the definition, with the parameters where they say so.
 * Pure. The macros are those of W&B's sweep files, with or without the dollar sign.
 */
import type { Params, Value } from '../trial.ts';

/** How values are written: Python's argparse knows True and False. */
export type Wording = 'json' | 'python';

type Macro = (params: Params, wording: Wording) => readonly string[];

const macros: Readonly<Record<string, Macro>> = {
  /** --name=value each. */
  args: (params, wording) => words(params, ([name, value]) => [`--${name}=${text(value, wording)}`]),
  /** name=value each. */
  args_no_hyphens: (params, wording) => words(params, ([name, value]) => [`${name}=${text(value, wording)}`]),
  /** As args, but true is --name alone, and false is left out. */
  args_no_boolean_flags: (params, wording) =>
    words(params, ([name, value]) => {
      if (value === false) return [];
      return [value === true ? `--${name}` : `--${name}=${text(value, wording)}`];
    }),
  /** All of them as one JSON object. */
  args_json: (params) => [JSON.stringify(params)],
};

/** The words of a command; a macro is a word of its own. */
export function commandLine(
  command: readonly string[],
  params: Params,
  wording: Wording = 'json',
): readonly string[] {
  return command.flatMap((word) => {
    const name = /^\$?\{(\w+)\}$/.exec(word)?.[1];
    const macro = name !== undefined && Object.hasOwn(macros, name) ? macros[name] : undefined;
    return macro === undefined ? [word] : macro(params, wording);
  });
}

const words = (params: Params, wordsOf: (entry: [string, Value]) => readonly string[]): readonly string[] =>
  Object.entries(params).flatMap(wordsOf);

function text(value: Value, wording: Wording): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return wording === 'json' ? String(value) : value ? 'True' : 'False';
    case 'number':
      return String(value);
    default:
      return wording === 'json' ? JSON.stringify(value) : `[${value.map(element).join(', ')}]`;
  }
}

const element = (value: Value): string =>
  typeof value === 'string' ? `'${value.replace(/['\\\p{Cc}]/gu, escaped)}'` : text(value, 'python');

/** A line break within quotes is a syntax error to Python. */
const escaped = (character: string): string =>
  short[character] ?? `\\x${(character.codePointAt(0) as number).toString(16).padStart(2, '0')}`;

const short: Readonly<Record<string, string>> = {
  ...{ "'": "\\'", '\\': '\\\\' },
  ...{ '\n': '\\n', '\r': '\\r', '\t': '\\t' },
};
