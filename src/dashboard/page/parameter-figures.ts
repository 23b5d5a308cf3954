/**
 * What the parameters do to the accuracy: a heat map of two of them, all of them as parallel axes, and each by itself.
 * Not here: fetching; curves (curve-chart.ts).
 */
import type { EChartsOption } from 'echarts';
import { percent } from '../../report/units.ts';
import type { TrialColumns } from '../answers.ts';
import { colour } from './chart.ts';
import { parameterName, valueText } from './words.ts';

type Value = number | string;

/** A done trial with a value for every parameter. */
interface Row {
  readonly number: number;
  readonly values: Readonly<Record<string, Value>>;
  readonly accuracy: number;
}

/** The done trials of an experiment, and the parameters that differ among them. */
export interface Measured {
  readonly rows: readonly Row[];
  /** Each with its values, numbers in numeric order; those with the most values first. */
  readonly parameters: readonly { readonly name: string; readonly values: readonly Value[] }[];
}

export function measuredOf({ number, params, accuracy }: TrialColumns): Measured {
  const names = Object.keys(params);
  const rows = number.flatMap((trial, i): Row[] => {
    const measured = accuracy[i];
    const values = names.map((name) => [name, params[name]?.[i]] as const);
    if (measured === null || measured === undefined) return [];
    return [
      {
        number: trial,
        values: Object.fromEntries(values.map(([name, value]) => [name, value ?? '–'])),
        accuracy: measured,
      },
    ];
  });
  const parameters = names
    .map((name) => ({ name, values: inOrder(new Set(rows.map(({ values }) => values[name] as Value))) }))
    .filter(({ values }) => values.length > 1)
    .sort((a, b) => b.values.length - a.values.length);
  return { rows, parameters };
}

const inOrder = (values: ReadonlySet<Value>): Value[] =>
  [...values].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
  );

/** The best accuracy of each pair of values of the first two parameters, whatever the others are. */
export function heatMapOption({ rows, parameters }: Measured): EChartsOption {
  const [across, up] = parameters;
  if (across === undefined || up === undefined) return {};
  const cells = new Map<string, [x: number, y: number, accuracy: number, trial: number]>();
  const xOf = new Map(across.values.map((value, index) => [value, index]));
  const yOf = new Map(up.values.map((value, index) => [value, index]));
  for (const { values, accuracy, number } of rows) {
    const [x, y] = [xOf.get(values[across.name] as Value) ?? 0, yOf.get(values[up.name] as Value) ?? 0];
    const known = cells.get(`${x} ${y}`);
    if (known === undefined || known[2] < accuracy) cells.set(`${x} ${y}`, [x, y, accuracy, number]);
  }
  const shade = shadesOf(rows.map(({ accuracy }) => accuracy));
  const middle = (shade.min + shade.max) / 2;
  const hasRoom = across.values.length <= 12 && up.values.length <= 16;
  return {
    ...look(),
    grid: { left: 30, right: 12, top: 8, bottom: 78, containLabel: true },
    xAxis: { ...categories(across.name, across.values), nameGap: 32 },
    yAxis: { ...categories(up.name, up.values), nameGap: 46 },
    visualMap: {
      ...shade,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: 180,
      dimension: 2,
      text: [percent(shade.max), percent(shade.min)],
    },
    tooltip: tooltip(({ value }) => {
      const [x, y, accuracy, trial] = value as [number, number, number, number];
      const place = [
        `${parameterName(across.name)} ${valueText(across.values[x])}`,
        `${parameterName(up.name)} ${valueText(up.values[y])}`,
      ];
      return `${place.join(', ')}\ntrial ${trial}: ${percent(accuracy)}`;
    }),
    series: {
      type: 'heatmap',
      data: [...cells.values()].map((value) => ({
        value,
        // Viridis is dark below and light above.
        label: { color: value[2] > middle ? '#101418' : '#f4f6f8' },
      })),
      itemStyle: {
        borderColor: colour('surface'),
        borderWidth: hasRoom ? 2 : 0,
        borderRadius: hasRoom ? 4 : 0,
      },
      label: {
        show: hasRoom,
        formatter: ({ value }) => (100 * Number((value as number[])[2])).toFixed(2),
        fontWeight: 600,
      },
    },
  };
}

/** Lines that a screen can tell apart. */
const mostLines = 1200;

