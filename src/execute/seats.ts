/**
 * An executor of seats: in each, one worker runs one trial at a time, and a failure in one seat does not affect the others.
 * Not here: what a worker is, a thread (functions.ts) or a process (commands.ts).
 */

import { errors } from '../errors.ts';
import type { TrialFault } from '../objective/trial-faults.ts';
import type { TrialOutcome } from '../trial.ts';
import type { Executor, Job, Running } from './executor.ts';
import { type Measured, type Request, Underway, type WorkEnd } from './underway.ts';
import { watch } from './watchdog.ts';

/** Does the work in a seat. */
export interface SeatWorker {
  /** Prepares what every trial needs. Never rejects. @returns why no trial could run */
  prepare?(): Promise<TrialFault | undefined>;
  /** Does one trial, one at a time. Never rejects. */
  work(trial: Underway): Promise<WorkEnd>;
  /** Whether it is still starting, which does not count as its trial's time; absent where it starts at once. */
  isBooting?(): boolean;
  /** Asks the trial at work to end. */
  ask(request: Request): void;
  /** Ends it at once: it has failed, or was asked to end and did not. */
  kill(fault: TrialFault | undefined): void;
  close(): Promise<void>;
}

/** How long a trial may take to end once it was asked to. */
const usualGraceMs = 3_000;

export function seatedExecutor(
  measured: Measured,
  workers: readonly SeatWorker[],
  graceMs: number = usualGraceMs,
): Executor {
  const born = performance.now();
  const age = () => (performance.now() - born) / 1000;
  const atWork: (Underway | undefined)[] = workers.map(() => undefined);
  const outcomes = new Set<Promise<TrialOutcome>>();
  let isClosed = false;

  async function run(seat: number, worker: SeatWorker, trial: Underway, grace: Grace): Promise<TrialOutcome> {
    const from = age();
    const unwatch = watch(
      trial.job.limits,
      0,
      () => trial.beat,
      (fault) => worker.kill(fault),
      () => worker.isBooting?.() === true,
    );
    const end = await worker.work(trial);
    unwatch();
    clearTimeout(grace.timer);
    const to = age();
    atWork[seat] = undefined;
    return trial.outcome(end, [{ thread: seat, from, to }], to - from);
  }

  const stop = () => {
    for (const trial of atWork) trial?.running.stop();
  };

  return {
    seats: workers.length,
    pauses: false,
    age,
    async ready() {
      // The first one's answer stands for all: they all prepare the same.
      const prepared = workers.map((worker) => worker.prepare?.());
      const fault = await prepared[0];
      // Closing it meanwhile has ended the preparation.
      if (fault !== undefined && !isClosed) throw errors.objectiveUnusable(fault);
    },
    capacity: () => workers.length,
    start(job: Job): Running {
      const seat = atWork.indexOf(undefined);
      const worker = workers[seat];
      if (worker === undefined) throw new Error(`${workers.length} trials are under way already.`);
      const { promise: outcome, resolve } = Promise.withResolvers<TrialOutcome>();
      const grace: Grace = { timer: undefined };
      const trial: Underway = new Underway(job, measured, outcome, (request) => {
        // Its work may be over, and its judgement not.
        if (atWork[seat] !== trial) return;
        worker.ask(request);
        grace.timer ??= setTimeout(() => worker.kill(undefined), graceMs);
      });
      atWork[seat] = trial;
      outcomes.add(outcome);
      const ended = run(seat, worker, trial, grace);
      void ended.then((how) => {
        outcomes.delete(outcome);
        resolve(how);
      });
      return trial.running;
    },
    stop,
    async close() {
      isClosed = true;
      stop();
      await Promise.all(outcomes);
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

/** The time that a trial has to end once it was asked to. */
interface Grace {
  timer: NodeJS.Timeout | undefined;
}
