/** The leaderboard with its evidence: how sure each accuracy is, and which trials cannot be told from the winner. */

import { recordedDefinition } from '../experiment/recorded.ts';
import type { Experiment, Results } from '../store/results.ts';
import { evaluationRows } from './definition.ts';
import { extent } from './extent.ts';
import { type LeaderboardRow, leaderboardRows } from './leaderboard.ts';
import { mcnemarTest, wilsonInterval } from './statistics.ts';

/** A difference with a p value of at least this may be chance. */
export const significance = 0.05;

/** What is asked of the store for a leaderboard. */
export type StandingsSource = Pick<Results, 'ranked' | 'correct'> & Partial<Pick<Results, 'curve'>>;

/**
 * The trials of phase 1, best first; with `results.curve` also their accuracies by epoch, for sparklines.
 * One read a trial: 10,000 of them take about a second.
 */
export function standingsOf(
  results: StandingsSource,
  experiment: Pick<Experiment, 'id' | 'definition'>,
): LeaderboardRow[] {
  const rows = evaluationRows(recordedDefinition(experiment), 1);
  const standings = leaderboardRows(results.ranked(experiment.id));
  const winner = standings[0]?.trial;
  const winners = winner?.state === 'done' ? results.correct(winner.id) : undefined;
  const curves = standings.map(({ trial }) =>
    results.curve?.(trial.id).map(({ evaluationAccuracy }) => evaluationAccuracy),
  );
  const curveScale = extent(curves.flatMap((curve) => (curve === undefined ? [] : extent(curve))));
  return standings.map((row, index): LeaderboardRow => {
    const { trial } = row;
    const standing = { ...row, curve: curves[index], curveScale };
    if (trial.state !== 'done') return standing;
    const correct = trial === winner ? undefined : results.correct(trial.id);
    return {
      ...standing,
      interval: rows === undefined ? undefined : wilsonInterval(trial.best.evaluationAccuracy, rows),
      p: winners && correct?.length === winners.length ? mcnemarTest(winners, correct).p : undefined,
    };
  });
}

/** Whether a trial may be as good as the winner: nothing but chance tells them apart. */
export const isLikeWinner = ({ p }: LeaderboardRow): boolean => p !== undefined && p >= significance;
