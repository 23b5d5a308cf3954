/**
 * Which pruner an experiment should have had: each with a few settings, on the curves that were recorded.
 * Not here: pruning itself (prune/replay.ts), and how the answer is shown.
 */
import { errors } from '../errors.ts';
import { decisive } from '../metric.ts';
import { type PruneSettings, prunerOf } from '../prune/method.ts';
import type { Pruner } from '../prune/pruner.ts';
import { type Replayed, replay } from '../prune/replay.ts';
import type { Experiment } from '../store/results.ts';
import type { Report, Trial } from '../trial.ts';

export interface ReplayRow extends Replayed {
  readonly settings: PruneSettings;
  readonly name: string;
  /** The number of the trial that wins. */
  readonly winner: number | undefined;
}

export interface Replay {
  readonly rows: readonly ReplayRow[];
  /** How many trials have a curve. */
  readonly trials: number;
  /** How many of them were pruned: where they would have come to is not known. */
  readonly cut: number;
  readonly steps: number;
}

export interface Recorded {
  /** The trials of the search with their places, the best first. */
  readonly standings: readonly { readonly rank: number | null; readonly trial: Trial }[];
  readonly experiment: Pick<Experiment, 'id' | 'name' | 'metrics'>;
  readonly reportsOf: (trialId: number) => readonly Report[];
}

/** Fewer trials than this say little about a pruner. */
export const enoughTrials = 20;

/** The share of the recorded steps that are not run. */
export const savedOf = ({ steps, recordedSteps }: Replayed): number => 1 - steps / recordedSteps;

/** Of the pruners that keep the winner, those that save most: several where they save alike. */
export function bestOf({ rows }: Pick<Replay, 'rows'>): readonly ReplayRow[] {
  const crowning = rows.filter(({ crowned }) => crowned === 1);
  const fewest = Math.min(...crowning.map(({ steps }) => steps));
  return crowning.filter(({ steps }) => steps === fewest);
}

/** `Of the pruners that keep the winner, these save most, all alike: median; asha, factor 2` */
export function adviceOf(replayed: Pick<Replay, 'rows'>): string {
  const [best, ...others] = bestOf(replayed);
  if (best === undefined) return 'Each of these pruners would have stopped the winner';
  if (savedOf(best) === 0) return 'No pruner that keeps the winner saves a step';
  const most =
    others.length === 0
      ? `${best.name} saves most`
      : `these save most, all alike: ${[best, ...others].map(({ name }) => name).join('; ')}`;
  return `Of the pruners that keep the winner, ${most}`;
}

/** @throws ERR_NOTHING_TO_REPLAY where no trial has two steps, or none is done */
export function replayOf({ standings, experiment: { id, name, metrics }, reportsOf }: Recorded): Replay {
  const sign = metrics[0]?.goal === 'maximise' ? -1 : 1;
  const done = standings.filter(({ trial }) => trial.state === 'done');
  const winners = new Map(done.map(({ rank, trial }) => [rank, trial.number]));
  const recorded = standings
    .toSorted((a, b) => a.trial.number - b.trial.number)
    .map(({ rank, trial }) => ({
      reports: reportsOf(trial.id).map((report) => ({ step: report.step, loss: sign * decisive(report) })),
      rank: trial.state === 'done' ? (rank ?? undefined) : undefined,
    }));
  const longest = Math.max(0, ...recorded.map(({ reports }) => reports.at(-1)?.step ?? 0));
  if (longest < 2 || done.length === 0) throw errors.nothingToReplay(id, name, longest);
  const rows = settingsFor(longest).map((one): ReplayRow => {
    // Only Hyperband without a longest trial has no pruner.
    const replayed = replay(recorded, prunerOf(one.settings, longest) as Pruner);
    return { ...one, ...replayed, winner: winners.get(replayed.crowned ?? null) };
  });
  return {
    rows,
    trials: recorded.filter(({ reports }) => reports.length > 0).length,
    cut: standings.filter(({ trial }) => trial.state === 'pruned').length,
    steps: rows[0]?.recordedSteps ?? 0,
  };
}

/** More reports than these take longer than a page should. */
const mostReports = 200_000;

/** The same for those who did not ask for it: undefined where there is too little to judge by, or too much to read. */
export function replayIfTelling(recorded: Recorded): Replay | undefined {
  const trials = recorded.standings.map(({ trial }) => trial);
  const whole = trials.filter((trial) => trial.state === 'done' && trial.last.step > 1);
  if (whole.length < enoughTrials || trials.some(({ state }) => state === 'pruned')) return undefined;
  const reports = new Map<number, readonly Report[]>();
  let count = 0;
  for (const { id } of trials) {
    const own = recorded.reportsOf(id);
    count += own.length;
    if (count > mostReports) return undefined;
    reports.set(id, own);
  }
  return replayOf({ ...recorded, reportsOf: (id) => reports.get(id) ?? [] });
}

/** A few settings a method: how strict it is, and how soon it begins. */
function settingsFor(longest: number): { readonly name: string; readonly settings: PruneSettings }[] {
  const tenth = Math.max(2, Math.round(longest / 10));
  const later = `from step ${tenth}`;
  const asha = (reductionFactor: number) => ({ method: 'asha', reductionFactor }) as const;
  return [
    { name: 'median', settings: { method: 'median' } },
    { name: `median ${later}`, settings: { method: 'median', warmupSteps: tenth } },
    { name: 'percentile 25', settings: { method: 'percentile', percentile: 25 } },
    {
      name: `percentile 25 ${later}`,
      settings: { method: 'percentile', percentile: 25, warmupSteps: tenth },
    },
    { name: 'asha, factor 2', settings: asha(2) },
    { name: 'asha, factor 3', settings: asha(3) },
    { name: 'asha, factor 4', settings: asha(4) },
    { name: `asha, factor 3, ${later}`, settings: { ...asha(3), minResource: tenth } },
    { name: 'hyperband, factor 3', settings: { method: 'hyperband', reductionFactor: 3 } },
  ];
}
