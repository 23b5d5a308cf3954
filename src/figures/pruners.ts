/**
 * What pruners would have saved on the recorded curves: a bar each, with the place of the trial that it crowns.
 * Not here: how that is worked out (findings/replay.ts).
 */
import type { EChartsOption } from 'echarts';
import { adviceOf, type Replay, type ReplayRow, savedOf } from '../findings/replay.ts';
import { countText } from '../words/units.ts';
import { axisLook, categoryAxis, type Figure, isNarrow, type Look, percentLabels, plain } from './figure.ts';
import { legendRow } from './legend.ts';

export function prunersFigure(replayed: Replay): Figure {
  const { rows, trials, steps } = replayed;
  return {
    name: 'pruners',
    title: 'What a pruner would have saved',
    subtitle: `share of the ${countText(steps)} recorded steps of ${countText(trials)} trials that each would have spared. ${adviceOf(replayed)}`,
    height: (width) => (isNarrow({ width }) ? 120 : 92) + 30 * rows.length,
    option: (look) => prunersOption(rows, look),
    table: {
      head: ['pruner', 'trials pruned', 'steps run', 'steps saved', 'winner', 'its rank'],
      rows: rows.map((row) => [
        ...[row.name, countText(row.pruned), countText(row.steps), shareText(savedOf(row))],
        ...[row.winner, row.crowned].map((number) => (number === undefined ? '–' : String(number))),
      ]),
    },
    tips: rows.map((row, index) => ({
      series: 0,
      at: [savedOf(row), index] as const,
      text: `${row.name}\n${countText(row.pruned)} of ${countText(trials)} trials pruned, ${shareText(savedOf(row))} of the steps saved\n${crownedText(row)}`,
    })),
  };
}

const shareText = (share: number): string => `${(100 * share).toFixed(1)} %`;

const crownedText = ({ winner, crowned }: ReplayRow): string =>
  crowned === undefined ? 'no trial wins' : `trial ${winner} wins, which is number ${crowned} of all`;

function prunersOption(rows: readonly ReplayRow[], look: Look): EChartsOption {
  const { theme } = look;
  const base = axisLook(theme);
  const bars = (name: string, color: string, isOne: (row: ReplayRow) => boolean) => ({
    ...{ type: 'bar', name, stack: 'all', silent: true, barMaxWidth: 18 },
    itemStyle: { color, opacity: 0.85 },
    data: rows.map((row) => (isOne(row) ? savedOf(row) : null)),
    label: {
      ...{ show: true, position: 'insideLeft', color: theme.paper, fontWeight: 'bold' },
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const { crowned } = rows[dataIndex] as ReplayRow;
        return crowned === 1 ? '' : crowned === undefined ? '–' : `rank ${crowned}`;
      },
    },
  });
  return {
    ...plain(theme),
    grid: {
      left: isNarrow(look) ? 172 : 212,
      right: 24,
      top: 8,
      bottom: isNarrow(look) ? 106 : 78,
      outerBoundsMode: 'none',
    },
    legend: legendRow(['crowns the trial that won', 'another'], look),
    xAxis: {
      ...base,
      ...{ type: 'value', min: 0, max: 1, name: 'steps saved (%)', nameLocation: 'middle', nameGap: 28 },
      axisLabel: percentLabels(theme),
    },
    yAxis: {
      ...categoryAxis(
        theme,
        rows.map(({ name }) => name),
      ),
      inverse: true,
    },
    series: [
      bars('crowns the trial that won', theme.good, ({ crowned }) => crowned === 1),
      bars('another', theme.bad, ({ crowned }) => crowned !== 1),
    ],
  } as EChartsOption;
}
