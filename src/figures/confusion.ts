/** Which classes the final model takes for which, as a table of counts. */
import type { EChartsOption } from 'echarts';
import type { Predictions } from '../findings/model-predictions.ts';
import { cut, displayWidth, printable } from '../words/text.ts';
import { countText, percent } from '../words/units.ts';
import { categoryAxis, type Figure, type FigureTable, isNarrow, type Look, plain } from './figure.ts';

/** counts[label][prediction] */
function confusionOf({ labels, predicted, classes }: Predictions): number[][] {
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const [row, label] of labels.entries()) {
    const counted = counts[label] as number[];
    const prediction = predicted[row] as number;
    counted[prediction] = (counted[prediction] as number) + 1;
  }
  return counts;
}

/** The counts with what their rows and columns are called. */
interface Matrix {
  readonly counts: readonly (readonly number[])[];
  readonly names: readonly string[];
}

/** Of more classes only the pairs that came up are drawn and told: there are tens of thousands. */
const mostWhole = 40;

/** A cell of the matrix. */
interface Pair {
  readonly label: number;
  readonly prediction: number;
  readonly count: number;
}

const pairsOf = (counts: Matrix['counts']): Pair[] =>
  counts.flatMap((counted, label) =>
    counted
      .map((count, prediction) => ({ label, prediction, count }))
      .filter(({ count }) => count > 0 || counts.length <= mostWhole),
  );

/** The confusion matrix: what is right along the diagonal, what is wrong in another colour. */
export function confusionFigure(predictions: Predictions): Figure {
  const counts = confusionOf(predictions);
  const names = predictions.classes.map(printable);
  const name = (index: number) => names[index] as string;
  const rows = predictions.labels.length;
  const right = counts.reduce((sum, counted, label) => sum + (counted[label] as number), 0);
  const { worst, label, prediction } = worstOf(counts);
  const most =
    worst === 0
      ? ''
      : `; the most frequent confusion, ${worst === 1 ? 'once' : `${worst} times`}: ${name(label)} predicted as ${name(prediction)}`;
  const matrix = { counts, names };
  return {
    name: 'confusion-matrix',
    title: 'Confusion matrix',
    subtitle: `${countText(right)} of ${countText(rows)} test rows are predicted correctly (${percent(right / rows)})${most}`,
    height: (width) => plotHeight(width) + marginsOf(matrix, width).bottom - 64,
    option: (look) => confusionOption(matrix, look),
    table: tableOf(matrix),
    tips: pairsOf(counts).map(({ label, prediction, count }) => ({
      series: 0,
      at: [prediction, label] as const,
      text: `${count} of ${sum(counts[label] ?? [])} rows of class ${name(label)} are ${label === prediction ? 'predicted correctly' : `predicted as ${name(prediction)}`}`,
    })),
  };
}

function tableOf({ counts, names }: Matrix): FigureTable {
  if (counts.length <= mostWhole)
    return {
      head: ['true class', ...names.map((prediction) => `predicted ${prediction}`)],
      rows: counts.map((counted, index) => [names[index] ?? '', ...counted.map(String)]),
    };
  const wrong = pairsOf(counts).filter(({ label, prediction }) => label !== prediction);
  return {
    head: ['true class', 'predicted class', 'rows'],
    rows: wrong
      .sort((a, b) => b.count - a.count)
      .map(({ label, prediction, count }) => [names[label] ?? '', names[prediction] ?? '', String(count)]),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

const plotHeight = (width: number): number => (isNarrow({ width }) ? width : Math.min(width * 0.62, 560));

function worstOf(counts: Matrix['counts']) {
  let found = { worst: 0, label: 0, prediction: 0 };
  for (const [label, counted] of counts.entries()) {
    for (const [prediction, count] of counted.entries()) {
      if (label !== prediction && count > found.worst) found = { worst: count, label, prediction };
    }
  }
  return found;
}

/** The names as axes have room for, and that room: below, names that are wider than their column stand on end. */
function marginsOf({ names }: Matrix, width: number) {
  const short = names.map((name) => cut(name, isNarrow({ width }) ? 9 : 16));
  const longest = 7 * Math.max(...short.map(displayWidth));
  const left = 49 + longest;
  const isUpright = longest > (width - left - 18) / names.length;
  return { names: short, left, isUpright, bottom: isUpright ? 50 + longest : 64, nameWidth: longest };
}

function confusionOption(matrix: Matrix, look: Look): EChartsOption {
  const { counts } = matrix;
  const pairs = pairsOf(counts);
  const { theme, width } = look;
  const { names, left, isUpright, bottom, nameWidth } = marginsOf(matrix, width);
  const gap = counts.length <= mostWhole ? 2 : 0;
  const cell = [
    (width - left - 18) / counts.length - gap,
    (plotHeight(width) - 72) / counts.length - gap,
  ] as const;
  const { worst } = worstOf(counts);
  const showsValues = Math.min(...cell) >= 17;
  const axis = (name: string, nameGap: number) => ({
    ...categoryAxis(theme, names),
    ...{ name, nameLocation: 'middle' as const, nameGap },
    axisLine: { show: false },
  });
  const shade = (count: number, label: number, prediction: number) =>
    label === prediction
      ? { color: theme.good, opacity: gap === 0 ? 0.8 : 0.28 }
      : { color: theme.bad, opacity: count === 0 ? 0.04 : 0.12 + (0.68 * count) / worst };
  return {
    ...plain(theme),
    grid: { left, right: 18, top: 8, bottom, outerBoundsMode: 'none' },
    xAxis: {
      ...axis('predicted class', isUpright ? 20 + nameWidth : 30),
      axisLabel: {
        color: theme.ink,
        interval: Math.ceil(14 / (cell[0] + gap)) - 1,
        rotate: isUpright ? 90 : 0,
      },
    },
    yAxis: { ...axis('true class', 25 + nameWidth), inverse: true },
    series: [
      {
        type: 'scatter',
        silent: true,
        symbol: 'rect',
        symbolSize: cell.map((size) => Math.max(3, size)),
        data: pairs.map(({ label, prediction, count }) => ({
          value: [prediction, label],
          itemStyle: shade(count, label, prediction),
        })),
      },
      {
        // Values on their own: the opacity of a cell would fade its text too.
        type: 'scatter',
        silent: true,
        symbolSize: 0,
        z: 3,
        label: { show: true, color: theme.ink, fontSize: isNarrow(look) ? 11 : 13 },
        data: (showsValues ? pairs : []).map(({ label, prediction, count }) => ({
          value: [prediction, label],
          // The default would fade the text.
          itemStyle: { opacity: 1 },
          label: {
            formatter: count === 0 ? '·' : String(count),
            color: count === 0 ? theme.soft : theme.ink,
            fontWeight: label === prediction ? 'bold' : 'normal',
          },
        })),
      },
    ],
  } as EChartsOption;
}
