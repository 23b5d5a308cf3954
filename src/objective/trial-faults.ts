/**
 * Why a trial of a function or of a command can fail, in words that its author can act on.
 * Not here: errors of coresweep's own commands (errors.ts). These end one trial and are kept with it.
 */
import { shown } from '../errors.ts';
import { moduleRemedy, type Place } from '../files/place-of-fault.ts';

/** A stable code, and what came, what is allowed, what to do. */
export interface TrialFault {
  readonly code: string;
  readonly reason: string;
}

const named = (names: readonly string[]): string => names.map(shown).join(', ');

/** Places within the engine, and within what calls the objective (execute/). */
const notTheirs = /\n {4}at [^\n]*(?:\bnode:|\/function-(?:worker|call)\.[jt]s)[^\n]*/g;

/** `ERR_MODULE_NOT_FOUND: …` as the engine says it, with where it was thrown, as far as that is code of the objective's author. */
function textOfThrown(thrown: unknown): string {
  if (thrown instanceof Error)
    return thrown.stack?.replace(notTheirs, '') || `${thrown.name}: ${thrown.message}`;
  return `It threw ${shown(thrown)}, which is no Error.`;
}

export const trialFaults = {
  threw: (thrown: unknown) => ({ code: 'ERR_TRIAL_THREW', reason: textOfThrown(thrown) }),
  threwLater: (thrown: unknown) => ({
    code: 'ERR_TRIAL_THREW',
    reason: `Something that the objective did not wait for has failed: ${textOfThrown(thrown)}`,
  }),
  exited: (exitCode: number) => ({
    code: 'ERR_TRIAL_EXIT',
    reason: `The objective ended its thread with process.exit(${exitCode}). Return the values instead, or throw an error.`,
  }),
  memory: (memoryMb: number) => ({
    code: 'ERR_TRIAL_MEMORY',
    reason: `The objective needed more than ${memoryMb} MiB of memory. Let it take less, or give it more (limits.memoryMb).`,
  }),
  silent: (seconds: number) => ({
    code: 'ERR_TRIAL_SILENT',
    reason: `The trial got no further for ${seconds} s (limits.silentSeconds).`,
  }),
  time: (seconds: number) => ({
    code: 'ERR_TRIAL_TIME',
    reason: `The trial took longer than ${seconds} s (limits.trialSeconds).`,
  }),
  /** @param place where that is known; the engine says it of some errors only */
  importFailed: (file: string, thrown: unknown, place: Place | undefined) => {
    const text = textOfThrown(thrown);
    const where =
      place === undefined || text.includes(`:${place.line}`) ? '' : `${place.path}:${place.line}\n`;
    return {
      code: 'ERR_OBJECTIVE_IMPORT',
      reason: `${file} cannot be imported: ${where}${text}${moduleRemedy(thrown)}`,
    };
  },
  importSlow: (seconds: number) => ({
    code: 'ERR_OBJECTIVE_IMPORT',
    reason: `The objective's module was not imported within ${seconds} s (limits.importSeconds). Give it longer, or move what it waits for into the objective.`,
  }),
  noFunction: (file: string) => ({
    code: 'ERR_OBJECTIVE_MISSING',
    reason: `${file} exports no objective. Export a function named objective, or a definition that has one, or make the function its default export.`,
  }),
  /** @param last 0 before the first report */
  step: (step: unknown, last: number) => ({
    code: 'ERR_REPORT',
    reason:
      last === 0 && step === 0
        ? 'Steps count from 1, but the first report has step 0. Where a program counts from 0, report step + 1.'
        : `A step must be a whole number above the last one (${last}), but got ${shown(step)}.`,
  }),
  noValues: (given: unknown, names: readonly string[]) => ({
    code: 'ERR_REPORT',
    reason: `A report must be an object with a number for each metric (${named(names)}), but got ${shown(given)}.`,
  }),
  missingMetric: (missing: string, given: readonly string[]) => ({
    code: 'ERR_REPORT',
    reason: `A report must hold every metric, but ${shown(missing)} is missing: it holds ${named(given) || 'nothing'}.`,
  }),
  unknownMetric: (unknown: string, names: readonly string[]) => ({
    code: 'ERR_REPORT',
    reason: `${shown(unknown)} is no metric of this experiment, only ${named(names)}. Add it to metrics, or leave it out.`,
  }),
  notANumber: (name: string, value: unknown) => ({
    code: 'ERR_REPORT',
    reason: `Metric ${shown(name)} must be a number, but got ${typeof value === 'bigint' ? `${value}n, a bigint` : shown(value)}.`,
  }),
  nothingMeasured: (names: readonly string[]) => ({
    code: 'ERR_NO_REPORT',
    reason: `The objective ended without a value of ${named(names)}. Report it, or return it.`,
  }),
  /** @param line the last that it printed instead; empty where it printed nothing */
  nothingPrinted: (names: readonly string[], line: string, stderr: string) => ({
    code: 'ERR_NO_REPORT',
    reason: `The command ended without a report. It must print lines of JSON such as ${JSON.stringify(
      Object.fromEntries([['step', 1], ...names.map((name) => [name, 0.5])]),
    )}${line === '' ? ', but printed nothing' : `; the last that it printed was ${shown(line)}`}.${tail(stderr)}`,
  }),
  bytes: (what: string, given: unknown, most: number) => ({
    code: 'ERR_TRIAL_BYTES',
    reason: `${what} takes a Uint8Array of at most ${most} bytes, but got ${
      given instanceof Uint8Array ? `${given.length} bytes` : shown(given)
    }.`,
  }),
  commandMissing: (program: string, folder: string, reason: string) => ({
    code: 'ERR_COMMAND_START',
    reason: `The command ${shown(program)} cannot be started in ${shown(folder)}: ${reason}. Name a program of the PATH, or a file that may be executed.`,
  }),
  commandExit: (exitCode: number, stderr: string) => ({
    code: 'ERR_COMMAND_EXIT',
    reason: `The command ended with exit code ${exitCode}${withEnd(stderr)}`,
  }),
  commandSignal: (signal: string, stderr: string) => ({
    code: 'ERR_COMMAND_SIGNAL',
    reason: `The command was ended by ${signal}${signal === 'SIGKILL' ? ', as a system without memory left ends programs' : ''}${withEnd(stderr)}`,
  }),
} as const satisfies Record<string, (...given: never[]) => TrialFault>;

/** How much of what a program said last stands in a reason. */
const tailCharacters = 2_000;

/** As much as fits into a table's line. */
const lineCharacters = 200;

/** The end of a message: the line that says why, since tables show no more, then the end of the text, where there is more. */
function withEnd(stderr: string): string {
  const lines = stderr.trim().split('\n');
  // Python's last line is its error; Node's is its version, and what is indented is code or a stack.
  const why = lines.findLast((line) => /^\S/.test(line) && !line.startsWith('Node.js v'))?.trimEnd();
  if (why === undefined) return '.';
  return `: ${why.slice(0, lineCharacters)}${lines.length > 1 || why.length > lineCharacters ? `\n${tail(stderr).trim()}` : ''}`;
}

function tail(stderr: string): string {
  const text = stderr.trim().slice(-tailCharacters);
  return text === '' ? '' : ` It said:\n${text}`;
}
