/**
 * Which trials may be as good as the winner: the p value, its mark, and what they mean in words for everyone.
 * Not here: the tests (statistics.ts), what is compared with what (standings.ts).
 */
import { significance } from '../evidence/statistics.ts';
import { type Tried, tellsClasses } from './measures.ts';
import { pText } from './units.ts';

export const likeWinner = '≈';

/** Whether chance can explain the difference from the winner. */
export const isLikeWinner = ({ p }: { readonly p?: number | undefined }): boolean =>
  p !== undefined && p >= significance;

/** `0.015  `, `0.449 ≈`: the marks stand below each other. */
export const likenessText = (p: number | undefined): string =>
  p === undefined ? '' : `${pText(p)} ${isLikeWinner({ p }) ? likeWinner : ' '}`;

/** What the mark means, in one line. */
export const markExplained = `${likeWinner} not distinguishable from the winner (McNemar's test on the same rows, Holm's correction, p >= ${significance})`;

/** The terms of a leaderboard without statistics, a paragraph each. */
export const termsExplained: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Search and final training',
    'The search trains every combination and measures it on the validation rows. The final training continues with the winner and measures it on test rows, which played no part in any choice; its last epoch counts.',
  ],
  [
    'Best epoch',
    'The epoch after which a trial was best on the validation rows. Its weights are the model of the trial.',
  ],
  [
    '95 % interval',
    'How far the accuracy of a model on all rows of this kind may lie from what these few show: intervals made this way contain the true value 95 times in 100. They do not cover other seeds, and the winner of many looks a little too good on the rows that chose it.',
  ],
  [
    'p against winner',
    `How often chance alone would make two equally good models differ on the same rows as much as these two. Only rows that one of them gets right and the other wrong count (McNemar's test). Many comparisons find differences by chance, so p is raised for their number (Holm's correction).`,
  ],
  [
    likeWinner,
    `p is at least ${significance}: the rows do not show which of the two is better. It does not mean that they are equal.`,
  ],
];

/** What means over folds are, in one line. */
export const foldsExplained = (folds: number): string =>
  `means and standard deviations over ${folds} folds, which share training rows: a spread, not the error of independent samples`;

/** How combinations of several trials are judged, and of networks that tell classes what is tested. */
export function replicatesExplained(tried: Tried): string {
  const { folds, replicateName: one } = tried;
  const ranked = `A combination is ranked by the mean of its ${one}s; an incomplete one ranks behind all complete ones.`;
  if (folds > 1) {
    const compared = tellsClasses(tried) ? ' p compares the predictions for the rows of all folds.' : '';
    return `${ranked} Shown are ${foldsExplained(folds)}.${compared}`;
  }
  const compared = tellsClasses(tried)
    ? ' p compares the model of its best replicate with that of the winner, which the final training starts from.'
    : '';
  return `${ranked} The standard deviation shows how much replicates differ by chance.${compared}`;
}
