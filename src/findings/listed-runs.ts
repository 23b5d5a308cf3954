/** The runs of a database in sums: how far each is, what leads, and what it came to. Not here: how a list of them looks. */
import { CoresweepError } from '../errors.ts';
import type { Combination } from '../store/ranking.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { deciding, type Measure, type Tried, triedBy } from '../words/measures.ts';
import { areReplicated } from './combinations.ts';
import { judgedBy } from './judged.ts';
import type { RunState } from './run-state.ts';

export interface ListedRun {
  readonly run: Experiment;
  readonly state: RunState;
  readonly tried: Tried;
  /** The metrics that decide: several where they count alike. */
  readonly judged: readonly Measure[];
  /** Trials of the search, and those of them that have ended: one that was stopped has not. */
  readonly trials: number;
  readonly ended: number;
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
    const searched = results.trials(run.id).filter(({ role }) => role === 'search');
    const combinations = results.combinations(run.id);
    const tried = triedBy(run);
    return {
      ...{ run, state: stateOf(run), tried, judged: judgedAsFarAsKnown(run, tried) },
      trials: searched.length,
      ended: searched.filter(hasEnded).length,
      winner: results.winner(run.id),
      replicates: areReplicated(combinations) ? combinations.find(({ rank }) => rank === 1) : undefined,
      final: results.finalTrial(run.id),
    };
  });
}

/** One run whose definition is damaged must not hide the others. */
function judgedAsFarAsKnown(run: Experiment, tried: Tried): readonly Measure[] {
  try {
    return judgedBy(run, tried);
  } catch (error) {
    if (error instanceof CoresweepError) return [deciding(tried)];
    throw error;
  }
}

function hasEnded({ state }: Trial): boolean {
  switch (state) {
    case 'done':
    case 'pruned':
    case 'diverged':
    case 'failed':
      return true;
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return false;
    default:
      return state satisfies never;
  }
}
