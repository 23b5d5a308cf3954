/** What the stored definition of an experiment says, where this version of coresweep can read it. */
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import type { Role } from '../trial.ts';

/** How many rows a phase is measured on. */
export function evaluationRows(definition: Experiment | undefined, role: Role): number | undefined {
  const range = role === 'search' ? definition?.data.validation : definition?.data.test;
  return range && range[1] - range[0];
}
