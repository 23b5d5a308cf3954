/**
 * Learning curves (loss) and accuracy curves of a phase, as chart options and as SVG pictures.
 * Not here: files, and which trial has won.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { EpochMetrics, Params, Phase } from '../trial.ts';
import { accuracyAxis, epochAxis, ink, lossAxis } from './axes.ts';
import { chartSvg, type PictureSize } from './chart.ts';
import { evaluationName } from './leaderboard.ts';
import { cut, displayWidth, printable } from './text.ts';
import { lossText, parameterText, paramsText, percent } from './units.ts';

/** A trial with the epochs that it has finished. */
export interface CurveTrial {
  readonly number: number;
  readonly params: Params;
  readonly curve: readonly EpochMetrics[];
}

export interface CurveFigure {
  /** The experiment's name. */
  readonly name: string;
  readonly phase: Phase;
  readonly metric: 'loss' | 'accuracy';
  /** Every trial of the phase; one in phase 2. */
  readonly trials: readonly CurveTrial[];
  /** The trial drawn in black with its training curve, and the epoch of its model; none while nothing has won. */
  readonly winner?: { readonly number: number; readonly bestEpoch: number } | undefined;
}

const pictureSize: PictureSize = { width: 880, height: 560 };

const quiet = '#9aa3ad';
/** Okabe and Ito's colours, which colour-blind readers can tell apart; without yellow, too light on paper. */
const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];

/** The figure as SVG; the same figure gives the same bytes. */
export function curveSvg(figure: CurveFigure, size: PictureSize = pictureSize): Promise<string> {
  return chartSvg(curveOption(figure), `${title(figure)}. ${subtitle(figure)}`, size);
}

/** The figure as ECharts options, for a picture or a page. */
export function curveOption(figure: CurveFigure): EChartsOption {
  const lead = leadOf(figure);
  const leading = lead === undefined ? [] : leadSeries(figure, lead);
  const others = othersSeries(figure, lead);
  const series = [...others, ...leading];
  const shown = series.flatMap(({ data }) => (data as Point[]).map(([, value]) => value));
  const values = shown.filter((value) => value !== null);
  const valueAxis = figure.metric === 'accuracy' ? accuracyAxis(values) : lossAxis(values);
  const { options: legend, height: legendHeight } = legendOf([...leading, ...others]);
  const epochs = Math.max(1, ...figure.trials.map(({ curve }) => curve.at(-1)?.epoch ?? 1));
  return {
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'sans-serif', color: ink },
    title: {
      text: title(figure),
      subtext: subtitle(figure),
      left: 'center',
      top: 12,
      textStyle: { fontSize: 18, color: ink },
      subtextStyle: { fontSize: 13, color: '#444444' },
    },
    legend,
    grid: {
      left: 84,
      right: 36,
      top: 84,
      bottom: 66 + legendHeight,
      outerBoundsMode: 'none',
    },
    xAxis: { ...commonAxis, ...epochAxis(epochs), name: 'epoch', nameGap: 30, splitLine: { show: false } },
    yAxis: { ...commonAxis, ...valueAxis, nameGap: 52 },
    series,
  };
}

const commonAxis = {
  nameLocation: 'middle',
  nameTextStyle: { color: ink, fontSize: 13 },
  axisLine: { lineStyle: { color: ink } },
  splitLine: { lineStyle: { color: '#e3e6ea' } },
} as const;

type Point = [epoch: number, value: number | null];

function leadOf({ phase, trials, winner }: CurveFigure): CurveTrial | undefined {
  return phase === 2 ? trials[0] : trials.find(({ number }) => number === winner?.number);
}

function title({ name, phase, metric }: CurveFigure): string {
  const kind = metric === 'loss' ? 'learning curve' : 'accuracy curve';
  return `${cut(printable(name), 50)}: ${kind}, phase ${phase}`;
}

