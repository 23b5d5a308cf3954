/**
 * Files with bytes changed, cut off and made up: every answer must be one of the documented errors, or right.
 * They are read by a process of its own (hostile-process.ts), because a parser that hangs cannot be stopped from within.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoresweepError } from '../../src/errors.ts';
import type { Suite, SuiteReport } from './suite.ts';

/** One file; what is wrong with the answer to it, undefined where nothing is. */
export type Attempt = () => Promise<string | undefined>;

export interface HostileFiles extends Pick<Suite, 'unit' | 'shortRounds' | 'longRounds'> {
  /** So many, or all that there are. */
  attempts(folder: string, random: () => number, rounds: number): readonly Attempt[];
}

/** What such a process tells: that it begins with a file, or that it is through. */
export type HostileMessage =
  | {
      readonly kind: 'file';
      readonly tried: number;
      readonly found: readonly string[];
      readonly peak: number;
    }
  | {
      readonly kind: 'end';
      readonly tried: number;
      readonly found: readonly string[];
      readonly peak: number;
    };

/** MiB; the hostile files are small. */
const mostMemory = 1_024;
/** A file is read in milliseconds; on a machine that does nothing else no stall is longer. */
const mostSeconds = { strict: 20, busy: 180 };

/** A round is a file. @param module the address of the module that exports `files` as `hostile` */
export const hostileFiles = (module: string, files: HostileFiles): Suite => ({
  ...files,
  run({ rounds, seed, isStrict = true }) {
    const seconds = isStrict ? mostSeconds.strict : mostSeconds.busy;
    const script = fileURLToPath(new URL('hostile-process.ts', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'coresweep-hostile-'));
    const child = fork(script, [module, folder, String(rounds), String(seed)], {
      execArgv: [...process.execArgv, `--max-old-space-size=${mostMemory}`],
    });
    return new Promise<SuiteReport>((resolve) => {
      let last: HostileMessage = { kind: 'file', tried: 0, found: [], peak: 0 };
      const end = (...more: readonly string[]) => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.kill('SIGKILL');
        rmSync(folder, { recursive: true, force: true });
        resolve({ tried: last.tried, found: [...last.found, ...more] });
      };
      const timer = setTimeout(
        () => end(`file ${last.tried + 1} takes longer than ${seconds} s`),
        1_000 * seconds,
      );
      child.on('message', (message: HostileMessage) => {
        last = message;
        timer.refresh();
        if (message.peak > mostMemory)
          end(`after file ${message.tried} the process has held ${message.peak} MiB`);
        else if (message.kind === 'end') end();
      });
      child.on('error', (error) => end(String(error)));
      child.on('exit', (code, signal) => end(`file ${last.tried + 1} ends the process: ${signal ?? code}`));
    });
  },
});

interface Answer {
  /** Undefined where it was refused. */
  readonly value?: unknown;
  /** Why an error is not one that a person can read. */
  readonly fault?: string;
}

/** Runs `act`, which may only throw what is documented. */
export async function answerOf(what: string, act: () => unknown): Promise<Answer> {
  try {
    return { value: (await act()) ?? 'an answer' };
  } catch (error) {
    if (!(error instanceof CoresweepError))
      return { fault: `${what}: ${error instanceof Error ? error.stack : String(error)}` };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(error.message))
      return { fault: `${what}: control characters in ${JSON.stringify(error.message)}` };
    return {};
  }
}