/** Every trial as a line through its parameters to its accuracy. */
export function parallelOption({ rows, parameters }: Measured): EChartsOption {
  const sorted = [...rows].sort((a, b) => a.accuracy - b.accuracy);
  const step = Math.max(1, sorted.length / mostLines);
  // From the best down, so that those are always among them; drawn last, they lie on top.
  const shown = Array.from(
    { length: Math.ceil(sorted.length / step) },
    (_, i) => sorted[sorted.length - 1 - Math.floor(i * step)],
  ).toReversed();
  const text = { color: colour('ink') };
  const axis = {
    axisLine: { lineStyle: { color: colour('faint') } },
    axisTick: { lineStyle: { color: colour('faint') } },
    axisLabel: text,
    nameTextStyle: text,
  };
  const accuracyDimension = parameters.length;
  return {
    ...look(),
    parallel: { left: 56, right: 64, top: 36, bottom: 20 },
    parallelAxis: [
      ...parameters.map(({ name, values }, dim) => ({
        ...axis,
        dim,
        name: parameterName(name),
        type: 'category' as const,
        data: values.map(valueText),
      })),
      {
        ...axis,
        dim: accuracyDimension,
        name: 'accuracy (%)',
        min: 'dataMin',
        max: 'dataMax',
        axisLabel: { ...text, formatter: (value: number) => value.toFixed(1) },
      },
    ],
    visualMap: {
      ...shadesOf(rows.map(({ accuracy }) => 100 * accuracy)),
      inRange: { color: colour('shades').split(' ') },
      show: false,
      dimension: accuracyDimension,
    },
    series: {
      type: 'parallel',
      lineStyle: { width: shown.length > 200 ? 1 : 2, opacity: shown.length > 200 ? 0.35 : 0.9 },
      data: shown.flatMap((row) =>
        row === undefined
          ? []
          : [
              [
                ...parameters.map(({ name, values }) => values.indexOf(row.values[name] as Value)),
                100 * row.accuracy,
              ],
            ],
      ),
    },
  };
}

/** For each value of one parameter, the best and the median accuracy of the trials that have it. */
export function effectOption({ rows, parameters }: Measured, name: string): EChartsOption {
  const values = parameters.find((parameter) => parameter.name === name)?.values ?? [];
  const groups = values.map((value) =>
    rows
      .filter((row) => row.values[name] === value)
      .map(({ accuracy }) => 100 * accuracy)
      .sort((a, b) => a - b),
  );
  const line = (title: string, shade: string, of: (sorted: readonly number[]) => number | undefined) => ({
    type: 'line' as const,
    name: title,
    data: groups.map((group) => of(group) ?? null),
    symbolSize: values.length > 40 ? 0 : 8,
    lineStyle: { color: colour(shade), width: 2 },
    itemStyle: { color: colour(shade) },
  });
  return {
    ...look(),
    grid: { left: 8, right: 16, top: 36, bottom: 36, containLabel: true },
    legend: {
      top: 0,
      left: 0,
      textStyle: { color: colour('quiet') },
      icon: 'roundRect',
      itemHeight: 3,
      itemWidth: 18,
    },
    xAxis: { ...categories(name, values), nameGap: 32 },
    yAxis: {
      type: 'value',
      scale: true,
      axisLabel: { color: colour('ink') },
      splitLine: { lineStyle: { color: colour('line') } },
    },
    tooltip: tooltip(
      ({ seriesName = '', name: value, value: accuracy }) =>
        `${parameterName(name)} ${value}\n${seriesName}: ${Number(accuracy).toFixed(2)} %`,
    ),
    series: [
      line('best', 'first', (group) => group.at(-1)),
      line('median', 'second', (group) => group[Math.floor(group.length / 2)]),
    ],
  };
}

const look = () => ({ textStyle: { fontFamily: 'system-ui, sans-serif' } });

const categories = (name: string, values: readonly Value[]) => ({
  type: 'category' as const,
  data: values.map(valueText),
  name: parameterName(name),
  nameLocation: 'middle' as const,
  nameTextStyle: { color: colour('quiet') },
  axisLabel: { color: colour('ink'), hideOverlap: true },
  axisLine: { lineStyle: { color: colour('line') } },
  axisTick: { show: false },
});

/** From the lowest to the highest of some values. */
const shadesOf = (values: readonly number[]) => ({
  min: values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
  max: values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
  calculable: false,
  // Viridis: as even for colour-blind readers, on light and on dark paper.
  inRange: { color: ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'] },
  textStyle: { color: colour('quiet') },
});

interface Pointed {
  readonly seriesName?: string;
  readonly name?: string;
  readonly value?: unknown;
}

const tooltip = (text: (item: Pointed) => string) => ({
  renderMode: 'richText' as const,
  backgroundColor: colour('surface'),
  borderColor: colour('line'),
  textStyle: { color: colour('ink'), fontSize: 12 },
  formatter: (item: unknown) => text(item as Pointed),
});
