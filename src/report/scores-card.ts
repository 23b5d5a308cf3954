/** How good the final model is, class by class, and how far its outputs can be trusted, as cards of the page. Not here: the numbers. */
import {
  classificationOf,
  reliabilityColumns,
  reliabilityExplained,
  scoreColumns,
  scoreRows,
  scoresExplained,
  scoresText,
} from '../findings/class-scores.ts';
import type { Findings } from '../findings/findings.ts';
import { columnsTable } from './columns-table.ts';
import { type Html, html, none } from './html.ts';

/** More classes than that are a table that nobody reads. */
const mostClasses = 100;

export function scoresCard(findings: Findings): Html {
  const predictions = findings.kind === 'network' ? findings.predictions : undefined;
  if (predictions === undefined || 'reason' in predictions || predictions.classes.length > mostClasses)
    return none;
  const found = classificationOf(predictions);
  const filled = found.reliability.filter(({ rows }) => rows > 0);
  return html`<div class="card" id="classes"><h3>Class by class</h3><p class="words">${scoresText(found)}, on the test rows.</p>
${columnsTable(scoreColumns, scoreRows(found), 'Class by class')}
<p class="words">${scoresExplained}</p>
<details><summary>How far its outputs can be trusted</summary><p class="words">${reliabilityExplained}</p>
${columnsTable(reliabilityColumns, filled, 'Calibration')}</details></div>`;
}
