/** A search that ends after a given number of trials, even if it could propose more: search.trials of a definition. */
import type { Searcher } from './searcher.ts';

/** @param trials the most there are in all, those recorded before included; without limit where it is undefined */
export function budgeted(searcher: Searcher, trials: number | undefined): Searcher {
  if (trials === undefined) return searcher;
  return {
    total: Math.min(searcher.total, trials),
    ahead: searcher.ahead,
    ask: (history, random) => (history.trials.length < trials ? searcher.ask(history, random) : undefined),
  };
}
