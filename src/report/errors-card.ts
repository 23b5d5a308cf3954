/** How far off the final model is, target by target, as a card of the page. Not here: the numbers. */
import { type Findings, knownNumbers } from '../findings/findings.ts';
import { errorColumns, errorsExplained } from '../findings/number-predictions.ts';
import { columnsTable } from './columns-table.ts';
import { type Html, html, none } from './html.ts';

export function errorsCard(findings: Findings): Html {
  const targets = knownNumbers(findings);
  if (targets.length === 0) return none;
  return html`<div class="card" id="errors"><h3>Target by target</h3><p class="words">On the test rows.</p>
${columnsTable(errorColumns, targets, 'Target by target')}
<p class="words">${errorsExplained}</p></div>`;
}
