/** How long a run takes for each of its trials, whatever they are: as its events tell it. */
import type { SweepEvent } from '../src/sweep/events.ts';

export interface TrialCost {
  readonly msPerTrial: number;
  /** CPU time of the whole process, its threads among them. */
  readonly cpuMsPerTrial: number;
  /** Of the first and the last tenth, a thousand trials at most. */
  readonly firstMsPerTrial: number;
  readonly lastMsPerTrial: number;
}

/** Runs what is given with ears for its events, from the start of its search to the end of its last trial. */
export async function trialCost(
  run: (hear: (event: SweepEvent) => void) => Promise<unknown>,
): Promise<TrialCost> {
  const finishedAt: number[] = [];
  let startedAt = 0;
  let before = process.cpuUsage();
  await run(({ kind }) => {
    if (kind === 'phase started') {
      startedAt = performance.now();
      before = process.cpuUsage();
    }
    if (kind === 'trial finished') finishedAt.push(performance.now());
  });
  const { user, system } = process.cpuUsage(before);
  const trials = finishedAt.length;
  const tenth = Math.min(1_000, Math.ceil(trials / 10));
  const between = (from: number, to: number) =>
    ((finishedAt[to - 1] ?? Number.NaN) - (from === 0 ? startedAt : (finishedAt[from - 1] ?? Number.NaN))) /
    (to - from);
  return {
    msPerTrial: between(0, trials),
    cpuMsPerTrial: (user + system) / 1000 / trials,
    firstMsPerTrial: between(0, tenth),
    lastMsPerTrial: between(trials - tenth, trials),
  };
}
