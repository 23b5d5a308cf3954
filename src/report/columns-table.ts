/** A table of the page whose columns the terminal has too: as text, those that show something. */
import type { Column } from '../words/column.ts';
import { type Html, html, trusted } from './html.ts';

/** @param all the rows that decide which columns are shown */
export function columnsTable<Row extends object>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  label: string,
  all: readonly Row[] = rows,
): Html {
  const shown = columns.filter(({ visible }) => visible?.(all) ?? true);
  const tableRow = (row: Row) => {
    const cells = shown.map((column) => bodyCell(column, row));
    return html`<tr${trusted('rank' in row && row.rank === 1 ? ' class="winner"' : '')}>${cells}</tr>`;
  };
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${shown.map(headCell)}</tr></thead>
<tbody>
${rows.map(tableRow)}
</tbody></table></div>`;
}

export const headCell = <Row>({ title, align }: Column<Row>): Html =>
  align === 'left' ? html`<th scope="col" class="text">${title}</th>` : html`<th scope="col">${title}</th>`;

export function bodyCell<Row>({ value, text, align }: Column<Row>, row: Row): Html {
  const cell = String(text?.(row) ?? value(row) ?? '');
  return align === 'left' ? html`<td class="text">${cell}</td>` : html`<td>${cell}</td>`;
}
