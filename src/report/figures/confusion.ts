/** Which classes the final model takes for which, as a table of counts. */
import type { EChartsOption } from 'echarts';
import type { Predictions } from '../model-predictions.ts';
import { countText, percent } from '../units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';

/** counts[label][prediction] */
export function confusionOf({ labels, predicted, classes }: Predictions): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [row, label] of labels.entries()) {
    const counted = counts[label] as number[];
    const prediction = predicted[row] as number;
    counted[prediction] = (counted[prediction] as number) + 1;
  }
  return counts;
}

/** The confusion matrix: what is right along the diagonal, what is wrong in another colour. */
export function confusionFigure(predictions: Predictions): Figure {
  const counts = confusionOf(predictions);
  const rows = predictions.labels.length;
  const right = counts.reduce((sum, counted, label) => sum + (counted[label] as number), 0);
  const { worst, label, prediction } = worstOf(counts);
  const most = worst === 0 ? '' : `; most often, ${worst} times, a ${label} is taken for a ${prediction}`;
  return {
    name: 'confusion-matrix',
    title: 'Confusion matrix',
    subtitle: `${countText(right)} of ${countText(rows)} test rows are right (${percent(right / rows)})${most}`,
    height: (width) => (isNarrow({ width }) ? width : Math.min(width * 0.62, 560)),
    option: (look) => confusionOption(counts, look, confusionHeight(look)),
    table: {
      head: ['true class', ...counts.map((_, prediction) => `read as ${prediction}`)],
      rows: counts.map((counted, index) => [String(index), ...counted.map(String)]),
    },
    tips: counts.flatMap((counted, y) =>
      counted.map((count, x) => ({
        series: 0,
        at: [x, y] as const,
        text:
          x === y
            ? `${count} of ${sum(counted)} pictures of ${y} are read as ${x}`
            : `${count} of ${sum(counted)} pictures of ${y} are taken for ${x}`,
      })),
    ),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

const confusionHeight = ({ width }: Look): number =>
  isNarrow({ width }) ? width : Math.min(width * 0.62, 560);

function worstOf(counts: readonly (readonly number[])[]) {
  let found = { worst: 0, label: 0, prediction: 0 };
  for (const [label, counted] of counts.entries()) {
    for (const [prediction, count] of counted.entries()) {
      if (label !== prediction && count > found.worst) found = { worst: count, label, prediction };
    }
  }
  return found;
}

function confusionOption(counts: readonly (readonly number[])[], look: Look, height: number): EChartsOption {
  const { theme, width } = look;
  const classes = counts.length;
  const side = { across: width - 74, down: height - 72 };
  const cell = [side.across / classes - 2, side.down / classes - 2];
  const { worst } = worstOf(counts);
  const showsValues = Math.min(...(cell as [number, number])) >= 17;
  const names = counts.map((_, label) => String(label));
  const axis = (name: string, nameGap: number) => ({
    ...axisLook(theme),
    type: 'category' as const,
    name,
    nameLocation: 'middle' as const,
    nameGap,
    data: names,
    axisTick: { show: false },
    axisLine: { show: false },
    splitLine: { show: false },
  });
  const shade = (count: number, label: number, prediction: number) =>
    label === prediction
      ? { color: theme.good, opacity: 0.28 }
      : { color: theme.bad, opacity: count === 0 ? 0.04 : 0.12 + (0.68 * count) / worst };
  return {
    ...plain(theme),
    grid: {
      left: 56,
      right: 18,
      top: 8,
      bottom: 64,
      outerBoundsMode: 'none',
    },
    xAxis: axis('read as', 30),
    yAxis: { ...axis('true class', 32), inverse: true },
    series: [
      {
        type: 'scatter',
        silent: true,
        symbol: 'rect',
        symbolSize: cell,
        data: counts.flatMap((counted, label) =>
          counted.map((count, prediction) => ({
            value: [prediction, label],
            itemStyle: shade(count, label, prediction),
          })),
        ),
      },
      {
        // Values on their own: the opacity of a cell would fade its text too.
        type: 'scatter',
        silent: true,
        symbolSize: 0,
        z: 3,
        label: { show: showsValues, color: theme.ink, fontSize: isNarrow(look) ? 11 : 13 },
        data: counts.flatMap((counted, label) =>
          counted.map((count, prediction) => ({
            value: [prediction, label],
            // The default would fade the text.
            itemStyle: { opacity: 1 },
            label: {
              formatter: count === 0 ? '·' : String(count),
              color: count === 0 ? theme.soft : theme.ink,
              fontWeight: label === prediction ? 'bold' : 'normal',
            },
          })),
        ),
      },
    ],
  } as EChartsOption;
}
