/**
 * Learning curves (loss) and accuracy curves of a phase.
 * Not here: drawing (chart.ts), and which trial has won.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { EpochMetrics } from '../metric.ts';
import { type Params, phaseOf, type Role } from '../trial.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import { Groups, parametersOf } from '../words/parameters.ts';
import { cut, displayWidth, printable } from '../words/text.ts';
import { countText, lossText, percent, settingsText } from '../words/units.ts';
import { accuracyAxis, epochAxis, lossAxis, zoomedAccuracyAxis } from './axes.ts';
import { panels, toldApart, zoomHeight, zoomRange } from './curve-zoom.ts';
import { axisLook, type Figure, isNarrow, type Look, plain, type Tip } from './figure.ts';
import { lightTheme } from './theme.ts';

/** A trial with the epochs that it has finished. */
export interface CurveTrial {
  readonly number: number;
  readonly params: Params;
  readonly replicate: number;
  readonly curve: readonly EpochMetrics[];
}

export interface Curves {
  /** The experiment's name. */
  readonly name: string;
  readonly role: Role;
  readonly metric: 'loss' | 'accuracy';
  /** Every trial of the phase that is to be drawn, the best first; one in phase 2. */
  readonly trials: readonly CurveTrial[];
  /** How many there are beside them. */
  readonly notDrawn?: number;
  /** The trial drawn in ink with its training curve, and the epoch of its model; none while nothing has won. */
  readonly winner?: { readonly number: number; readonly bestEpoch: number } | undefined;
  /** Numbers of the next best trials, drawn broader and named. */
  readonly runnersUp?: readonly number[];
}

/** The figure of some curves. */
export function curveFigure(curves: Curves): Figure {
  const { role, metric } = curves;
  return {
    name: `phase${phaseOf[role]}-${metric === 'loss' ? 'learning' : 'accuracy'}-curve`,
    title: title(curves),
    subtitle: subtitle(curves),
    height: (width) =>
      plotHeight(width) +
      70 +
      legendHeight(curves, width) +
      (zoomOf(curves) === undefined ? 0 : zoomHeight(width, plotHeight(width))),
    option: (look) => curveOption(curves, look),
    tips: tipsOf(curves),
    ...tableOf(curves),
  };
}

const plotHeight = (width: number): number => Math.round(Math.min(360, 140 + width * 0.28));

/** Does not depend on colours, so any theme will do. */
const legendHeight = (curves: Curves, width: number): number => {
  const look = { theme: lightTheme, width };
  return legendOf(seriesOf(curves, look), look).height;
};

const valuesOf = (series: readonly LineSeriesOption[]): number[] =>
  series.flatMap(({ data }) => (data as Point[]).map(([, value]) => value)).filter((value) => value !== null);

/** The part of the axis that the best accuracies of a search end in, where it is drawn larger. */
function zoomOf(curves: Curves): ReturnType<typeof zoomRange> {
  if (curves.metric === 'loss' || curves.role === 'final') return undefined;
  const best = curves.trials.map(({ curve }) => curve.map(({ evaluationAccuracy }) => evaluationAccuracy));
  return zoomRange(best, valuesOf(seriesOf(curves, { theme: lightTheme, width: 0 })));
}

function curveOption(curves: Curves, look: Look): EChartsOption {
  const { theme, width } = look;
  const series = seriesOf(curves, look);
  const values = valuesOf(series);
  const zoom = zoomOf(curves);
  const legend = legendOf(series, look);
  const epochs = Math.max(1, ...curves.trials.map(({ curve }) => curve.at(-1)?.epoch ?? 1));
  const base = axisLook(theme);
  const left = isNarrow(look) ? 62 : 76;
  const axis = (own: EpochAxis | ValueAxis) => ({
    ...base,
    ...own,
    axisLabel: { ...('axisLabel' in own ? own.axisLabel : {}), color: theme.ink },
    nameLocation: 'middle' as const,
  });
  const xAxis = (own: EpochAxis) => ({
    ...axis(isNarrow(look) ? fewTicks(own) : own),
    name: 'epoch',
    nameGap: 28,
    splitLine: { show: false },
  });
  const yAxis = (own: ValueAxis) => ({
    ...axis(own),
    ...(isNarrow(look) ? { name: own.name.replace(' (mean per row)', '') } : {}),
    nameGap: isNarrow(look) ? 44 : 52,
  });
  const common = { ...plain(theme), legend: legend.options };
  const whole = yAxis(curves.metric === 'accuracy' ? accuracyAxis(values) : lossAxis(values));
  if (zoom === undefined) {
    const right = (curves.runnersUp?.length ?? 0) > 0 ? 64 : 24;
    const grid = { left, right, top: 12, bottom: 58 + legend.height, outerBoundsMode: 'none' as const };
    return { ...common, grid, xAxis: xAxis(epochAxis(epochs)), yAxis: whole, series } as EChartsOption;
  }
  const part = zoomedAccuracyAxis(...zoom);
  const enlarged = yAxis({ ...part, name: `${part.name}, enlarged` });
  return {
    ...common,
    grid: panels(width, left, plotHeight(width)),
    // Half as wide, the axes have half as many ticks.
    xAxis: [0, 1].map((gridIndex) => ({ ...xAxis(fewTicks(epochAxis(epochs))), gridIndex })),
    yAxis: [whole, enlarged].map((own, gridIndex) => ({ ...own, gridIndex })),
    series: [...series.map(unnamed), ...series.filter(isEvaluation).map(inZoom)],
  } as EChartsOption;
}

