/** A search that knows trials of another one before its first. Not here: where they come from (sweep/earlier-trials.ts). */
import type { Searcher, SeenTrial } from './searcher.ts';

/** @param earlier what it is shown before its own trials, in this order */
export function warm(searcher: Searcher, earlier: readonly SeenTrial[]): Searcher {
  if (earlier.length === 0) return searcher;
  return {
    ...searcher,
    ask: ({ trials, has }, random) => searcher.ask({ trials: [...earlier, ...trials], has }, random),
  };
}
