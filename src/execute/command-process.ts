/**
 * One process of a command, from its start to its end, with its process group: lines in, lines out.
 * Not here: what the lines mean (commands.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineReader } from '../objective/json-lines.ts';
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import { endGroup, mind, signalGroup } from './process-groups.ts';

/** How long what a program has printed is waited for after its end: another that left the group may hold the other end. */
const drainMs = 1_000;

/** The end of stderr that is kept to tell why a program failed. */
const stderrCharacters = 4_096;

export interface CommandStart {
  /** The program first. */
  readonly words: readonly string[];
  readonly folder: string;
  /** All of it. */
  readonly environment: NodeJS.ProcessEnv;
  /** What stands on its stdin at once. */
  readonly input: string;
}

export interface CommandEars {
  /** A line of stdout; of a line that is too long, its beginning. */
  readonly onLine: (line: string, isWhole: boolean) => void;
  /** A piece of stderr. */
  readonly onError: (text: string) => void;
}

export type CommandEnd =
  | { readonly kind: 'ended'; readonly stderr: string }
  | { readonly kind: 'failed'; readonly fault: TrialFault };

export interface CommandProcess {
  readonly ended: Promise<CommandEnd>;
  /** Writes a line to its stdin, if it still reads that. */
  write(line: string): void;
  signal(signal: NodeJS.Signals): void;
}

/** Starts a command. Never throws: a program that is not there is an end. */
export function startCommand(start: CommandStart, ears: CommandEars): CommandProcess {
  const { words, folder, environment, input } = start;
  const [program = '', ...args] = words;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
  } catch (error) {
    // A word that holds U+0000, and what else is refused before anything is tried.
    const ended = Promise.resolve(notStarted(program, folder, error));
    return { ended, write: () => {}, signal: () => {} };
  }
  const { pid } = child;
  if (pid !== undefined) mind(pid);
  // A command that closes its stdin does not want to read.
  child.stdin?.on('error', () => {});
  child.stdin?.write(input);
  return {
    ended: endOf(child, program, folder, ears),
    write(line) {
      if (child.stdin?.writable) child.stdin.write(`${line}\n`);
    },
    signal(signal) {
      if (pid !== undefined) signalGroup(pid, signal);
    },
  };
}

async function endOf(
  child: ChildProcess,
  program: string,
  folder: string,
  { onLine, onError }: CommandEars,
): Promise<CommandEnd> {
  const lines = new LineReader(onLine);
  let stderr = '';
  child.stdout?.on('data', (bytes: Buffer) => lines.add(bytes));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-stderrCharacters);
    onError(text);
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const end = await new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not started', error }));
    child.once('exit', (exitCode, signal) => resolve({ kind: 'exit', exitCode, signal }));
  });
  // What it has left behind goes with it.
  if (child.pid !== undefined) endGroup(child.pid);
  if (end.kind === 'not started') return notStarted(program, folder, end.error);
  const patience = new AbortController();
  const drained = sleep(drainMs, undefined, { signal: patience.signal, ref: false }).catch(() => {});
  await Promise.race([closed, drained]);
  patience.abort();
  for (const stream of child.stdio) stream?.destroy();
  lines.end();
  if (end.signal !== null) return { kind: 'failed', fault: trialFaults.commandSignal(end.signal, stderr) };
  if (end.exitCode !== 0)
    return { kind: 'failed', fault: trialFaults.commandExit(end.exitCode ?? 1, stderr) };
  return { kind: 'ended', stderr };
}

type Exit =
  | { readonly kind: 'not started'; readonly error: unknown }
  | { readonly kind: 'exit'; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

const notStarted = (program: string, folder: string, error: unknown): CommandEnd => ({
  kind: 'failed',
  fault: trialFaults.commandMissing(program, folder, error instanceof Error ? error.message : String(error)),
});
