/**
 * Which pruner an experiment should have had: each with a few settings, on the curves that were recorded.
 * Not here: pruning itself (prune/replay.ts).
 */
import { errors } from '../errors.ts';
import { decisive } from '../metric.ts';
import { type PruneSettings, prunerOf } from '../prune/method.ts';
import { type RecordedTrial, type Replayed, replay } from '../prune/replay.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import type { Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { wrapped } from '../words/text.ts';
import { countText, percent } from '../words/units.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

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
  readonly steps: number;
}

type Source = Pick<Results, 'ranked' | 'trials' | 'reports'>;

/** @throws ERR_NOTHING_TO_REPLAY where no trial has two reports to choose between */
export function replayOf(results: Source, { id, name, metrics }: Experiment): Replay {
  const ranked = results.ranked(id).filter(({ state }) => state === 'done');
  const rankOf = new Map(ranked.map(({ number }, index) => [number, index + 1]));
  const isHigherBetter = metrics[0]?.goal === 'maximise';
  const recorded = results
    .trials(id)
    .filter(({ role }) => role === 'search')
    .map((trial: Trial): RecordedTrial => {
      const reports = results.reports(trial.id).map((report) => ({
        step: report.step,
        loss: isHigherBetter ? -decisive(report) : decisive(report),
      }));
      return { reports, rank: rankOf.get(trial.number) };
    });
  const longest = Math.max(0, ...recorded.map(({ reports }) => reports.at(-1)?.step ?? 0));
  if (longest < 2 || ranked.length === 0) throw errors.nothingToReplay(id, name, longest);
  const rows = settingsFor(longest).map(({ name, settings }): ReplayRow => {
    // Only Hyperband without a longest trial has no pruner.
    const replayed = replay(
      recorded,
      prunerOf(settings, longest) as NonNullable<ReturnType<typeof prunerOf>>,
    );
    const winner = replayed.crowned === undefined ? undefined : ranked[replayed.crowned - 1]?.number;
    return { settings, name, winner, ...replayed };
  });
  return {
    rows,
    trials: recorded.filter(({ reports }) => reports.length > 0).length,
    steps: rows[0]?.recordedSteps ?? 0,
  };
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

const savedOf = ({ steps, recordedSteps }: Replayed): number => 1 - steps / recordedSteps;

const columns: readonly Column<ReplayRow>[] = [
  { key: 'pruner', title: 'pruner', align: 'left', value: ({ name }) => name },
  {
    ...{ key: 'settings', title: 'settings', align: 'left', visible: () => false },
    value: ({ settings }) => JSON.stringify(settings),
  },
  { key: 'pruned', title: 'trials pruned', align: 'right', value: ({ pruned }) => pruned },
  {
    key: 'steps',
    title: 'steps run',
    align: 'right',
    value: ({ steps }) => steps,
    text: ({ steps }) => countText(steps),
  },
  {
    ...{ key: 'saved', title: 'steps saved', align: 'right', value: savedOf },
    text: (row) => percent(savedOf(row)),
  },
  { key: 'winner', title: 'winner', align: 'right', value: ({ winner }) => winner ?? null },
  {
    ...{ key: 'rank', title: 'its rank', align: 'right', value: ({ crowned }) => crowned ?? null },
    paint: ({ crowned }) => (crowned === 1 ? 'green' : 'yellow'),
  },
];

/** The rows as data, or for people with what follows from them in words. */
export function replayText(format: Format, replayed: Replay, paper: Paper): string {
  const table = rowsAs(format, columns, replayed.rows, paper);
  switch (format) {
    case 'json':
    case 'csv':
      return table;
    case 'markdown':
      return [table, '', ...sentences(replayed)].join('\n');
    case 'table':
      return [table, ...sentences(replayed).map((line) => wrapped(line, paper.width))].join('\n');
    default:
      return format satisfies never;
  }
}

/** Fewer trials than this say little about a pruner. */
const enoughTrials = 20;

function sentences({ rows, trials, steps }: Replay): string[] {
  const keeping = rows.filter(({ crowned }) => crowned === 1);
  const best = keeping.toSorted((a, b) => a.steps - b.steps)[0];
  const found =
    best === undefined
      ? 'Each of these pruners would have stopped the trial that won.'
      : `Of those that crown the trial that won, ${best.name} saves most: ${percent(savedOf(best))} of ${countText(steps)} steps.`;
  const few =
    trials < enoughTrials
      ? [`${countText(trials)} trials are few to judge a pruner by: take this as a hint.`]
      : [];
  return [found, ...few];
}