type EpochAxis = ReturnType<typeof epochAxis>;
type ValueAxis = ReturnType<typeof accuracyAxis> | ReturnType<typeof lossAxis>;

/** The names of the best stand where their ends can be told apart. */
const unnamed = ({ endLabel: _, labelLayout: __, ...series }: LineSeriesOption): LineSeriesOption => series;

const isEvaluation = ({ name }: LineSeriesOption): boolean => !String(name).endsWith('training');

const inZoom = (series: LineSeriesOption): LineSeriesOption => ({
  ...series,
  ...{ xAxisIndex: 1, yAxisIndex: 1, clip: true },
});

/** Every second of the round numbers. */
function fewTicks(axis: ReturnType<typeof epochAxis>): ReturnType<typeof epochAxis> {
  const [first = 1, ...rest] = axis.axisTick.customValues;
  const customValues = [first, ...rest.filter((_, i) => (rest.length - i) % 2 === 1)];
  return { ...axis, axisTick: { customValues }, axisLabel: { ...axis.axisLabel, customValues } };
}

type Point = [epoch: number, value: number | null];

function leadOf({ role, trials, winner }: Curves): CurveTrial | undefined {
  return role === 'final' ? trials[0] : trials.find(({ number }) => number === winner?.number);
}

function title({ name, role, metric }: Curves): string {
  const kind = metric === 'loss' ? 'learning curve' : 'accuracy curve';
  return `${cut(printable(name), 50)}: ${kind}, phase ${phaseOf[role]}`;
}

/** The result in one sentence, so that no label has to stand among the lines. */
function subtitle(curves: Curves): string {
  const lead = leadOf(curves);
  const last = lead?.curve.at(-1);
  if (curves.trials.length === 0) return 'no trial has finished an epoch';
  if (lead === undefined || last === undefined) return `${curves.trials.length} trials, no winner`;
  const evaluation = `${evaluationName(curves.role)} ${curves.metric}`;
  const text = (row: EpochMetrics) =>
    curves.metric === 'loss' ? lossText(row.evaluationLoss) : percent(row.evaluationAccuracy);
  const who = `trial ${lead.number} (${settingsText(lead)})`;
  if (curves.role === 'final')
    return `${settingsText(lead)}: ${evaluation} ${text(last)} after epoch ${last.epoch}`;
  const best = lead.curve.find(({ epoch }) => epoch === curves.winner?.bestEpoch) ?? last;
  const all = curves.trials.length;
  const drawn = curves.notDrawn
    ? `; ${countText(all)} of ${countText(all + curves.notDrawn)} trials are drawn`
    : '';
  return `winner: ${who}, ${evaluation} ${text(best)} at its best epoch, ${best.epoch}${drawn}`;
}

const bestEpoch = 'best epoch';

/** The lines, the most important last: it is drawn on top. */
function seriesOf(curves: Curves, { theme }: Look): LineSeriesOption[] {
  const lead = leadOf(curves);
  const groups = new Groups(parametersOf(curves.trials));
  const evaluation = evaluationName(curves.role);
  const place = ({ number }: CurveTrial) => curves.runnersUp?.indexOf(number) ?? -1;
  const others = curves.trials
    .filter((trial) => trial !== lead)
    .sort((a, b) => place(a) - place(b) || (groups.indexOf(a) ?? 0) - (groups.indexOf(b) ?? 0));
  const lines = others.map((trial) => {
    const group = groups.indexOf(trial);
    const color = group === undefined ? theme.soft : (theme.series[group] ?? theme.soft);
    const style = { color, width: place(trial) >= 0 ? 2 : 1.2, opacity: place(trial) >= 0 ? 1 : 0.75 };
    const drawn = line(
      `${evaluation}, ${groups.nameOf(trial)}`,
      points(trial, curves.metric, 'evaluation'),
      style,
    );
    return place(trial) >= 0 ? named(drawn, trial, color) : drawn;
  });
  return lead === undefined ? lines : [...lines, ...leadSeries(curves, lead, theme)];
}

function leadSeries(curves: Curves, lead: CurveTrial, { ink, good }: Look['theme']): LineSeriesOption[] {
  const isSearch = curves.role === 'search';
  const owner = isSearch ? `trial ${lead.number}, ` : '';
  const evaluation = points(lead, curves.metric, 'evaluation');
  const training = line(`${owner}training`, points(lead, curves.metric, 'training'), {
    color: isSearch ? ink : good,
    width: 2,
    type: [7, 5],
  });
  const main = line(`${owner}${evaluationName(curves.role)}`, evaluation, { color: ink, width: 2.6 });
  const best = isSearch && evaluation.filter(([epoch]) => epoch === curves.winner?.bestEpoch);
  const drawn = curves.runnersUp?.length ? named(main, lead, ink) : main;
  if (!best || best.length === 0) return [drawn, training];
  const mark = {
    ...line(bestEpoch, best, { color: ink, width: 0 }),
    showSymbol: true,
    symbol: 'circle',
    symbolSize: 9,
  };
  return [drawn, training, mark];
}

