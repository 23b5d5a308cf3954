/**
 * An executor whose trials are formulas and take random times: some fail, some diverge, all report as they go.
 * Not here: anything real. It is the functions' executor with simulated work in its seats.
 */
import { setImmediate } from 'node:timers/promises';
import type { Executor } from '../../src/execute/executor.ts';
import { type SeatWorker, seatedExecutor } from '../../src/execute/seats.ts';
import type { Measured, Underway, WorkEnd } from '../../src/execute/underway.ts';
import { randomStream } from '../../src/random.ts';

/** What a trial reports at a step, by its parameters alone; undefined where it fails there, NaN where it diverges. */
export type Formula = (params: Underway['job']['params'], step: number) => number | undefined;

export interface SimulatedWork {
  readonly formula: Formula;
  readonly steps: number;
  /** Seed of the durations: another one is another order of events. */
  readonly chance: number;
  /** Whether they go on without waiting for what is decided about a report, and hear of their end late, as programs do. */
  readonly hurries?: boolean;
}

export function simulatedSeats(measured: Measured, seats: number, work: SimulatedWork): Executor {
  const random = randomStream(work.chance, 'search', 0, 0);
  const worker = (): SeatWorker => {
    let isAsked = false;
    return {
      async work(trial): Promise<WorkEnd> {
        isAsked = false;
        // Whoever starts a trial listens before it has reported.
        await setImmediate();
        for (let step = trial.lastStep + 1; step <= work.steps; step++) {
          for (let turns = random.below(12); turns > 0 && (work.hurries || !isAsked); turns--)
            await setImmediate();
          if (isAsked) return { kind: 'gave way' };
          const value = work.formula(trial.job.params, step);
          if (value === undefined)
            return { kind: 'failed', fault: { code: 'ERR_TRIAL_THREW', reason: 'planted' } };
          if (!Number.isFinite(value)) return { kind: 'diverged', step };
          const judged = trial.report({ step, values: [value] });
          if (!work.hurries && (await judged) === 'prune') return { kind: 'gave way' };
        }
        return { kind: 'complete', values: undefined };
      },
      ask: () => {
        isAsked = true;
      },
      kill: () => {
        isAsked = true;
      },
      close: async () => {},
    };
  };
  return seatedExecutor(measured, Array.from({ length: seats }, worker));
}
