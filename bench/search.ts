/**
 * npm run bench -- search: how good the points are that a search tries, beside Optuna's studies of the same functions.
 * A12 is the chance that a study of ours has found a better value than one of theirs, equal ones counted half; 0.5 is equal.
 * It depends on seeds alone, so a busy machine makes it slower and nothing else. Not here: how long a proposal takes.
 *   npm run bench -- search --seeds 200 --lags 1,4,8,16
 */
import { cmaEs, cmaEsDefaults } from '../src/search/cma-es.ts';
import type { Searcher } from '../src/search/searcher.ts';
import { sobolSearch } from '../src/search/sobol.ts';
import { tpe, tpeDefaults } from '../src/search/tpe.ts';
import { fixture } from '../test/search/fixtures.ts';
import { a12, functions, study, type TestFunction } from '../test/search/functions.ts';

/** Optuna's best values after 50 and 100 trials, by function and sampler. */
const theirs: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, (number | 'inf')[]>>>>>
> = fixture('optuna-results').functions;

const after = [50, 100] as const;

interface Contest {
  readonly name: string;
  readonly searcher: (one: TestFunction, seed: number) => Searcher;
  readonly lag: number;
  readonly against: readonly string[];
}

const goals = [{ goal: 'minimise' }] as const;

const tpeAt = (lag: number): Contest => ({
  name: `tpe, lag ${lag}`,
  searcher: ({ space }) => tpe(space, goals, tpeDefaults),
  lag,
  // Batches of 4 and 8 are what others do with as many workers.
  against: lag === 4 || lag === 8 ? [`tpe_b${lag}`, 'tpe'] : ['tpe'],
});

const others: readonly Contest[] = [
  {
    name: 'cma-es',
    searcher: ({ space }, seed) => cmaEs(space, goals, cmaEsDefaults, seed),
    lag: 1,
    against: ['cmaes'],
  },
  { name: 'sobol', searcher: ({ space }, seed) => sobolSearch(space, seed), lag: 1, against: ['sobol'] },
];

/** Runs the studies and writes a table a contest; the mean leaves out the function whose failed trials Optuna does not learn from. */
export function benchSearch(seeds: number, lags: readonly number[], write: (text: string) => void): void {
  for (const contest of [...lags.map(tpeAt), ...others]) {
    const columns = contest.against.flatMap((sampler) => after.map((trials) => ({ sampler, trials })));
    write(
      `\n| ${contest.name}, ${seeds} seeds | ${columns.map(({ sampler, trials }) => `${sampler} after ${trials}`).join(' | ')} |`,
    );
    write(`|---|${'---|'.repeat(columns.length)}`);
    const sums = columns.map(() => ({ total: 0, count: 0 }));
    for (const one of functions) {
      const known = theirs[one.name] ?? {};
      if (contest.against.some((sampler) => known[sampler] === undefined)) continue;
      const found = Array.from({ length: seeds }, (_, seed) =>
        study(one, contest.searcher(one, seed), { seed, lag: contest.lag, after }),
      );
      const values = columns.map(({ sampler, trials }) =>
        a12(
          found.map((bests) => bests[after.indexOf(trials)] as number),
          (known[sampler]?.[trials] ?? []).map((value) =>
            value === 'inf' ? Number.POSITIVE_INFINITY : value,
          ),
        ),
      );
      write(`| ${one.name} | ${values.map((value) => value.toFixed(3)).join(' | ')} |`);
      if (one.name === 'nanregion3') continue;
      for (const [column, value] of values.entries()) {
        const sum = sums[column] as (typeof sums)[number];
        sum.total += value;
        sum.count += 1;
      }
    }
    write(`| mean | ${sums.map(({ total, count }) => (total / count).toFixed(3)).join(' | ')} |`);
  }
}
