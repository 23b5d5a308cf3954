/** What the stored definition of an experiment says, where this version of coresweep can read it. */
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import type { Phase } from '../trial.ts';

/** How many rows a phase is measured on. */
export function evaluationRows(definition: Experiment | undefined, phase: Phase): number | undefined {
  const range = phase === 1 ? definition?.data.validation : definition?.data.test;
  return range && range[1] - range[0];
}
