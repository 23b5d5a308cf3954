/** Precision, recall and F1 of the final model as a card of the page. Not here: the numbers. */
import {
  classificationOf,
  scoreColumns,
  scoreRows,
  scoresExplained,
  scoresText,
} from '../findings/class-scores.ts';
import type { Findings } from '../findings/findings.ts';
import { type Html, html, none } from './html.ts';

/** More classes than that are a table that nobody reads. */
const mostClasses = 100;

export function scoresCard(findings: Findings): Html {
  const predictions = findings.kind === 'network' ? findings.predictions : undefined;
  if (predictions === undefined || 'reason' in predictions || predictions.classes.length > mostClasses)
    return none;
  const found = classificationOf(predictions);
  const heads = scoreColumns.map(({ title, align }) =>
    align === 'left' ? html`<th scope="col" class="text">${title}</th>` : html`<th scope="col">${title}</th>`,
  );
  const rows = scoreRows(found).map((row) => {
    const cells = scoreColumns.map(({ align, value, text }) => {
      const shown = text?.(row) ?? String(value(row));
      return align === 'left' ? html`<td class="text">${shown}</td>` : html`<td>${shown}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="card" id="classes"><h3>Class by class</h3><p class="words">${scoresText(found)}, on the test rows.</p>
<div class="scrolls" tabindex="0" role="region" aria-label="Class by class"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows}
</tbody></table></div>
<p class="words">${scoresExplained}</p></div>`;
}
