/** What every torture suite is. */
import { spawnSync } from 'node:child_process';

export interface SuiteOptions {
  /** How often; what a round is differs between suites. */
  readonly rounds: number;
  readonly seed: number;
  /** Whether times are held to what is promised, as on a machine that does nothing else; default: true. */
  readonly isStrict?: boolean;
}

export interface SuiteReport {
  /** Faults that were provoked. */
  readonly tried: number;
  /** What went wrong. */
  readonly found: readonly string[];
  /** Why nothing was tried. */
  readonly skipped?: string;
}

export interface Suite {
  /** What is counted: "kills". */
  readonly unit: string;
  /** Rounds inside npm test. */
  readonly shortRounds: number;
  readonly longRounds: number;
  run(options: SuiteOptions): Promise<SuiteReport>;
}

/** `count` of `values`, spread over all of them. */
export const evenly = <Value>(values: readonly Value[], count: number): Value[] =>
  count >= values.length
    ? [...values]
    : Array.from(
        { length: count },
        (_, index) => values[Math.floor((index + 0.5) * (values.length / count))] as Value,
      );

/** Why system calls cannot be meddled with here; undefined where they can. */
export function withoutStrace(): string | undefined {
  const { status } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
  return status === 0
    ? undefined
    : 'strace is not installed here, or may not trace (Debian: apt install strace)';
}
