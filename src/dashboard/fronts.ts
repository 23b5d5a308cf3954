/**
 * The fronts of runs whose metrics count alike, kept for the page: of each, as of its newest revision.
 * Not here: which metrics count (findings/judged.ts), dominance (fronts).
 */
import { judgedBy } from '../findings/judged.ts';
import { nonDominatedRanks } from '../fronts/dominance.ts';
import type { DashboardResults } from '../store/dashboard-results.ts';
import type { Experiment } from '../store/results.ts';
import { lossBy, triedBy } from '../words/measures.ts';
import type { FrontNow } from './answers.ts';

export interface RunFronts {
  /** The titles of the metrics that count alike. */
  readonly metrics: readonly string[];
  /** The front of each done trial, counted from 1, by its id. */
  readonly byTrial: ReadonlyMap<number, number>;
}

/** The first of them, in sums; null where one metric decides. */
export function firstFront(fronts: RunFronts | undefined): FrontNow | null {
  if (fronts === undefined) return null;
  const { metrics, byTrial } = fronts;
  return { metrics, trials: [...byTrial.values()].filter((front) => front === 1).length };
}

export class KeptFronts {
  readonly #kept = new Map<number, { readonly revision: string; readonly fronts: RunFronts | undefined }>();

  /** Undefined where one metric decides. */
  of(
    results: Pick<DashboardResults, 'doneColumns'>,
    run: Experiment,
    revision: string,
  ): RunFronts | undefined {
    const kept = this.#kept.get(run.id);
    if (kept?.revision === revision) return kept.fronts;
    const fronts = runFronts(results, run);
    this.#kept.set(run.id, { revision, fronts });
    return fronts;
  }
}

function runFronts(
  { doneColumns }: Pick<DashboardResults, 'doneColumns'>,
  run: Experiment,
): RunFronts | undefined {
  const judged = judgedBy(run, triedBy(run));
  if (judged.length === 1) return undefined;
  const { id, values } = doneColumns(run.id);
  const fronts = nonDominatedRanks(
    values.map((all) => judged.map((measure) => lossBy(measure, all[measure.place] as number))),
  );
  return {
    metrics: judged.map(({ title }) => title),
    byTrial: new Map(id.map((trial, index) => [trial, fronts[index] as number])),
  };
}
