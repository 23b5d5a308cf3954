/** An executor whose trials end as soon as they begin: what is left is the cost of everything around them. */
import type { Executor } from '../src/execute/executor.ts';

export function instantExecutor(): Executor {
  const report = { step: 1, values: [1] };
  const result = { reports: [report], best: report, last: report, artifacts: [], spans: [], seconds: 0 };
  return {
    ...{ seats: 1, pauses: false, age: () => 0, ready: async () => {}, capacity: () => 1 },
    start: () => ({
      outcome: Promise.resolve({ state: 'done', result }),
      reports: () => [report],
      progress: () => ({ last: report, steps: 1 }),
      checkpoint: () => undefined,
      log: () => '',
      ...{ onReport: () => {}, prune: () => {}, stop: () => {} },
    }),
    stop: () => {},
    close: async () => {},
  };
}
