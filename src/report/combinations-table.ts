/** The combinations of a search with replicates as a table of the page. */

import { type CombinationRow, combinationColumns } from '../findings/combinations.ts';
import type { Tried } from '../words/measures.ts';
import { type Html, html, trusted } from './html.ts';

/** A longer table helps nobody: the terminal and the database have the rest. */
const mostRows = 200;

export function combinationsTable(tried: Tried, combinations: readonly CombinationRow[]): Html {
  const shown = combinations.slice(0, mostRows);
  const columns = combinationColumns(tried, shown).filter(({ visible }) => visible?.(shown) ?? true);
  const row = (combination: CombinationRow) => {
    const cells = columns.map(({ value, text }) => {
      const shown = text?.(combination) ?? value(combination) ?? '';
      return html`<td>${String(shown)}</td>`;
    });
    return html`<tr${trusted(combination.rank === 1 ? ' class="winner"' : '')}>${cells}</tr>`;
  };
  return html`<div class="scrolls" tabindex="0" role="region" aria-label="Combinations"><table>
<thead><tr>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${shown.map(row)}
</tbody></table></div>`;
}
