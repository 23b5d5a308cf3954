/** How good the final model is class by class, as a card of the page. Not here: the numbers. */

import { classification } from '../evidence/classification.ts';
import { mostScored } from '../evidence/classified-rows.ts';
import { scoreColumns, scoreRows, scoresExplained, scoresText } from '../findings/class-scores.ts';
import { type Findings, knownPredictions } from '../findings/findings.ts';
import { columnsTable } from './columns-table.ts';
import { type Html, html, none } from './html.ts';

export function scoresCard(findings: Findings): Html {
  const predictions = knownPredictions(findings);
  if (predictions === undefined || predictions.classes.length > mostScored) return none;
  const found = classification(predictions);
  return html`<div class="card" id="classes"><h3>Class by class</h3><p class="words">${scoresText(found)}, on the test rows.</p>
${columnsTable(scoreColumns, scoreRows(found), 'Class by class')}
<p class="words">${scoresExplained}</p></div>`;
}
