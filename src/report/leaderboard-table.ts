/** The leaderboard of networks that tell classes as a table of the page, with each accuracy's interval drawn to one scale. */

import type { Interval } from '../evidence/statistics.ts';
import type { LeaderboardRow } from '../findings/leaderboard.ts';
import { type ClassMetric, epochOf, metricsFrom } from '../metric.ts';
import type { Column } from '../words/column.ts';
import { extent } from '../words/extent.ts';
import { isLikeWinner, likeWinner } from '../words/likeness.ts';
import type { Tried } from '../words/measures.ts';
import { parameterColumns } from '../words/parameters.ts';
import { stateText } from '../words/trial-state.ts';
import { countText, intervalText, lossText, percent, pText, secondsText } from '../words/units.ts';
import { bodyCell, headCell } from './columns-table.ts';
import { type Html, html, none, trusted } from './html.ts';

/** How much of a leaderboard is shown: a longer one helps nobody, and the terminal and the database have the rest. */
interface Shown {
  /** Rows that stand before the figures; others are folded away below them. */
  readonly open: number;
  readonly most: number;
}

export function foldedLeaderboard(
  standings: readonly LeaderboardRow[],
  { open, most }: Shown,
  table: (rows: readonly LeaderboardRow[], label: string) => Html,
): Html {
  const folded = standings.slice(open, most);
  const more =
    folded.length === 0
      ? none
      : html`<details><summary>${countText(folded.length)} more trials</summary>${table(folded, 'More of the leaderboard')}</details>`;
  const rest =
    standings.length > most
      ? html`<p class="words">${countText(most)} of ${countText(standings.length)} trials. All of them: <code>coresweep leaderboard</code></p>`
      : none;
  return html`${table(standings.slice(0, open), 'The best trials')}${more}${rest}`;
}

const shownRows: Shown = { open: 50, most: 1000 };

export function leaderboardTable(
  standings: readonly LeaderboardRow[],
  metric: ClassMetric,
  { replicateName }: Tried,
): Html {
  const shown = standings.slice(0, shownRows.most);
  const intervals = shown.flatMap(({ interval }) => (interval === undefined ? [] : [interval]));
  const scale = scaleOf(intervals);
  const parameters = parameterColumns(shown, ({ trial }) => trial.params);
  const optional = {
    copies: standings.some(isCopy),
    replicates: standings.some(({ trial }) => trial.replicate > 0),
  };
  const table = (rows: readonly LeaderboardRow[], label: string) =>
    html`<div class="scrolls" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr><th scope="col">rank</th><th scope="col">trial</th>${
      optional.copies ? html`<th scope="col">copy of</th>` : none
    }${parameters.map(headCell)}${
      optional.replicates ? html`<th scope="col">${replicateName}</th>` : none
    }${metricsFrom(metric).map(({ quantity }) => heads[quantity])}<th scope="col">best epoch</th><th scope="col">time</th></tr></thead>
<tbody>
${rows.map((row) => tableRow(row, metric, scale, parameters, optional))}
</tbody></table></div>`;
  return foldedLeaderboard(standings, shownRows, table);
}

const isCopy = ({ copyOf }: LeaderboardRow): boolean => copyOf !== undefined;

/** The accuracy stands with its evidence. */
const heads: Readonly<Record<'accuracy' | 'loss', Html>> = {
  accuracy: html`<th scope="col">validation accuracy</th><th scope="col" class="text" colspan="2">95 % interval</th><th scope="col" class="against">p against winner</th>`,
  loss: html`<th scope="col">validation loss</th>`,
};

function tableRow(
  row: LeaderboardRow,
  metric: ClassMetric,
  scale: Scale,
  parameters: readonly Column<LeaderboardRow>[],
  optional: { readonly copies: boolean; readonly replicates: boolean },
): Html {
  const { rank, trial } = row;
  const first = html`<td>${rank ?? ''}</td><td>${trial.number}</td>${
    optional.copies ? html`<td>${row.copyOf ?? ''}</td>` : none
  }${parameters.map((column) => bodyCell(column, row))}${
    optional.replicates ? html`<td>${trial.replicate}</td>` : none
  }`;
  if (trial.state !== 'done') {
    return html`<tr>${first}<td class="text reason ${trial.state}" colspan="7">${stateText(trial, 'epoch', row.state)}</td></tr>`;
  }
  const { epoch, evaluationAccuracy, evaluationLoss } = epochOf(metric, trial.best);
  const cells: Record<'accuracy' | 'loss', Html> = {
    accuracy: html`<td>${percent(evaluationAccuracy)}</td>${intervalCells(row, evaluationAccuracy, scale)}<td>${againstWinner(row)}</td>`,
    loss: html`<td>${lossText(evaluationLoss)}</td>`,
  };
  return html`<tr${rank === 1 ? trusted(' class="winner"') : none}>${first}${metricsFrom(metric).map(({ quantity }) => cells[quantity])}<td>${epoch}</td><td>${secondsText(trial.seconds)}</td></tr>`;
}

function againstWinner(row: LeaderboardRow): Html {
  if (row.rank === 1) return html`winner`;
  if (row.p === undefined) return none;
  const mark = html` <abbr title="not distinguishable from the winner">${likeWinner}</abbr>`;
  return html`${pText(row.p)}${isLikeWinner(row) ? mark : none}`;
}

function intervalCells({ interval }: LeaderboardRow, accuracy: number, scale: Scale): Html {
  if (interval === undefined) return html`<td></td><td></td>`;
  return html`<td class="text">${intervalText(interval)}</td><td>${trusted(whisker(interval, accuracy, scale))}</td>`;
}

/** What the drawn intervals are measured by. */
interface Scale {
  readonly from: number;
  readonly to: number;
  /** The winner's interval, drawn behind all others. */
  readonly winner: Interval;
}

/** How many of the winner's intervals the scale is wide: more, and nobody could see how wide they are. */
const widest = 4;

/** From the winner's end down to the lowest interval, or as far as the winner's can still be seen. */
function scaleOf(intervals: readonly Interval[]): Scale {
  const winner = intervals[0] ?? { low: 0, high: 1 };
  const [lowest, to] = extent(intervals.flatMap(({ low, high }) => [low, high]));
  return { from: Math.max(lowest, to - widest * (winner.high - winner.low)), to, winner };
}

/** A line from end to end and a dot where the accuracy is; an arrow for what lies below the scale. */
function whisker({ low, high }: Interval, at: number, { from, to, winner }: Scale): string {
  const x = (share: number) => (4 + (112 * (share - from)) / (to - from || 1)).toFixed(1);
  const band = `<rect x="${x(winner.low)}" y="0" width="${(Number(x(winner.high)) - Number(x(winner.low))).toFixed(1)}" height="22" fill="var(--good)" opacity="0.14"/>`;
  const mark =
    high < from
      ? '<path d="M9 7L3 11L9 15" fill="none" stroke="var(--soft)" stroke-width="1.5"/>'
      : `<path d="M${x(Math.max(low, from))} 11H${x(high)}" stroke="var(--good)" stroke-width="3"/><circle cx="${x(Math.max(at, from))}" cy="11" r="3.5" fill="var(--ink)"/>`;
  return `<svg width="120" height="22" viewBox="0 0 120 22" aria-hidden="true">${band}${mark}</svg>`;
}