/** The result in one sentence, so that no label has to stand among the lines. */
function subtitle(figure: CurveFigure): string {
  const lead = leadOf(figure);
  const last = lead?.curve.at(-1);
  if (figure.trials.length === 0) return 'no trial has finished an epoch';
  if (lead === undefined || last === undefined) return `${figure.trials.length} trials, no winner`;
  const evaluation = `${evaluationName(figure.phase)} ${figure.metric}`;
  const text = (row: EpochMetrics) =>
    figure.metric === 'loss' ? lossText(row.evaluationLoss) : percent(row.evaluationAccuracy);
  const who = `trial ${lead.number} (${paramsText(lead.params)})`;
  if (figure.phase === 2)
    return `${paramsText(lead.params)}: ${evaluation} ${text(last)} after epoch ${last.epoch}`;
  const best = lead.curve.find(({ epoch }) => epoch === figure.winner?.bestEpoch) ?? last;
  return `winner: ${who}, ${evaluation} ${text(best)} at its best epoch, ${best.epoch}`;
}

const bestEpoch = 'best epoch';

function othersSeries(figure: CurveFigure, lead: CurveTrial | undefined): LineSeriesOption[] {
  const others = figure.trials.filter((trial) => trial !== lead);
  const rates = [...new Set(figure.trials.map(({ params }) => params.learningRate))].sort((a, b) => a - b);
  const evaluation = evaluationName(figure.phase);
  return others.map((trial) => {
    const rate = trial.params.learningRate;
    const grouped = rates.length <= palette.length;
    return line(
      grouped ? `${evaluation}, learning rate ${parameterText(rate)}` : `${evaluation}, other trials`,
      points(trial, figure.metric, 'evaluation'),
      { color: grouped ? (palette[rates.indexOf(rate)] ?? quiet) : quiet, width: 1.2, opacity: 0.85 },
    );
  });
}

function leadSeries(figure: CurveFigure, lead: CurveTrial): LineSeriesOption[] {
  const owner = figure.phase === 1 ? `trial ${lead.number}, ` : '';
  const evaluation = points(lead, figure.metric, 'evaluation');
  const training = line(`${owner}training`, points(lead, figure.metric, 'training'), {
    color: figure.phase === 1 ? ink : '#0072b2',
    width: 2,
    type: [7, 5],
  });
  const main = line(`${owner}${evaluationName(figure.phase)}`, evaluation, { color: ink, width: 2.6 });
  const best = figure.phase === 1 && evaluation.filter(([epoch]) => epoch === figure.winner?.bestEpoch);
  if (!best || best.length === 0) return [main, training];
  const mark = {
    ...line(bestEpoch, best, { color: ink, width: 0 }),
    showSymbol: true,
    symbol: 'circle',
    symbolSize: 9,
  };
  return [main, training, mark];
}

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

function points(trial: CurveTrial, metric: CurveFigure['metric'], rows: 'training' | 'evaluation'): Point[] {
  const key = ({ loss: `${rows}Loss`, accuracy: `${rows}Accuracy` } as const)[metric];
  return trial.curve.map((row) => [row.epoch, Number.isFinite(row[key]) ? row[key] : null]);
}

/**
 * In columns as wide as the longest name would be in a broad font: which fonts a reader has is not known here.
 * A line stands for itself, without the dot that ECharts would put on it.
 */
function legendOf(series: readonly LineSeriesOption[]) {
  const names = [...new Set(series.map(({ name }) => String(name)))];
  const gap = 14;
  const icon = 34;
  const width = 7.4 * Math.max(0, ...names.map(displayWidth));
  const columns = Math.max(1, Math.floor(820 / (icon + 5 + width + gap)));
  const options = {
    bottom: 10,
    left: 'center',
    width: 820,
    itemWidth: icon,
    itemGap: gap,
    lineStyle: { width: 'inherit' as const },
    // A text has its width only with a background.
    textStyle: { color: ink, width, backgroundColor: 'transparent' },
    data: names.map((name) =>
      name === bestEpoch ? { name, icon: 'circle' } : { name, itemStyle: { opacity: 0 } },
    ),
  };
  return { options, height: Math.ceil(names.length / columns) * (14 + gap) };
}
