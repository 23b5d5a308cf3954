/** Which machines a run has worked on, and how busy each was; nothing where that is one. */
import { machineColumns } from '../findings/machine-columns.ts';
import { machineLines, type RecordedMachines } from '../findings/machines.ts';
import { columnsTable } from './columns-table.ts';
import { type Html, html, none } from './html.ts';

export function machinesCard(recorded: RecordedMachines): Html {
  const lines = machineLines(recorded);
  if (lines.length === 0) return none;
  return html`<div class="card" id="machines"><h3>Machines</h3><p class="words">How much of their threads' time they were at trials, and how many of these they brought to an end.</p>
${columnsTable(machineColumns, lines, 'Machines')}</div>`;
}
