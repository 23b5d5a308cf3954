/** What each parameter does: every done trial over each of its parameters, and the mean of each value. */
import type { EChartsOption } from 'echarts';
import { decisive, type MetricFacts, metricFacts, type NetworkMetric } from '../metric.ts';
import type { DoneTrial } from '../trial.ts';
import {
  Groups,
  isChoice,
  isVaried,
  labelsOf,
  type Parameter,
  parametersOf,
  placeIn,
  spansDecades,
} from '../words/parameters.ts';
import { quantityText, settingsText } from '../words/units.ts';
import { quantityAxis } from './axes.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';

/** More dots than this are drawn as every n-th. */
const mostDots = 600;

/** A panel a parameter that has more than one value; undefined where there is none. */
export function effectsFigure(done: readonly DoneTrial[], metric: NetworkMetric): Figure | undefined {
  const parameters = parametersOf(done).filter(isVaried);
  if (parameters.length === 0) return undefined;
  const facts = metricFacts[metric];
  const { title, quantity, goal } = facts;
  const direction = goal === 'minimise' ? ', the lower the better' : '';
  const step = Math.ceil(done.length / mostDots);
  const dots = done.filter((_, i) => i % step === 0);
  return {
    name: 'parameter-effects',
    title: 'Effect of each parameter',
    subtitle: `${title} at the best epoch${direction}: a dot a trial, a line through the means; the winner is framed${step > 1 ? `; every ${step}th trial is drawn` : ''}`,
    height: (width) => panelHeight * rowsOf(parameters, width),
    option: (look) => effectsOption({ done, dots, parameters, facts }, look),
    tips: parameters.flatMap((parameter, panel) =>
      dots.map((trial) => ({
        series: 2 * panel + 1,
        at: [place(parameter, trial), decisive(trial.best)] as const,
        text: `trial ${trial.number}, ${settingsText(trial)}\n${title} ${quantityText[quantity](decisive(trial.best))}`,
      })),
    ),
  };
}

const panelHeight = 300;
const columnsAt = (width: number): number => (isNarrow({ width }) ? 1 : 2);
const rowsOf = (parameters: readonly Parameter[], width: number): number =>
  Math.ceil(parameters.length / columnsAt(width));

/** Where a trial stands on the parameter's axis; those to which it does not apply stand behind its values. */
const place = (parameter: Parameter, trial: DoneTrial): number =>
  isChoice(parameter)
    ? (placeIn(parameter, trial) ?? parameter.values.length)
    : (trial.params[parameter.name] as number);

interface Effects {
  readonly done: readonly DoneTrial[];
  /** Those that are drawn. */
  readonly dots: readonly DoneTrial[];
  readonly parameters: readonly Parameter[];
  readonly facts: MetricFacts;
}

function effectsOption({ done, dots, parameters, facts }: Effects, look: Look): EChartsOption {
  const { quantity } = facts;
  const { theme, width } = look;
  const columns = Math.min(columnsAt(width), parameters.length);
  const panelWidth = width / columns;
  const groups = new Groups(parametersOf(done));
  const axis = quantityAxis[quantity](done.map(({ best }) => decisive(best)));
  const base = axisLook(theme);
  return {
    ...plain(theme),
    grid: parameters.map((_, i) => ({
      left: (i % columns) * panelWidth + 70,
      width: panelWidth - 92,
      top: Math.floor(i / columns) * panelHeight + 14,
      height: panelHeight - 74,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: parameters.map((parameter, gridIndex) => ({
      ...base,
      gridIndex,
      ...scaleOf(parameter),
      name: parameter.title,
      nameLocation: 'middle',
      nameGap: 28,
      splitLine: { show: false },
      axisLine: { ...base.axisLine, onZero: false },
    })),
    yAxis: parameters.map((_, gridIndex) => ({
      ...base,
      ...axis,
      gridIndex,
      axisLabel: { ...('axisLabel' in axis ? axis.axisLabel : {}), color: theme.ink },
      nameLocation: 'middle',
      nameGap: 46,
    })),
    series: parameters.flatMap((parameter, panel) => [
      {
        type: 'line',
        xAxisIndex: panel,
        yAxisIndex: panel,
        silent: true,
        symbol: 'none',
        data: isChoice(parameter) ? meansOf(parameter, done) : [],
        lineStyle: { color: theme.soft, width: 2 },
      },
      {
        type: 'scatter',
        xAxisIndex: panel,
        yAxisIndex: panel,
        silent: true,
        symbolSize: done.length > 100 ? 6 : 11,
        data: dots.map((trial, i) => ({
          value: [place(parameter, trial), decisive(trial.best)],
          itemStyle: {
            color: theme.series[groups.indexOf(trial) ?? -1] ?? theme.good,
            opacity: done.length > 100 ? 0.5 : 0.9,
            borderColor: theme.ink,
            borderWidth: i === 0 ? 2.5 : 0,
          },
        })),
      },
    ]),
  } as EChartsOption;
}

function scaleOf(parameter: Parameter) {
  const { values } = parameter;
  if (isChoice(parameter)) return { type: 'category' as const, data: labelsOf(parameter) };
  const [low, high] = [values[0] as number, values.at(-1) as number];
  return spansDecades(parameter)
    ? { type: 'log' as const, min: low, max: high }
    : { type: 'value' as const, scale: true };
}

function meansOf(parameter: Parameter, done: readonly DoneTrial[]): [number, number][] {
  const byValue = Map.groupBy(done, (trial) => place(parameter, trial));
  return [...byValue]
    .map(([at, trials]): [number, number] => [
      at,
      trials.reduce((sum, { best }) => sum + decisive(best), 0) / trials.length,
    ])
    .sort(([a], [b]) => a - b);
}
