/**
 * The machines of a run as rows: their threads, how busy they were, what they do now and who was lost when.
 * Not here: what is counted of them, and in which columns (findings). A run on one machine shows none of this.
 */
import { machineColumns } from '../findings/machine-columns.ts';
import type { MachineLine } from '../findings/machines.ts';
import type { Format } from '../words/formats.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

export const machinesAs = (
  format: Format,
  { machines }: { readonly machines: readonly MachineLine[] },
  paper?: Paper,
): string =>
  format === 'table' && machines.length === 0
    ? 'The run has worked on one machine, without a queue.'
    : rowsAs(format, machineColumns, machines, paper);
