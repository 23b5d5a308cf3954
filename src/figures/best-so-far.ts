/** How the best result fell or rose from trial to trial, and what the same trials would have shown in a random order. */
import type { EChartsOption } from 'echarts';
import { expectedBest } from '../evidence/expected-best.ts';
import type { DoneTrial } from '../trial.ts';
import { deciding, lossBy, measureText } from '../words/measures.ts';
import { countText, settingsText } from '../words/units.ts';
import { measureAxis, stepAxis } from './axes.ts';
import { axisLook, type Figure, isNarrow, type Look, measuredAxis, plain } from './figure.ts';
import { legendRow } from './legend.ts';
import { decidedText, decisiveOf, type Searched } from './searched.ts';
import { drawnText, thinned } from './thinned.ts';

/** Of fewer trials a curve says nothing. */
const fewest = 10;
/** More points than this no paper shows. */
const mostPoints = 200;
const mostDots = 600;

interface Progress {
  readonly searched: Searched;
  /** In the order in which they were proposed. */
  readonly inOrder: readonly DoneTrial[];
  /** Those that have a dot. */
  readonly dots: readonly (readonly [place: number, value: number])[];
  /** The trials that were better than all before them, with their place in that order, from 1. */
  readonly records: readonly { readonly place: number; readonly trial: DoneTrial }[];
  readonly expected: readonly (readonly [place: number, value: number])[];
}

/** Undefined of few trials. */
export function bestSoFarFigure(searched: Searched): Figure | undefined {
  const { done, tried } = searched;
  if (done.length < fewest) return undefined;
  const inOrder = done.toSorted((a, b) => a.number - b.number);
  const measure = deciding(tried);
  const value = decisiveOf(searched);
  const lossOf = (trial: DoneTrial) => lossBy(measure, value(trial));
  const records: Progress['records'][number][] = [];
  for (const [index, trial] of inOrder.entries()) {
    const last = records.at(-1);
    if (last === undefined || lossOf(trial) < lossOf(last.trial)) records.push({ place: index + 1, trial });
  }
  const points = Math.min(mostPoints, inOrder.length);
  const counts = Array.from(
    { length: points },
    (_, i) => 1 + Math.round((i * (inOrder.length - 1)) / (points - 1)),
  );
  const losses = inOrder.map(lossOf);
  const means = expectedBest(losses, counts);
  const expected = counts.map((count, i) => [count, lossBy(measure, means[i] as number)] as const);
  const all = inOrder.map((trial, index) => [index + 1, value(trial)] as const);
  const dots = thinned(all, mostDots);
  const progress: Progress = { searched, inOrder, dots, records, expected };
  const last = records.at(-1) as Progress['records'][number];
  return {
    name: 'best-so-far',
    title: 'Best so far',
    subtitle: `${decidedText(searched)}: the best was found as done trial ${last.place} of ${countText(inOrder.length)} (trial ${last.trial.number}); the dashed line is what these trials would show in a random order, the mean over all orders${drawnText(dots, all)}`,
    height: (width) => Math.round(Math.min(360, 200 + width * 0.2)) + (isNarrow({ width }) ? 44 : 0),
    option: (look) => bestSoFarOption(progress, look),
    table: {
      head: ['done trials', 'trial', `best ${measure.title}`],
      rows: records.map(({ place, trial }) => [
        String(place),
        String(trial.number),
        measureText(measure, value(trial)),
      ]),
    },
    tips: records.map(({ place, trial }) => ({
      series: 0,
      at: [place, value(trial)] as const,
      text: `trial ${trial.number}, ${settingsText(trial, tried)}\n${measure.title} ${measureText(measure, value(trial))}, the best of ${place}`,
    })),
  };
}

function bestSoFarOption(progress: Progress, look: Look): EChartsOption {
  const { searched, inOrder, dots, records, expected } = progress;
  const { theme } = look;
  const value = decisiveOf(searched);
  const axis = measureAxis(deciding(searched.tried), inOrder.map(value));
  const across = stepAxis(inOrder.length, isNarrow(look));
  const base = axisLook(theme);
  const points = records.map(({ place, trial }): [number, number] => [place, value(trial)]);
  const [, lastValue = Number.NaN] = points.at(-1) ?? [];
  return {
    ...plain(theme),
    grid: {
      left: isNarrow(look) ? 62 : 76,
      right: 24,
      top: 14,
      bottom: isNarrow(look) ? 128 : 84,
      outerBoundsMode: 'none',
    },
    legend: legendRow(['best so far', 'random order, expected', 'trials'], look, ['random order, expected']),
    xAxis: {
      ...measuredAxis(theme, across, 28),
      name: 'done trials, in order of number',
      splitLine: { show: false },
      axisLine: { ...base.axisLine, onZero: false },
    },
    yAxis: measuredAxis(theme, axis, isNarrow(look) ? 44 : 54),
    series: [
      {
        ...{ type: 'line', name: 'best so far', step: 'end', symbol: 'circle', symbolSize: 7, silent: true },
        ...{ lineStyle: { color: theme.ink, width: 2.4 }, itemStyle: { color: theme.ink }, z: 4 },
        data: [...points, { value: [inOrder.length, lastValue], symbol: 'none' }],
      },
      {
        ...{ type: 'line', name: 'random order, expected', symbol: 'none', silent: true, z: 3 },
        ...{ lineStyle: { color: theme.bad, width: 2, type: [7, 5] }, itemStyle: { color: theme.bad } },
        data: expected.map((point) => [...point]),
      },
      {
        ...{ type: 'scatter', name: 'trials', symbolSize: 6, silent: true, z: 2 },
        itemStyle: { color: theme.good, opacity: 0.45 },
        data: dots.map((dot) => [...dot]),
      },
    ],
  } as EChartsOption;
}
