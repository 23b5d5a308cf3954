/** The leaderboard with its evidence: how certain each accuracy is, and which trials do not differ from the winner. */

import { holmCorrected, mcnemarTest, wilsonInterval } from '../evidence/statistics.ts';
import { recordedNetwork } from '../experiment/network.ts';
import { foldsOf } from '../experiment/replicates.ts';
import { decisive } from '../metric.ts';
import { paramsKey } from '../space/params-key.ts';
import type { Combination } from '../store/ranking.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { extent } from '../words/extent.ts';
import { deciding, type Measure, type Tried, triedBy, valueIn } from '../words/measures.ts';
import type { Written } from '../words/units.ts';
import { bestSoFar, bestSoFarText, isSearching } from './best-so-far.ts';
import { type CombinationRow, spreadOf } from './combinations.ts';
import { evaluationRows } from './definition.ts';
import { frontsOf, frontText } from './front.ts';
import { judgedBy } from './judged.ts';
import { type LeaderboardRow, leaderboardRows } from './leaderboard.ts';
import type { StateOf } from './live.ts';

/** What is asked of the store for a leaderboard. */
export type StandingsSource = Pick<Results, 'ranked' | 'combinations' | 'copies' | 'correct'>;

export interface Standings {
  /** What was tried, and what decided. */
  readonly tried: Tried;
  /** How many folds the rows were cut into, where they were. */
  readonly folds?: number | undefined;
  /** The trials of the search, best first. */
  readonly trials: readonly LeaderboardRow[];
  /** What holds for the search as a whole, in words. */
  readonly remarks?: readonly string[];
  /** The front of either kind of rows, in words; undefined where one metric decides. */
  readonly frontTexts?: Readonly<Record<'trials' | 'combinations', string>>;
  /** The combinations, best first; where each has one replicate they say what the trials say. */
  readonly combinations: readonly CombinationRow[];
}

interface StandingsOptions {
  /** How each trial stands now; as it is recorded if absent. */
  readonly stateOf?: StateOf | undefined;
  /** For sparklines, the metric by epoch: one read a trial, of which 10,000 take about a second. */
  readonly reportsOf?: Results['reports'] | undefined;
}

/** The trials and the combinations of the search. */
export function standingsOf(
  results: StandingsSource,
  run: Pick<Experiment, 'id' | 'definition' | 'metric' | 'metrics'>,
  { stateOf = ({ state }) => state, reportsOf }: StandingsOptions = {},
): Standings {
  const { id } = run;
  const tried = triedBy(run);
  const accuracy = tried.kind === 'network' && tried.measures.find(({ key }) => key === 'validationAccuracy');
  const definition = recordedNetwork(run);
  const rows = accuracy ? evaluationRows(definition, 'search') : undefined;
  const folds = definition === undefined ? 1 : foldsOf(definition);
  const ranked = results.ranked(id);
  const combinations = results.combinations(id);
  const copies = results.copies(id);
  const chances = chancesAgainst(ranked, results, folds);
  const ofTrials = corrected(chances, ranked);
  const byNumber = new Map(ranked.map((trial) => [trial.number, trial]));
  const bestOf = ({ best }: { readonly best: number | null }) =>
    best === null ? undefined : (byNumber.get(best) as DoneTrial);
  const ofCombinations = corrected(
    folds === 1
      ? chancesOf(combinations, (combination) => chances.get(bestOf(combination) as Trial))
      : chancesOverFolds(combinations, ranked, results, folds),
    combinations,
  );
  const height = heightOf[deciding(tried).written];
  const curves = ranked.map((trial) => reportsOf?.(trial.id).map((report) => height(decisive(report))));
  const curveScale = extent(curves.flatMap((curve) => (curve === undefined ? [] : extent(curve))));
  const best = bestSoFar(deciding(tried), ranked);
  const standings = {
    ...{ tried, folds: folds === 1 ? undefined : folds },
    remarks: [isSearching(run) ? bestSoFarText(deciding(tried), best) : ''].filter(Boolean),
    trials: leaderboardRows(ranked).map(({ rank, trial }, index): LeaderboardRow => {
      const row = {
        ...{ rank, trial, state: stateOf(trial), copyOf: copies.get(trial.id) },
        ...{ curve: curves[index], curveScale, bestSoFar: best.get(trial.number) },
      };
      if (trial.state !== 'done') return row;
      const interval =
        accuracy && rows !== undefined ? wilsonInterval(valueIn(accuracy, trial.best), rows) : undefined;
      return { ...row, interval, p: ofTrials.get(trial) };
    }),
    combinations: combinations.map((combination): CombinationRow => {
      return { ...combination, model: bestOf(combination), p: ofCombinations.get(combination) };
    }),
  };
  const judged = judgedBy(run, tried);
  return judged.length === 1 ? standings : byFronts(standings, judged);
}

