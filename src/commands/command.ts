/**
 * What a verb of the command line is. Its options are one table, from which help, types and completion come.
 * Not here: parsing, exit codes of errors (cli.ts).
 */
import type { InferredOptionTypes, Options } from 'yargs';
import type { ExitCode } from '../errors.ts';

export type OptionTable = Readonly<Record<string, Options>>;

/** Where a command writes: data to `out`, progress and remarks to `err`. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, which end a command at once that never asks for it. */
  readonly signal: AbortSignal;
  /** The words that a person types to start coresweep as it was started: `npx coresweep`, `npm run coresweep --`. */
  readonly program: string;
}

export interface Command<Table extends OptionTable = OptionTable> {
  /** As yargs reads it: `show <trial>`. */
  readonly usage: string;
  readonly summary: string;
  /** Command lines without the program's name, and what each does. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
  /** Positional arguments have the names that `usage` gives them. */
  readonly positionals: readonly string[];
  readonly options: Table;
  run(args: InferredOptionTypes<Table>, terminal: Terminal): Promise<ExitCode>;
}

/** The verb itself. */
export const nameOf = ({ usage }: Command): string => usage.split(' ')[0] as string;

/** Lets a command's arguments be typed by its own table of options. */
export const defineCommand = <const Table extends OptionTable>(command: Command<Table>): Command<Table> =>
  command;