/** The line with its trial's number at its end; ends that lie close to each other are moved apart. */
const named = (series: LineSeriesOption, { number }: CurveTrial, color: string): LineSeriesOption => ({
  ...series,
  endLabel: { show: true, formatter: `trial ${number}`, color, fontSize: 12, distance: 6 },
  labelLayout: { moveOverlap: 'shiftY' },
});

function line(
  name: string,
  data: Point[],
  lineStyle: NonNullable<LineSeriesOption['lineStyle']>,
): LineSeriesOption {
  return {
    type: 'line',
    name,
    data,
    lineStyle,
    itemStyle: { color: lineStyle.color as string },
    // A single epoch makes no line: show it as a dot.
    symbol: data.length === 1 ? 'circle' : 'none',
    symbolSize: 7,
    sampling: 'lttb',
    clip: false,
    silent: true,
  };
}

function points(trial: CurveTrial, metric: Curves['metric'], rows: 'training' | 'evaluation'): Point[] {
  const key = ({ loss: `${rows}Loss`, accuracy: `${rows}Accuracy` } as const)[metric];
  return trial.curve.map((row) => [row.epoch, Number.isFinite(row[key]) ? row[key] : null]);
}

/** The leading trial, some twenty of its epochs. */
function tableOf(curves: Curves): Pick<Figure, 'table'> {
  const lead = leadOf(curves);
  if (lead === undefined) return {};
  const rows = evaluationName(curves.role);
  const isLoss = curves.metric === 'loss';
  const step = Math.ceil(lead.curve.length / 20);
  const shown = lead.curve.filter((_, i) => i % step === 0 || i === lead.curve.length - 1);
  return {
    table: {
      head: ['epoch', `training ${curves.metric}`, `${rows} ${curves.metric}`],
      rows: shown.map((row) => [
        String(row.epoch),
        isLoss ? lossText(row.trainingLoss) : percent(row.trainingAccuracy),
        isLoss ? lossText(row.evaluationLoss) : percent(row.evaluationAccuracy),
      ]),
    },
  };
}

/** More lines than this cannot be told apart by pointing at them. */
const mostTipped = 16;

function tipsOf(curves: Curves): Tip[] {
  const { trials, role, metric } = curves;
  const [rows, text] = [evaluationName(role), metric === 'loss' ? lossText : percent];
  const key = ({ loss: 'evaluationLoss', accuracy: 'evaluationAccuracy' } as const)[metric];
  const tips = (of: readonly CurveTrial[], series: number, isShown: (value: number) => boolean): Tip[] =>
    of.flatMap((trial) =>
      trial.curve
        .filter((row) => Number.isFinite(row[key]) && isShown(row[key]))
        .map((row) => {
          const who = role === 'search' ? `trial ${trial.number}, ${settingsText(trial)}` : 'final training';
          return {
            series,
            at: [row.epoch, row[key]],
            text: `${who}\nepoch ${row.epoch}: ${rows} ${metric} ${text(row[key])}`,
          };
        }),
    );
  // All lines of a panel share the same two axes: any series will do.
  const whole = tips(trials.slice(0, mostTipped), 0, () => true);
  const zoom = zoomOf(curves);
  if (zoom === undefined) return whole;
  const { min, max } = zoomedAccuracyAxis(...zoom);
  const drawn = seriesOf(curves, { theme: lightTheme, width: 0 }).length;
  const isInside = (value: number) => min <= value && value <= max;
  return [...whole, ...tips(trials.slice(0, toldApart), drawn, isInside)];
}

/**
 * In columns as wide as the longest name would be in a broad font: which fonts a reader has is not known here.
 * A line stands for itself, without the dot that ECharts would put on it.
 */
function legendOf(series: readonly LineSeriesOption[], { theme, width: room }: Look) {
  // What was drawn last is named first.
  const names = [...new Set(series.map(({ name }) => String(name)))];
  const own = names.filter((name) => !name.includes(', learning rate') && !name.includes(', other'));
  const ordered = [...new Set([...own, ...names])];
  const gap = 12;
  const icon = 34;
  const width = 7.2 * Math.max(0, ...names.map(displayWidth));
  const columns = Math.max(1, Math.floor((room - 40) / (icon + 5 + width + gap)));
  const options = {
    bottom: 6,
    left: 'center',
    width: room - 40,
    itemWidth: icon,
    itemGap: gap,
    lineStyle: { width: 'inherit' as const },
    // A text has its width only with a background.
    textStyle: { color: theme.ink, width, backgroundColor: 'transparent' },
    data: ordered.map((name) =>
      name === bestEpoch ? { name, icon: 'circle' } : { name, itemStyle: { opacity: 0 } },
    ),
  };
  return { options, height: Math.ceil(names.length / columns) * (14 + gap) };
}
