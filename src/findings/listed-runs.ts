/** The runs of a database in sums: how far each is, what leads, and what it came to. Not here: how a list of them looks. */
import { CoresweepError } from '../errors.ts';
import type { Combination } from '../store/ranking.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { deciding, type Measure, type Tried, triedBy } from '../words/measures.ts';
import { winnersReplicates } from './combinations.ts';
import { judgedBy } from './judged.ts';
import type { RunState } from './run-state.ts';
import { countsOf, type TrialCounts, trialCounts } from './trial-counts.ts';

export interface ListedRun extends Pick<TrialCounts, 'ended' | 'trials'> {
  readonly run: Experiment;
  readonly state: RunState;
  readonly tried: Tried;
  /** The metrics that decide: several where they count alike. */
  readonly judged: readonly Measure[];
  readonly winner: DoneTrial | undefined;
  /** All replicates of the winner's parameters; undefined where nothing is trained more than once. */
  readonly replicates: Combination | undefined;
  readonly final: Trial | undefined;
}

/** @param stateOf how a run stands now */
export function listedRuns(
  results: Pick<Results, 'experiments' | 'trials' | 'winner' | 'combinations' | 'finalTrial'>,
  stateOf: (run: Experiment) => RunState,
): ListedRun[] {
  return results.experiments().map((run) => {
    const recorded = countsOf(results.trials(run.id));
    const { ended, trials } = asFarAsKnown(
      () => trialCounts(run, recorded),
      () => trialCounts({ ...run, state: 'done' }, recorded),
    );
    const tried = triedBy(run);
    return {
      ...{ run, state: stateOf(run), tried, ended, trials },
      judged: asFarAsKnown(
        () => judgedBy(run, tried),
        () => [deciding(tried)],
      ),
      winner: results.winner(run.id),
      replicates: winnersReplicates(results.combinations(run.id)),
      final: results.finalTrial(run.id),
    };
  });
}

/** One run whose definition is damaged must not hide the others. */
function asFarAsKnown<Found>(of: () => Found, otherwise: () => Found): Found {
  try {
    return of();
  } catch (error) {
    if (error instanceof CoresweepError) return otherwise();
    throw error;
  }
}
