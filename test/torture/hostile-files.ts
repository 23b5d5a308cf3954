/** Files with bytes changed, cut off and made up: every answer must be one of the documented errors, or right. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoresweepError } from '../../src/errors.ts';
import { chance, evenly, type Suite } from './suite.ts';

/** One file; what is wrong with the answer to it, undefined where nothing is. */
export type Attempt = () => Promise<string | undefined>;

interface HostileFiles extends Pick<Suite, 'unit' | 'shortRounds' | 'longRounds'> {
  /** So many, or all that there are. */
  attempts(folder: string, random: () => number, rounds: number): readonly Attempt[];
}

/** A round is a file. */
export const hostileFiles = ({ attempts, ...about }: HostileFiles): Suite => ({
  ...about,
  async run({ rounds, seed }) {
    const folder = mkdtempSync(join(tmpdir(), 'coresweep-hostile-'));
    const chosen = evenly(attempts(folder, chance(seed), rounds), rounds);
    const found: string[] = [];
    for (const attempt of chosen) {
      const fault = await attempt();
      if (fault !== undefined) found.push(fault);
      if (Object.keys(Object.prototype).length > 0) found.push('Object.prototype has changed');
    }
    rmSync(folder, { recursive: true, force: true });
    return { tried: chosen.length, found };
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
