/** The leaderboard's card: of networks that tell classes with the evidence drawn, of anything else with the columns that it has. */
import { areReplicated, combinationColumns } from '../findings/combinations.ts';
import type { Findings } from '../findings/findings.ts';
import { judgedBy } from '../findings/judged.ts';
import { type LeaderboardRow, leaderboardColumns } from '../findings/leaderboard.ts';
import { isClassMetric } from '../metric.ts';
import { replicatesExplained, termsExplained } from '../words/likeness.ts';
import { countedStep, deciding } from '../words/measures.ts';
import { commonText } from '../words/parameters.ts';
import { countText } from '../words/units.ts';
import { columnsTable } from './columns-table.ts';
import { type Html, html, none } from './html.ts';
import { leaderboardTable } from './leaderboard-table.ts';

/** Longer tables help nobody: the terminal and the database have the rest. */
const most = { combinations: 200, trials: 500 };

export function leaderboardCard(findings: Findings): Html {
  const { standings, combinations, tried } = findings;
  if (standings.length === 0) return none;
  const { metric } = findings.experiment;
  const ofClasses = findings.kind === 'network' && metric !== null && isClassMetric(metric);
  const table = ofClasses ? leaderboardTable(standings, metric, tried) : trialsTable(findings);
  const terms = ofClasses
    ? html`<details><summary>What these columns mean</summary><dl class="terms">${termsExplained.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></details>`
    : none;
  const common = commonText(standings.map(({ trial }) => trial));
  const commonSentence = common === '' || ofClasses ? '' : ` ${common[0]?.toUpperCase()}${common.slice(1)}.`;
  const judged = judgedBy(findings.experiment, tried).map((measure) => measure.title);
  const order =
    judged.length > 1
      ? `Pareto front: those of front 1 are not dominated in ${judged.join(', ')}`
      : `${deciding(tried).title}, best first`;
  if (!areReplicated(combinations)) {
    const mark = ofClasses ? ' ≈ marks trials that cannot be told from the winner.' : '';
    return html`<div class="card"><p class="words">The ${countedStep(tried)} of each trial by ${order}.${mark}${commonSentence}</p>
${table}
${terms}</div>`;
  }
  const shown = combinations.slice(0, most.combinations);
  return html`<div class="card"><p class="words">The combinations by ${order}. ${replicatesExplained(tried)}${commonSentence}</p>
${columnsTable(combinationColumns(tried, shown), shown, 'Combinations')}
<details><summary>Each ${tried.replicateName}</summary>${table}</details>
${terms}</div>`;
}

/** Rows that stand before the figures; others are folded away below them. */
const openRows = 30;

function trialsTable({ standings, tried }: Findings): Html {
  const columns = leaderboardColumns(tried, standings);
  const [early, late] = [columns.filter(isEarly), columns.filter((column) => !isEarly(column))];
  const table = (rows: readonly LeaderboardRow[], label: string) =>
    columnsTable([...early, ...late], rows, label, standings);
  const folded = standings.slice(openRows, most.trials);
  const more =
    folded.length === 0
      ? none
      : html`<details><summary>${countText(folded.length)} more trials</summary>${table(folded, 'More of the leaderboard')}</details>`;
  const rest =
    standings.length > most.trials
      ? html`<p class="words">${countText(most.trials)} of ${countText(standings.length)} trials. All of them: <code>coresweep leaderboard</code></p>`
      : none;
  return html`${table(standings.slice(0, openRows), 'Leaderboard')}${more}${rest}`;
}

/** What a trial is, before its many parameters: on narrow screens the others are scrolled to. */
const isEarly = ({ key }: { readonly key: string }): boolean => ['rank', 'trial', 'state'].includes(key);
