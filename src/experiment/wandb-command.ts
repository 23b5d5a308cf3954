/**
 * The command line of a W&B sweep file as that of a command objective, with its macros.
 * Not here: putting parameters in, which is done for each trial.
 */
import { shown } from '../errors.ts';
import { nearest } from './nearest.ts';

/** What W&B runs where a file has no command. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a macro of W&B is written so.
const usual = ['${env}', '${interpreter}', '${program}', '${args}'];

/** Macros that stand for one word, whatever the trial. */
const fixed: Readonly<Record<string, string>> = { env: '/usr/bin/env', interpreter: 'python3' };

/** Macros that are filled in for each trial. */
const perTrial = ['args', 'args_no_hyphens', 'args_no_boolean_flags', 'args_json'];

/** Those that have no meaning here, and what to write. */
const refused: Readonly<Record<string, string>> = {
  args_json_file:
    "parameters come as JSON on stdin too: write [sh, -c, 'cat > params.json && exec python3 train.py params.json']",
  envvar:
    'a program has the variables of its surroundings: read it there, or write [sh, -c, \'exec python3 train.py "$NAME"\']',
};

const known = [...Object.keys(fixed), 'program', ...perTrial];

export function commandOf(
  command: unknown,
  program: unknown,
): { readonly words: readonly string[]; readonly faults: readonly string[] } {
  const faults: string[] = [];
  if (command !== undefined && !Array.isArray(command)) return { words: [], faults };
  const given = (command ?? usual) as readonly unknown[];
  const words = given.map((word, place) => {
    const at = command === undefined ? 'command' : `command[${place}]`;
    const [, name, rest] = /^\$\{(\w+)(:[^}]*)?\}$/.exec(String(word)) ?? [];
    if (name === undefined) {
      const inner = /\$\{\w+[^}]*\}/.exec(String(word))?.[0];
      if (inner !== undefined)
        faults.push(`${at} must have ${inner} as a word of its own, but got ${shown(word)}.`);
      return String(word);
    }
    if (name === 'program') {
      if (typeof program === 'string' && program !== '') return program;
      faults.push('program must be the script to run, but it is missing.');
      return '';
    }
    const instead = refused[name];
    if (instead !== undefined) faults.push(`${at}: the macro \${${name}} is not supported, for ${instead}.`);
    else if (rest !== undefined || !known.includes(name)) faults.push(unknown(at, name));
    return fixed[name] ?? `{${name}}`;
  });
  return { words, faults };
}

function unknown(at: string, name: string): string {
  const meant = nearest(name, known);
  const hint = meant === undefined ? `; known are ${known.join(', ')}.` : `; did you mean \${${meant}}?`;
  return `${at}: \${${name}} is not a known macro${hint}`;
}
