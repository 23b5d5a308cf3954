/**
 * The command line: which verbs there are, how they are parsed, and what a fault becomes.
 * Not here: what a verb does (commands).
 */
import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { type Command, nameOf, type Terminal } from './commands/command.ts';
import { compare } from './commands/compare.ts';
import { complaint } from './commands/complaint.ts';
import { dashboard } from './commands/dashboard.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { leaderboard } from './commands/leaderboard.ts';
import { plot } from './commands/plot.ts';
import { predictCommand } from './commands/predict.ts';
import { query } from './commands/query.ts';
import { report } from './commands/report.ts';
import { run } from './commands/run.ts';
import { schema } from './commands/schema.ts';
import { show } from './commands/show.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';
import { CoresweepError, errors } from './errors.ts';

// Each command's arguments are typed by its own table; here they are only handed through.
const commands = [
  ...[run, status, leaderboard, show, compare, report, plot, dashboard, query, verify],
  ...[exportCommand, predictCommand, importCommand, schema],
] as unknown as readonly Command[];

/** Runs one command line (without node and script) and returns the process's exit code. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const parser = yargs([...argv])
    .scriptName('coresweep')
    // Help would otherwise be in whatever language the environment names.
    .locale('en')
    .usage('coresweep finds the best hyperparameters on the cores you have.\n\nUsage: $0 <command>')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
    })
    .strict()
    .demandCommand(1, `A command is needed: ${commands.map(nameOf).join(', ')}`)
    .completion('completion', 'Print a completion script for bash or zsh')
    .version(version())
    .alias({ h: 'help' })
    .wrap(Math.min(100, terminal.out.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      const isOwn = error !== undefined && error.name !== 'YError';
      throw isOwn ? error : errors.commandLine(complaint(message, argv, commands));
    });
  for (const command of commands) {
    parser.command(
      command.usage,
      command.summary,
      (builder) => withOptions(builder, command),
      async (args) => {
        refuseTwice(args, command);
        exitCode = await command.run(coerced(args, command) as never, terminal);
      },
    );
  }
  try {
    // Help and version go to stdout: somebody asked for them.
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      if (output) terminal.out.write(`${output}\n`);
    });
    return exitCode;
  } catch (error) {
    return complain(error, terminal);
  }
}

function withOptions(builder: Argv, { positionals, options, examples }: Command): Argv {
  for (const [name, { coerce: _, ...option }] of Object.entries(options)) {
    if (positionals.includes(name)) builder.positional(name, option as Parameters<Argv['positional']>[1]);
    else builder.option(name, option);
  }
  for (const [line, effect] of examples) builder.example(`$0 ${line}`, effect);
  return builder;
}

/** yargs hands over a list of what was given twice, which no command expects where one value is meant. */
function refuseTwice(args: Readonly<Record<string, unknown>>, { options }: Command): void {
  for (const [name, { array }] of Object.entries(options)) {
    const given = args[name];
    if (Array.isArray(given) && !array) throw errors.optionTwice(`--${name}`, given);
  }
}

/** The arguments as their options read them. Left to yargs, an error of theirs would lose its code. */
function coerced(args: Readonly<Record<string, unknown>>, { options }: Command): Record<string, unknown> {
  const read = Object.entries(options).map(([name, { coerce }]) => [
    name,
    coerce?.(args[name]) ?? args[name],
  ]);
  return { ...args, ...Object.fromEntries(read) };
}

/** An error of the user's is a message; any other is a fault of coresweep, with its stack. */
function complain(error: unknown, { err }: Terminal): number {
  if (error instanceof CoresweepError) {
    err.write(`${error.message} [${error.code}]\n`);
    return error.exitCode;
  }
  err.write(
    `coresweep has met a fault of its own:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 70;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
