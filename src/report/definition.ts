/** What the stored definition of an experiment says, where this version of coresweep can read it. */
import { type Experiment, experimentShape } from '../experiment/schema.ts';
import type { Phase } from '../trial.ts';

/** The definition that `stored` holds as JSON; undefined for one that another version has written differently. */
export function definitionOf(stored: { readonly definition: string }): Experiment | undefined {
  const parsed = experimentShape.safeParse(JSON.parse(stored.definition));
  return parsed.success ? parsed.data : undefined;
}

/** How many rows a phase is measured on. */
export function evaluationRows(definition: Experiment | undefined, phase: Phase): number | undefined {
  const range = phase === 1 ? definition?.data.validation : definition?.data.test;
  return range && range[1] - range[0];
}
