/**
 * What each pruner would have saved and lost, as rows and in words.
 * Not here: how it is worked out (findings/replay.ts), and its figure (figures/pruners.ts).
 */
import { adviceOf, bestOf, enoughTrials, type Replay, type ReplayRow, savedOf } from '../findings/replay.ts';
import type { Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { wrapped } from '../words/text.ts';
import { countText, percent } from '../words/units.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

const columns: readonly Column<ReplayRow>[] = [
  { key: 'pruner', title: 'pruner', align: 'left', value: ({ name }) => name },
  {
    ...{ key: 'settings', title: 'settings', align: 'left', visible: () => false },
    value: ({ settings }) => JSON.stringify(settings),
    json: ({ settings }) => settings,
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

function sentences(replayed: Replay): string[] {
  const { trials, cut, steps } = replayed;
  const [best] = bestOf(replayed);
  const saved = best && savedOf(best);
  const found = `${adviceOf(replayed)}${saved ? ` (${percent(saved)} of ${countText(steps)} steps)` : ''}.`;
  const pruned =
    cut > 0
      ? [
          `${countText(cut)} of the ${countText(trials)} trials were pruned when they ran: what they would have come to is not known, so this is what other pruners would have saved of what was left.`,
        ]
      : [];
  const few =
    trials < enoughTrials
      ? [`${countText(trials)} trials are few to judge a pruner by: take this as a hint.`]
      : [];
  return [found, ...pruned, ...few];
}