/** The same with the fronts of several metrics that count alike: front 1 first, and within each as before. */
function byFronts(standings: Standings, judged: readonly Measure[]): Standings {
  const { trials, combinations } = standings;
  const done = trials.flatMap(({ trial }) => (trial.state === 'done' ? [trial] : []));
  const results = done.map(({ best }) => judged.map((measure) => valueIn(measure, best)));
  const ofTrials = frontsOf(judged, results);
  const whole = combinations.filter(({ done, replicates }) => done === replicates && done > 0);
  const means = whole.map((row) => judged.map((measure) => spreadOf(measure, row)?.mean ?? Number.NaN));
  const ofCombinations = frontsOf(judged, means);
  const sorted = <Row>(rows: readonly Row[], frontOf: (row: Row) => number | undefined) => {
    const place = (row: Row) => frontOf(row) ?? Number.POSITIVE_INFINITY;
    // Infinity less infinity is no number.
    return rows.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  };
  const frontOfTrial = new Map(done.map((trial, index) => [trial.id, ofTrials.fronts[index]]));
  const frontOf = new Map(whole.map((row, index) => [row, ofCombinations.fronts[index]]));
  return {
    ...standings,
    remarks: [],
    frontTexts: {
      trials: frontText(judged, ofTrials, 'trials'),
      combinations: frontText(judged, ofCombinations, 'combinations'),
    },
    trials: sorted(trials, ({ trial }) => frontOfTrial.get(trial.id)).map((row, index) => ({
      ...row,
      rank: row.rank === null ? null : index + 1,
      front: frontOfTrial.get(row.trial.id) ?? null,
    })),
    combinations: sorted(combinations, (row) => frontOf.get(row)).map((row, index) => ({
      ...row,
      rank: row.rank === null ? null : index + 1,
      front: frontOf.get(row) ?? null,
    })),
  };
}

/** How high a sparkline stands: by the logarithm of losses, of which one that explodes would flatten all others. */
const heightOf: Readonly<Record<Written, (value: number) => number>> = {
  accuracy: (accuracy) => accuracy,
  loss: (loss) => Math.log(Math.max(loss, 1e-9)),
  // Of any sign, and as they are where they are small.
  rmse: Math.asinh,
  r2: Math.asinh,
  number: Math.asinh,
};

/**
 * McNemar's p of each done trial's model against the winner's, uncorrected; none for the winner itself, and for those that
 * another fold's rows have measured.
 */
function chancesAgainst(
  [winner, ...others]: readonly Trial[],
  { correct }: StandingsSource,
  folds: number,
): ReadonlyMap<Trial, number> {
  const winners = winner?.state === 'done' ? correct(winner.id) : undefined;
  if (winner === undefined || winners === undefined) return new Map();
  const chances = others.flatMap((trial) => {
    const isMeasuredAlike = (trial.replicate - winner.replicate) % folds === 0;
    const own = trial.state === 'done' && isMeasuredAlike ? correct(trial.id) : undefined;
    return own?.length === winners.length ? [[trial, mcnemarTest(winners, own).p] as const] : [];
  });
  return new Map(chances);
}

/** The chances of those that have one. */
const chancesOf = <One>(all: readonly One[], chanceOf: (one: One) => number | undefined): Map<One, number> =>
  new Map(
    all.flatMap((one) => {
      const chance = chanceOf(one);
      return chance === undefined ? [] : [[one, chance] as const];
    }),
  );

/**
 * McNemar's p of each combination against the best one over the rows of all folds, each row as the model says it that was
 * not trained on it: the first replicate of its fold.
 */
function chancesOverFolds(
  [winner, ...others]: readonly Combination[],
  ranked: readonly Trial[],
  { correct }: StandingsSource,
  folds: number,
): ReadonlyMap<Combination, number> {
  const keyOf = ({ params, replicate }: Pick<Trial, 'params' | 'replicate'>) =>
    `${replicate} ${paramsKey(params)}`;
  const trials = new Map(ranked.map((trial) => [keyOf(trial), trial]));
  // The bits that fill up a fold's last byte are 0 in all of them: they count for nobody.
  const bitsOf = ({ params }: Combination): Uint8Array | undefined => {
    const bits = Array.from({ length: folds }, (_, replicate) => {
      const trial = trials.get(keyOf({ params, replicate }));
      return trial?.state === 'done' ? correct(trial.id) : undefined;
    });
    return bits.every((part) => part !== undefined) ? Buffer.concat(bits) : undefined;
  };
  const winners = winner && bitsOf(winner);
  if (winners === undefined) return new Map();
  return chancesOf(others, (combination) => {
    const own = bitsOf(combination);
    return own?.length === winners.length ? mcnemarTest(winners, own).p : undefined;
  });
}

/** Those of `all` that are compared, corrected for how many are. */
function corrected<One>(chances: ReadonlyMap<One, number>, all: readonly One[]): ReadonlyMap<One, number> {
  const compared = all.filter((one) => chances.has(one));
  const values = holmCorrected(compared.map((one) => chances.get(one) as number));
  return new Map(compared.map((one, index) => [one, values[index] as number]));
}
