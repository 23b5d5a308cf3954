/** What each parameter does: every done trial to which it applies over its axis, and the mean of each of few values. */
import type { EChartsOption } from 'echarts';
import type { DoneTrial } from '../trial.ts';
import { deciding, measureText } from '../words/measures.ts';
import { Groups, isVaried, mostChoices } from '../words/parameters.ts';
import { settingsText } from '../words/units.ts';
import { measureAxis } from './axes.ts';
import { axisLook, type Figure, isNarrow, type Look, measuredAxis, plain } from './figure.ts';
import { type Scale, scaleAxis, scalesOf } from './scale.ts';
import { decidedText, decisiveOf, type Searched } from './searched.ts';
import { drawnText, thinned } from './thinned.ts';

const mostDots = 600;
/** More panels than this nobody compares. */
const mostPanels = 16;

/** A panel a parameter that has more than one value; undefined where there is none. */
export function effectsFigure(searched: Searched): Figure | undefined {
  const { done, tried, space } = searched;
  const varied = scalesOf(done, space).filter(({ parameter }) => isVaried(parameter));
  const panels = varied.filter(({ parameter }) => parameter.values.length > 1).slice(0, mostPanels);
  if (panels.length === 0) return undefined;
  const measure = deciding(tried);
  const value = decisiveOf(searched);
  const dots = thinned(done, mostDots);
  const conditional = panels.some(({ parameter }) => parameter.isConditional)
    ? '; a parameter that applies only sometimes shows the trials that have it'
    : '';
  const colours = new Groups(done, space).text;
  return {
    name: 'parameter-effects',
    title: 'Effect of each parameter',
    subtitle: `${decidedText(searched)}: a dot a trial, a line through the means of few values; the winner is framed${colours}${conditional}${drawnText(dots, done)}`,
    height: (width) => panelHeight * Math.ceil(panels.length / columnsAt(width)),
    option: (look) => effectsOption({ searched, dots, panels }, look),
    tips: panels.flatMap(({ at }, panel) =>
      dots.flatMap((trial) => {
        const place = at(trial);
        const told = `trial ${trial.number}, ${settingsText(trial, tried)}\n${measure.title} ${measureText(measure, value(trial))}`;
        return place === undefined
          ? []
          : [{ series: 2 * panel + 1, at: [place, value(trial)] as const, text: told }];
      }),
    ),
  };
}

const panelHeight = 300;
/** Of the width of a panel, what its labels take. */
const besidePanel = 92;
const columnsAt = (width: number): number => (isNarrow({ width }) ? 1 : 2);

interface Effects {
  readonly searched: Searched;
  /** Those that are drawn. */
  readonly dots: readonly DoneTrial[];
  readonly panels: readonly Scale[];
}

function effectsOption({ searched, dots, panels }: Effects, look: Look): EChartsOption {
  const { theme, width } = look;
  const { done, tried } = searched;
  const columns = Math.min(columnsAt(width), panels.length);
  const panelWidth = width / columns;
  const value = decisiveOf(searched);
  const axis = measureAxis(deciding(tried), done.map(value));
  const base = axisLook(theme);
  return {
    ...plain(theme),
    grid: panels.map((_, i) => ({
      left: (i % columns) * panelWidth + 70,
      width: panelWidth - besidePanel,
      top: Math.floor(i / columns) * panelHeight + 14,
      height: panelHeight - 74,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: panels.map((panel, gridIndex) => ({
      ...base,
      gridIndex,
      ...scaleAxis(panel, theme, panelWidth - besidePanel),
      name: `${panel.parameter.title}${panel.kind === 'log' ? ', log scale' : ''}`,
      nameLocation: 'middle',
      nameGap: 28,
      nameTruncate: { maxWidth: panelWidth - besidePanel },
      axisLine: { ...base.axisLine, onZero: false },
    })),
    yAxis: panels.map((_, gridIndex) => ({
      ...measuredAxis(theme, axis, 50),
      gridIndex,
      axisLine: { ...base.axisLine, show: false, onZero: false },
    })),
    series: panels.flatMap((panel, index) => panelSeries({ searched, dots, panel, index }, look)),
  } as EChartsOption;
}

interface Panel extends Omit<Effects, 'panels'> {
  readonly panel: Scale;
  readonly index: number;
}

function panelSeries({ searched, dots, panel, index }: Panel, { theme }: Look) {
  const { done } = searched;
  const value = decisiveOf(searched);
  const groups = new Groups(done, searched.space);
  const other = groups.areTold ? theme.soft : theme.good;
  const isCrowded = done.length > 100;
  const common = { xAxisIndex: index, yAxisIndex: index, silent: true };
  const shown = dots.filter((trial) => panel.at(trial) !== undefined);
  return [
    {
      ...{ ...common, type: 'line', symbol: 'none', lineStyle: { color: theme.soft, width: 2 } },
      // Of a range hardly any value comes twice: a line through single trials would say nothing.
      data: panel.parameter.values.length <= mostChoices && !panel.isRange ? meansOf(panel, done, value) : [],
    },
    {
      ...{ ...common, type: 'scatter', symbolSize: isCrowded ? 6 : 11 },
      // The best last, on top.
      data: shown.toReversed().map((trial) => ({
        value: [panel.at(trial), value(trial)],
        itemStyle: {
          color: theme.series[groups.indexOf(trial) ?? -1] ?? other,
          opacity: isCrowded && trial !== done[0] ? 0.5 : 0.9,
          borderColor: theme.ink,
          borderWidth: trial === done[0] ? 2.5 : 0,
        },
      })),
    },
  ];
}

function meansOf(
  { at }: Scale,
  done: readonly DoneTrial[],
  value: (trial: DoneTrial) => number,
): [number, number][] {
  const byValue = Map.groupBy(done, at);
  return [...byValue]
    .flatMap(([place, trials]): [number, number][] =>
      place === undefined
        ? []
        : [[place, trials.reduce((sum, trial) => sum + value(trial), 0) / trials.length]],
    )
    .sort(([a], [b]) => a - b);
}
