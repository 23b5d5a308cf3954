/** What is wrong with a command line, in words. */
import { shown } from '../errors.ts';
import { nearest } from '../experiment/nearest.ts';
import { type Command, nameOf } from './command.ts';
import { fromElsewhere } from './foreign-options.ts';

/**
 * What yargs has against a command line, in our words: what came, what is allowed.
 * @param commands those that the line may be about
 * @param verbs the names of all
 */
export function complaint(
  message: string,
  argv: readonly string[],
  commands: readonly Command[],
  verbs: readonly string[],
): string {
  const names = commands.map(nameOf);
  const words = argv.filter((argument) => !argument.startsWith('-'));
  const word = words.find((argument) => names.includes(argument)) ?? words[0];
  if (word === undefined) return message;
  const command = commands.find((known) => nameOf(known) === word);
  if (command === undefined) return `${shown(word)} is not a command; ${guess(word, names)}`;

  const [, option] = /^Not enough arguments following: (.*)$/.exec(message) ?? [];
  if (option !== undefined) return `--${option} needs a value`;
  const [, name, given, choices] = /Argument: (.*), Given: (.*), Choices: (.*)$/.exec(message) ?? [];
  if (name !== undefined) {
    const written = command.positionals.includes(name) ? `<${name}>` : `--${name}`;
    return `${written} must be one of ${choices}, but got ${given}`;
  }
  if (message.startsWith('Not enough non-option arguments'))
    return `Something is missing: coresweep ${command.usage}`;
  const [, one, other] = /^Arguments (.*) and (.*) are mutually exclusive$/.exec(message) ?? [];
  if (one !== undefined) return `--${one} and --${other} exclude each other: give one of them`;
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  return unknown === undefined ? message : tooMuch(unknown.split(', ')[0] as string, command, argv, verbs);
}

/** An option that the command does not have, or a word that it has no place for. */
function tooMuch(given: string, command: Command, argv: readonly string[], verbs: readonly string[]): string {
  const { options, positionals } = command;
  const written = argv.find(
    (argument) => /^--?/.test(argument) && argument.replace(/^-+/, '').startsWith(given),
  );
  // `npm run sweep -- list`: that script has its own command already.
  if (written === undefined && verbs.includes(given))
    return `${shown(given)} is a command of its own, and here it stands after ${nameOf(command)}`;
  if (written === undefined && 'db' in options && /\.(?:db|sqlite3?)$/i.test(given))
    return `${shown(given)} is one argument too many; ${didYouMean(`--db ${given}`)}`;
  if (written === undefined)
    return `${shown(given)} is one argument too many; put quotes around a text with spaces`;
  const known = Object.keys(options).filter((name) => !positionals.includes(name));
  const meant = fromElsewhere(given, known);
  const hint = meant === undefined ? guess(given, [...known, 'help'], '--') : didYouMean(`--${meant}`);
  return `${shown(written)} is not an option here; ${hint}`;
}

function guess(given: string, known: readonly string[], prefix = ''): string {
  const meant = nearest(given, known);
  if (meant !== undefined) return didYouMean(`${prefix}${meant}`);
  return `known are ${known.map((name) => prefix + name).join(', ')}`;
}

const didYouMean = (name: string): string => `did you mean "${name}"?`;
