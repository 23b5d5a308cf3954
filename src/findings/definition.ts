/** What the stored definition of an experiment says, where this version of coresweep can read it. */
import { partsOf } from '../data/split.ts';
import { foldsOf } from '../experiment/replicates.ts';
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import type { Role } from '../trial.ts';

/** How many rows a network is measured on: in each fold, where there are folds. */
export function evaluationRows(definition: Experiment | undefined, role: Role): number | undefined {
  if (definition === undefined) return undefined;
  const { data } = definition;
  const measured = role === 'final' ? 'test' : data.folds === undefined ? 'validation' : 'train';
  const range = data[measured];
  const split =
    'split' in data && data.split?.rows !== undefined ? partsOf(data.split, data.split.rows) : undefined;
  const rows = range === undefined ? split?.[measured] : range[1] - range[0];
  return measured === 'train' && rows !== undefined ? Math.floor(rows / foldsOf(definition)) : rows;
}
