/** What the stored definition of an experiment says, where this version of coresweep can read it. */
import { partsOf } from '../data/split.ts';
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import type { Role } from '../trial.ts';

/** How many rows a network is measured on. */
export function evaluationRows(definition: Experiment | undefined, role: Role): number | undefined {
  if (definition === undefined) return undefined;
  const { data } = definition;
  const range = role === 'search' ? data.validation : data.test;
  if (range !== undefined) return range[1] - range[0];
  const split = 'split' in data ? data.split : undefined;
  if (split?.rows === undefined) return undefined;
  return partsOf(split, split.rows)[role === 'search' ? 'validation' : 'test'];
}
