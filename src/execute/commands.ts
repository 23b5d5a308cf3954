/**
 * The executor for commands: a process group each, parameters on stdin and in the command line, reports as lines of JSON.
 * Not here: the process (command-process.ts), and how lines are told apart (objective/json-lines.ts).
 */

import type { Metric } from '../metric.ts';
import { commandLine, type Wording } from '../objective/command-line.ts';
import { readLine } from '../objective/json-lines.ts';
import { faultOfStep, readValues } from '../objective/read-report.ts';
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import { randomStream } from '../random.ts';
import { type CommandProcess, startCommand } from './command-process.ts';
import type { Executor, Job } from './executor.ts';
import { isFound } from './find-program.ts';
import { type SeatWorker, seatedExecutor } from './seats.ts';
import type { Measured, Request, Underway, WorkEnd } from './underway.ts';

/** How long a program may take to end by itself after the message that it is pruned. */
const pruneMs = 500;

/** How much an error shows of a line that should have been a report. */
const textCharacters = 200;

export interface CommandObjective extends Measured {
  /** The program and its words, macros among them (objective/command-line.ts). */
  readonly command: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly wording?: Wording | undefined;
}

/** An executor of up to `seats` processes at once. The caller closes it. */
export function commandExecutor(objective: CommandObjective, seats: number, graceMs?: number): Executor {
  // Copied once: each name of process.env is a question to the system.
  const environment = { ...process.env, ...objective.environment };
  const workers = Array.from({ length: seats }, () => commandWorker({ ...objective, environment }));
  return seatedExecutor(objective, workers, graceMs);
}

/** With the whole environment of its programs. */
type Command = Omit<CommandObjective, 'environment'> & { readonly environment: NodeJS.ProcessEnv };

function commandWorker(objective: Command): SeatWorker {
  let atWork: CommandWork | undefined;
  return {
    async prepare() {
      const { command, folder, environment } = objective;
      const [program = ''] = command;
      // Windows finds programs by their endings too, and there a trial says it.
      if (process.platform === 'win32' || (await isFound(program, folder, environment['PATH'])))
        return undefined;
      return trialFaults.commandMissing(program, folder, 'no such program is found');
    },
    async work(trial) {
      atWork = new CommandWork(objective, trial);
      const end = await atWork.end();
      atWork = undefined;
      return end;
    },
    ask: (request) => atWork?.ask(request),
    kill: (fault) => atWork?.kill(fault),
    close: async () => {},
  };
}

/** A command at work on one trial. */
class CommandWork {
  readonly #metrics: readonly Metric[];
  readonly #trial: Underway;
  readonly #process: CommandProcess;
  /** What is wrong with it, whatever it prints from then on. */
  #fault: WorkEnd | undefined;
  /** The last line that was no report. */
  #lastText = '';
  #isAsked = false;
  #prune: NodeJS.Timeout | undefined;

  constructor({ command, folder, environment, metrics, wording }: Command, trial: Underway) {
    this.#metrics = metrics;
    this.#trial = trial;
    const { job } = trial;
    this.#process = startCommand(
      {
        words: commandLine(command, job.params, wording),
        folder,
        environment: { ...environment, ...environmentOf(job) },
        input: inputOf(trial),
      },
      {
        onLine: (line, isWhole) => this.#hear(line, isWhole),
        onError: (text) => trial.print(text),
      },
    );
  }

  async end(): Promise<WorkEnd> {
    const end = await this.#process.ended;
    clearTimeout(this.#prune);
    if (this.#fault !== undefined) return this.#fault;
    // One that was to stop and has ended well may have left things out.
    if (this.#isAsked) return { kind: 'gave way' };
    if (end.kind === 'failed') return end;
    if (this.#trial.lastStep > 0) return { kind: 'complete', values: undefined };
    return {
      kind: 'failed',
      fault: trialFaults.nothingPrinted(
        this.#metrics.map(({ name }) => name),
        this.#lastText,
        end.stderr,
      ),
    };
  }

  ask(request: Request): void {
    this.#isAsked = true;
    clearTimeout(this.#prune);
    this.#process.write(JSON.stringify({ [request]: true }));
    if (request === 'stop') this.#process.signal('SIGTERM');
    else this.#prune = setTimeout(() => this.#process.signal('SIGTERM'), pruneMs);
  }

  kill(fault: TrialFault | undefined): void {
    this.#end(fault === undefined ? { kind: 'gave way' } : { kind: 'failed', fault });
  }

  #hear(line: string, isWhole: boolean): void {
    if (this.#fault !== undefined) return;
    const said = isWhole ? readLine(line, this.#metrics) : ({ kind: 'text' } as const);
    switch (said.kind) {
      case 'report':
        return this.#report(said.step, said.given);
      case 'checkpoint':
        return this.#trial.keepCheckpoint(said.bytes);
      case 'save':
        return this.#trial.keepModel(said.bytes);
      case 'text':
        if (line.trim() !== '') this.#lastText = line.slice(0, textCharacters);
        return this.#trial.print(`${line}\n`);
      default:
        said satisfies never;
    }
  }

  #report(given: unknown, values: object): void {
    const last = this.#trial.lastStep;
    const step = given ?? last + 1;
    const wrongStep = faultOfStep(step, last);
    if (wrongStep !== undefined) return this.#end({ kind: 'failed', fault: wrongStep });
    const read = readValues(this.#metrics, values, 'ignored');
    switch (read.kind) {
      case 'values':
        return void this.#trial.report({ step: step as number, values: read.values });
      case 'not finite':
        return this.#end({ kind: 'diverged', step: step as number });
      case 'fault':
        return this.#end({ kind: 'failed', fault: read.fault });
      default:
        read satisfies never;
    }
  }

  #end(end: WorkEnd): void {
    this.#fault ??= end;
    this.#process.signal('SIGKILL');
  }
}

/** What stands on stdin: a line with the parameters, and one each with what the trial goes on from, if anything. */
function inputOf({ job: { params, start }, startBytes }: Underway): string {
  const lines: unknown[] = [params];
  if (start.from === 'checkpoint') lines.push({ checkpoint: base64(start.checkpoint.bytes) });
  if (startBytes !== undefined) lines.push({ start: base64(startBytes) });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** The same seed as a function's trial has. */
const environmentOf = ({ number, replicate, role, attempt, seed, start }: Job): Record<string, string> => ({
  CORESWEEP_TRIAL: String(number),
  CORESWEEP_REPLICATE: String(replicate),
  CORESWEEP_ROLE: role,
  CORESWEEP_ATTEMPT: String(attempt),
  CORESWEEP_SEED: String(randomStream(seed, 'objective', replicate, role === 'final' ? 1 : 0).uint32()),
  // Whether a line follows that with the parameters, so that the command does not wait for one in vain.
  CORESWEEP_START: start.from,
});
