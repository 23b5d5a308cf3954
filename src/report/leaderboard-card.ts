/** The leaderboard's card: of networks that tell classes with the evidence drawn, of anything else with the columns that it has. */
import { areReplicated, combinationColumns } from '../findings/combinations.ts';
import type { Findings } from '../findings/findings.ts';
import { judgedBy } from '../findings/judged.ts';
import { leaderboardColumns } from '../findings/leaderboard.ts';
import { isClassMetric } from '../metric.ts';
import { replicatesExplained, termsExplained } from '../words/likeness.ts';
import { countedStep, deciding } from '../words/measures.ts';
import { commonText } from '../words/parameters.ts';
import { columnsTable } from './columns-table.ts';
import { type Html, html, none } from './html.ts';
import { foldedLeaderboard, leaderboardTable } from './leaderboard-table.ts';

/** Longer tables help nobody: the terminal and the database have the rest. */
const mostCombinations = 200;

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
  const shown = combinations.slice(0, mostCombinations);
  return html`<div class="card"><p class="words">The combinations by ${order}. ${replicatesExplained(tried)}${commonSentence}</p>
${columnsTable(combinationColumns(tried, shown), shown, 'Combinations')}
<details><summary>Each ${tried.replicateName}</summary>${table}</details>
${terms}</div>`;
}

function trialsTable({ standings, tried, experiment }: Findings): Html {
  const columns = leaderboardColumns(tried, standings);
  // What a trial is and has come to, before its many parameters: on narrow screens the others are scrolled to.
  const first = ['rank', 'trial', 'copyOf', 'state', ...judgedBy(experiment, tried).map(({ key }) => key)];
  const isFirst = ({ key }: { readonly key: string }) => first.includes(key);
  const ordered = [...columns.filter(isFirst), ...columns.filter((column) => !isFirst(column))];
  return foldedLeaderboard(standings, { open: 30, most: 500 }, (rows, label) =>
    columnsTable(ordered, rows, label, standings),
  );
}
