/** What each parameter does: every done trial over each of its parameters, and the mean of each value. */
import type { EChartsOption } from 'echarts';
import type { DoneTrial } from '../../trial.ts';
import { accuracyAxis } from '../axes.ts';
import { Groups, mostChoices, type Parameter, parametersOf } from '../parameters.ts';
import { parameterText, paramsText, percent } from '../units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';

/** More dots than this are drawn as every n-th. */
const mostDots = 600;

/** A panel a parameter that has more than one value; undefined where there is none. */
export function effectsFigure(done: readonly DoneTrial[]): Figure | undefined {
  const parameters = parametersOf(done).filter(({ values }) => values.length > 1);
  if (parameters.length === 0) return undefined;
  const step = Math.ceil(done.length / mostDots);
  const dots = done.filter((_, i) => i % step === 0);
  return {
    name: 'parameter-effects',
    title: 'Effect of each parameter',
    subtitle: `validation accuracy at the best epoch: a dot a trial, a line through the means${step > 1 ? `; every ${step}th trial is drawn` : ''}`,
    height: (width) => panelHeight * rowsOf(parameters, width),
    option: (look) => effectsOption(done, dots, parameters, look),
    tips: parameters.flatMap((parameter, panel) =>
      dots.map((trial) => ({
        series: 2 * panel + 1,
        at: [place(parameter, trial), trial.best.evaluationAccuracy] as const,
        text: `trial ${trial.number}, ${paramsText(trial.params)}\nvalidation accuracy ${percent(trial.best.evaluationAccuracy)}`,
      })),
    ),
  };
}

const panelHeight = 300;
const columnsAt = (width: number): number => (isNarrow({ width }) ? 1 : 2);
const rowsOf = (parameters: readonly Parameter[], width: number): number =>
  Math.ceil(parameters.length / columnsAt(width));

const isChoice = ({ values }: Parameter): boolean => values.length <= mostChoices;

/** Where a trial stands on the parameter's axis. */
const place = (parameter: Parameter, { params }: DoneTrial): number =>
  isChoice(parameter) ? parameter.values.indexOf(params[parameter.name]) : params[parameter.name];

function effectsOption(
  done: readonly DoneTrial[],
  dots: readonly DoneTrial[],
  parameters: readonly Parameter[],
  look: Look,
): EChartsOption {
  const { theme, width } = look;
  const columns = Math.min(columnsAt(width), parameters.length);
  const panelWidth = width / columns;
  const groups = new Groups(parametersOf(done));
  const axis = accuracyAxis(done.map(({ best }) => best.evaluationAccuracy));
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
      axisLabel: { ...axis.axisLabel, color: theme.ink },
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
          value: [place(parameter, trial), trial.best.evaluationAccuracy],
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
  if (isChoice(parameter)) return { type: 'category' as const, data: values.map(parameterText) };
  const [low, high] = [values[0] as number, values.at(-1) as number];
  return low > 0 && high / low > 20
    ? { type: 'log' as const, min: low, max: high }
    : { type: 'value' as const, scale: true };
}

function meansOf(parameter: Parameter, done: readonly DoneTrial[]): [number, number][] {
  const byValue = Map.groupBy(done, (trial) => place(parameter, trial));
  return [...byValue]
    .map(([at, trials]): [number, number] => [
      at,
      trials.reduce((sum, { best }) => sum + best.evaluationAccuracy, 0) / trials.length,
    ])
    .sort(([a], [b]) => a - b);
}
