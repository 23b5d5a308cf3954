/** A search whose points are each tried several times. Not here: which points. */
import type { Searcher, SeenTrial } from './searcher.ts';
import { type Standing, standingOf } from './standing.ts';

/** Each point of a search in several replicates, one after the other; the search is shown their means. */
export function replicated(searcher: Searcher, replicates: number): Searcher {
  if (replicates === 1) return searcher;
  /** Only kept so that the search meets the same objects again: each holds as long as its trials are the same. */
  const known: { readonly trials: readonly SeenTrial[]; readonly mean: SeenTrial }[] = [];

  function meanAt(index: number, trials: readonly SeenTrial[]): SeenTrial {
    const kept = known[index];
    if (kept?.trials.length === trials.length && kept.trials.every((trial, place) => trial === trials[place]))
      return kept.mean;
    const mean = meanOf(trials);
    known[index] = { trials, mean };
    return mean;
  }

  return {
    total: searcher.total * replicates,
    ahead: searcher.ahead,
    ask({ trials, has }, random) {
      const last = trials.at(-1);
      if (last !== undefined && last.replicate < replicates - 1)
        return { params: last.params, replicate: last.replicate + 1 };
      const starts = [...trials.keys()].filter((index) => trials[index]?.replicate === 0);
      const points = starts.map((start, index) => meanAt(index, trials.slice(start, starts[index + 1])));
      return searcher.ask({ trials: points, has }, random);
    },
  };
}

/** Replicates as one trial: failed where one failed, pending while one is, else the mean of what they were measured by. */
function meanOf(trials: readonly SeenTrial[]): SeenTrial {
  const [first] = trials as readonly [SeenTrial, ...SeenTrial[]];
  const point = { params: first.params, replicate: 0 };
  const standings = trials.map(standingOf);
  const has = (standing: Standing) => standings.includes(standing);
  if (has('worst')) return { ...point, state: 'failed' };
  const results = trials.flatMap(({ result }) => result ?? []);
  if (has('pending')) return { ...point, state: 'running' };
  const values = (results[0]?.values ?? []).map(
    (_, position) =>
      results.reduce((sum, { values }) => sum + (values[position] as number), 0) / results.length,
  );
  const step = Math.min(...results.map((result) => result.step));
  return { ...point, state: has('part') ? 'pruned' : 'done', result: { step, values } };
}
