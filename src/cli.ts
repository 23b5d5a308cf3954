/**
 * The command line: which verbs there are, how they are parsed, and what a fault becomes.
 * Not here: what a verb does (commands).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Argv } from 'yargs';
import type { Command, Terminal } from './commands/command.ts';
import { complaint } from './commands/complaint.ts';
import { databaseOption } from './commands/options.ts';
import { CoresweepError, errors, shown } from './errors.ts';
import { paperOf } from './terminal/paper.ts';
import { shellQuoted } from './words/shell-word.ts';
import { wrapped } from './words/text.ts';

/**
 * Version 17, and not as ES modules: those break help in the middle of words, and those of version 18 take 39 ms to load in
 * place of 11, because their measure of a text's width loads what the engine knows of all languages.
 */
const yargs: (argv: readonly string[]) => Argv = createRequire(import.meta.url)('yargs');

/** The verbs by name, each loaded when it is asked for: a sweep does not wait for what serves a dashboard. */
export const verbs: Readonly<Record<string, () => Promise<unknown>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  worker: async () => (await import('./commands/worker.ts')).worker,
  cache: async () => (await import('./commands/cache.ts')).cache,
  ask: async () => (await import('./commands/ask.ts')).ask,
  tell: async () => (await import('./commands/tell.ts')).tell,
  status: async () => (await import('./commands/status.ts')).status,
  list: async () => (await import('./commands/list.ts')).list,
  leaderboard: async () => (await import('./commands/leaderboard.ts')).leaderboard,
  show: async () => (await import('./commands/show.ts')).show,
  compare: async () => (await import('./commands/compare.ts')).compare,
  importances: async () => (await import('./commands/importances.ts')).importancesCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  report: async () => (await import('./commands/report.ts')).report,
  plot: async () => (await import('./commands/plot.ts')).plot,
  dashboard: async () => (await import('./commands/dashboard.ts')).dashboard,
  query: async () => (await import('./commands/query.ts')).query,
  verify: async () => (await import('./commands/verify.ts')).verify,
  check: async () => (await import('./commands/check.ts')).check,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  predict: async () => (await import('./commands/predict.ts')).predictCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  schema: async () => (await import('./commands/schema.ts')).schema,
};

/** The one command that a line begins with; all of them for a line that begins otherwise, which wants help or is at fault. */
async function commandsOf([first = '']: readonly string[]): Promise<readonly Command[]> {
  const names = Object.hasOwn(verbs, first) ? [first] : Object.keys(verbs);
  // Each command's arguments are typed by its own table; here they are only handed through.
  return (await Promise.all(names.map((name) => verbs[name]?.()))) as readonly Command[];
}

/** Runs one command line (without node and script) and returns the process's exit code. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  let database: unknown;
  const commands = await commandsOf(argv);
  const parser = yargs(argv)
    // A completion script is about the one word that a shell completes.
    .scriptName(argv[0] === 'completion' ? 'coresweep' : terminal.program)
    // Help would otherwise be in whatever language the environment names.
    .locale('en')
    .usage('coresweep finds the best hyperparameters on all your cores and machines.\n\nUsage: $0 <command>')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
    })
    .strict()
    .demandCommand(1, `A command is needed: ${Object.keys(verbs).join(', ')}`)
    .completion('completion', 'Print a completion script for bash or zsh')
    .version(version())
    .alias({ h: 'help' })
    .wrap(Math.min(100, paperOf(terminal.out, {}).width))
    .exitProcess(false)
    .fail((message, error) => {
      const isOwn = error !== undefined && error.name !== 'YError';
      throw isOwn ? error : errors.commandLine(complaint(message, argv, commands, Object.keys(verbs)));
    });
  withoutCachedHelp(parser);
  for (const command of commands) {
    parser.command(
      command.usage,
      command.summary,
      (builder) => withOptions(builder, command),
      async (args) => {
        database = args['db'];
        refuseValues(argv, command);
        exitCode = await command.run(readArguments(args, command) as never, terminal);
      },
    );
  }
  try {
    // Help and version go to stdout: they were asked for.
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      if (output) terminal.out.write(`${output}\n`);
    });
    return exitCode;
  } catch (error) {
    return complain(error, terminal, database);
  }
}

/** yargs lays its help out before each command in case it is asked for later; it never is, and that takes 20 ms. */
function withoutCachedHelp(parser: Argv): void {
  const { getInternalMethods } = parser as unknown as { getInternalMethods?: () => YargsInternals };
  Object.assign(getInternalMethods?.call(parser).getUsageInstance() ?? {}, { cacheHelpMessage: () => {} });
}

interface YargsInternals {
  getUsageInstance(): object;
}

function withOptions(builder: Argv, { positionals, options, examples }: Command): Argv {
  for (const [name, { coerce: _, ...option }] of Object.entries(options)) {
    if (positionals.includes(name)) builder.positional(name, option as Parameters<Argv['positional']>[1]);
    else builder.option(name, option);
  }
  for (const [line, effect] of examples) builder.example(`$0 ${line}`, effect);
  return builder;
}

/** yargs would take `--dry-run=yes` for false, and the run would begin. */
function refuseValues(argv: readonly string[], { options }: Command): void {
  for (const argument of argv) {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
    if (options[name]?.type === 'boolean' && value !== 'true' && value !== 'false')
      throw errors.commandLine(`--${name} takes no value, but got ${shown(value)}`);
  }
}

/**
 * The arguments as their options read them; an option that takes one value must be given once. Left to yargs, an error of
 * ours would lose its code.
 */
function readArguments(
  args: Readonly<Record<string, unknown>>,
  { options }: Command,
): Record<string, unknown> {
  const read = Object.entries(options).map(([name, { array, coerce }]) => {
    const given = args[name];
    // yargs makes a list of what was given twice.
    if (Array.isArray(given) && !array) throw errors.optionTwice(`--${name}`, given);
    return [name, coerce?.(given) ?? given];
  });
  return { ...args, ...Object.fromEntries(read) };
}

/**
 * An error of the user's is a message; any other is a fault of coresweep, with its stack.
 * @param database as --db named it
 */
function complain(error: unknown, { err, program }: Terminal, database: unknown): number {
  if (error instanceof CoresweepError) {
    err.write(
      `${onPaper(`${asTyped(error.message, program, database)} [${error.code}]`, paperOf(err, {}).width)}\n`,
    );
    return error.exitCode;
  }
  err.write(
    `coresweep has met a fault of its own:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 70;
}

/** Each line broken between words, and what is broken off behind its beginning. */
const onPaper = (message: string, width: number): string =>
  message.replace(/^( *).*$/gm, (line, spaces: string) => wrapped(line, width, spaces && `${spaces}  `));

/** The command lines within a message as they are typed here. Errors are also for programs, which have no command line. */
function asTyped(message: string, program: string, database: unknown): string {
  // A whole line, in backticks, is about the same database.
  const words =
    typeof database === 'string' && database !== databaseOption.default
      ? ` --db ${shellQuoted(database)}`
      : '';
  return message
    .replaceAll(/`(coresweep [^`]+)`/g, (_, line: string) => `\`${line}${words}\``)
    .replaceAll(
      new RegExp(`\\bcoresweep (?=--help|(?:${Object.keys(verbs).join('|')})\\b)`, 'g'),
      () => `${program} `,
    );
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
