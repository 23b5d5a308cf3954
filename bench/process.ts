/** Whole processes timed from outside, in turn: A B C C B A A B C ..., so that a drift of the machine's speed meets all alike. */
import { spawn } from 'node:child_process';

export interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Its environment, if not this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Wall seconds of each counted run. */
export interface Timing {
  readonly name: string;
  readonly seconds: readonly number[];
  /** Peak resident memory of each run in MiB; 0 where the system does not tell. */
  readonly peakMiB: readonly number[];
}

/** Who takes longer than this is run once: minutes of it would say no more. */
const longSeconds = 20;

/** Runs every contestant `rounds` times after one uncounted round, and tells of each run. */
export async function timeInTurn(contestants: readonly Contestant[], rounds: number): Promise<Timing[]> {
  const seconds = contestants.map(() => [] as number[]);
  const peakMiB = contestants.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    const all = [...contestants.entries()];
    // There and back, or each would always run after the same one, some of which leave the processor hot.
    for (const [index, contestant] of round % 2 === 0 ? all : all.reverse()) {
      if ((seconds[index]?.[0] ?? 0) > longSeconds) continue;
      const run = await runOnce(contestant);
      const counts = round > 0 || run.seconds > longSeconds;
      console.log(`  ${contestant.name}: ${run.seconds.toFixed(2)} s${counts ? '' : ', not counted'}`);
      if (!counts) continue;
      seconds[index]?.push(run.seconds);
      peakMiB[index]?.push(run.peakMiB);
    }
  }
  return contestants.map(({ name }, index) => ({
    name,
    seconds: seconds[index] ?? [],
    peakMiB: peakMiB[index] ?? [],
  }));
}

/** GNU time writes the peak memory of the process it ran; without it only the clock is read. */
const gnuTime = '/usr/bin/time';

async function runOnce({
  name,
  command,
  args,
  env,
}: Contestant): Promise<{ seconds: number; peakMiB: number }> {
  const started = performance.now();
  const child = spawn(gnuTime, ['-f', 'peak %M', command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: env ?? process.env,
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${name} has ended with exit code ${code}:\n${errors.slice(-2000)}`);
  const peakKiB = Number(/^peak (\d+)$/m.exec(errors)?.[1] ?? 0);
  return { seconds, peakMiB: peakKiB / 1024 };
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1
      ? (sorted[Math.floor(middle)] ?? Number.NaN)
      : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** How many times as long `other` takes as `one`, round by round; all rounds against the only one of who was run once. */
export const ratio = (one: Timing, other: Timing): Spread =>
  spreadOf(
    one.seconds.map((seconds, round) => (other.seconds[round] ?? other.seconds[0] ?? Number.NaN) / seconds),
  );

/** `3.42 (3.31 to 3.60)` */
export const spreadText = ({ median, min, max }: Spread, digits = 2): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
