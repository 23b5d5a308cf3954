/**
 * The leaderboard in a format: a row a trial, or a row a combination where those have replicates.
 * Not here: its columns (findings/leaderboard.ts), the order of trials, which the store decides.
 */

import { areReplicated, combinationColumns } from '../findings/combinations.ts';
import { leaderboardColumns, leaderboardRows } from '../findings/leaderboard.ts';
import type { Standings } from '../findings/standings.ts';
import type { Trial } from '../trial.ts';
import type { Format } from '../words/formats.ts';
import { foldsExplained, likeWinner, markExplained } from '../words/likeness.ts';
import { networksBy, type Tried } from '../words/measures.ts';
import { commonText } from '../words/parameters.ts';
import { wrapped } from '../words/text.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

/**
 * Trials, best first, as a leaderboard; ranks count the done ones.
 *
 * ```ts
 * console.log(leaderboardAs('markdown', trials));
 * ```
 */
export function leaderboardAs(
  format: Format,
  trials: readonly Trial[],
  tried: Tried = networksBy('validationAccuracy'),
): string {
  return standingsAs(format, { tried, trials: leaderboardRows(trials), combinations: [] });
}

export interface LeaderboardOptions {
  /** A row a trial, also where combinations have several. */
  readonly replicates?: boolean;
}

/**
 * The same with what is known beside the trials: a row a combination where those have replicates. People are told what the
 * mark in it means.
 */
export function standingsAs(
  format: Format,
  { tried, trials, combinations, folds, frontTexts, remarks: ofAll = [] }: Standings,
  paper?: Paper,
  { replicates = false }: LeaderboardOptions = {},
): string {
  const isByCombination = !replicates && areReplicated(combinations);
  const table = isByCombination
    ? rowsAs(format, combinationColumns(tried, combinations), combinations, paper)
    : rowsAs(format, leaderboardColumns(tried, trials), trials, paper);
  if (format === 'json' || format === 'csv') return table;
  const remarks = [
    ...ofAll,
    frontTexts?.[isByCombination ? 'combinations' : 'trials'] ?? '',
    commonText(isByCombination ? combinations : trials.map(({ trial }) => trial)),
    folds !== undefined && isByCombination ? foldsExplained(folds) : '',
    // Its column may be left out of a table that is too wide.
    table.includes(likeWinner) ? markExplained : '',
  ].filter(Boolean);
  const blank = format === 'markdown' ? ['', ''] : [''];
  const lines = remarks.map((remark) => wrapped(remark, paper?.width ?? Number.POSITIVE_INFINITY));
  return lines.reduce((text, line) => `${text}${blank.join('\n')}\n${line}`, table);
}
