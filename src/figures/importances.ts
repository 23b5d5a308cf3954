/**
 * How much each parameter mattered, a bar each, with a mark for what another method says.
 * Not here: how it is worked out (findings).
 */
import type { EChartsOption } from 'echarts';
import type { Importance } from '../findings/importances.ts';
import { cut, displayWidth } from '../words/display-width.ts';
import { deciding } from '../words/measures.ts';
import { countText, parameterTitle } from '../words/units.ts';
import { axisLook, categoryAxis, type Figure, isNarrow, type Look, percentLabels, plain } from './figure.ts';
import { legendRow } from './legend.ts';
import type { Searched } from './searched.ts';

/** More parameters than these are in the table alone. */
const mostBars = 20;

/** Undefined where there are not two parameters to compare. */
export function importancesFigure(
  searched: Searched,
  importances: readonly Importance[],
): Figure | undefined {
  if (importances.length < 2) return undefined;
  const shown = importances.slice(0, mostBars);
  const sometimes = importances.some((one) => one.fanova === undefined)
    ? '; a parameter that does not apply to every trial has PED-ANOVA alone'
    : '';
  return {
    name: 'importances',
    title: 'Importance of each parameter',
    subtitle: `bars: how much of the variance of the ${deciding(searched.tried).title} a parameter explains alone, as a share of what all explain alone (functional ANOVA, ${countText(searched.done.length)} done trials); diamonds: how much the best tenth of the trials differs from all trials in it (PED-ANOVA)${sometimes}`,
    height: () => 92 + 30 * shown.length,
    option: (look) => importancesOption(shown, look),
    table: {
      head: ['parameter', 'functional ANOVA', 'PED-ANOVA'],
      rows: importances.map((one) => [
        parameterTitle(one.name),
        shareText(one.fanova),
        shareText(one.pedAnova),
      ]),
    },
    tips: shown.map((one, index) => ({
      series: 0,
      at: [one.fanova ?? one.pedAnova, index] as const,
      text: `${parameterTitle(one.name)}\nfunctional ANOVA ${shareText(one.fanova)}, PED-ANOVA ${shareText(one.pedAnova)}`,
    })),
  };
}

const shareText = (share: number | undefined): string =>
  share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;

/** @param room that a label takes, in shares */
const labelEnd = (bar: number, diamond: number, room: number): number =>
  diamond < bar + room ? Math.max(bar, diamond) : bar;

function importancesOption(shown: readonly Importance[], look: Look): EChartsOption {
  const { theme } = look;
  const base = axisLook(theme);
  const names = shown.map(({ name }) => cut(parameterTitle(name), isNarrow(look) ? 14 : 24));
  const most = Math.max(...shown.map(({ fanova, pedAnova }) => Math.max(fanova ?? 0, pedAnova)));
  const labelRoom = most * (isNarrow(look) ? 0.3 : 0.075);
  return {
    ...plain(theme),
    grid: {
      left: 24 + 7.4 * Math.max(...names.map(displayWidth)),
      ...{ right: 64, top: 8, bottom: 78, outerBoundsMode: 'none' },
    },
    legend: legendRow(['functional ANOVA', 'PED-ANOVA'], look),
    xAxis: {
      ...base,
      ...{ type: 'value', min: 0, name: 'share (%)', nameLocation: 'middle', nameGap: 28 },
      axisLabel: percentLabels(theme),
    },
    yAxis: { ...categoryAxis(theme, names), inverse: true },
    series: [
      {
        ...{ type: 'bar', name: 'functional ANOVA', silent: true, barMaxWidth: 18 },
        itemStyle: { color: theme.good, opacity: 0.85 },
        data: shown.map((one) => one.fanova ?? null),
      },
      {
        // At the end of the bar whose share it says, or right of a diamond that would cover it there.
        ...{ type: 'scatter', silent: true, symbolSize: 0 },
        label: { show: true, position: 'right', distance: 10, color: theme.ink },
        data: shown.map(({ fanova, pedAnova }, index) => ({
          value: [labelEnd(fanova ?? 0, pedAnova, labelRoom), index],
          itemStyle: { opacity: 1 },
          label: { formatter: fanova === undefined ? '' : shareText(fanova) },
        })),
      },
      {
        ...{ type: 'scatter', name: 'PED-ANOVA', silent: true, symbol: 'diamond', symbolSize: 11, z: 4 },
        itemStyle: { color: theme.paper, borderColor: theme.bad, borderWidth: 2, opacity: 1 },
        data: shown.map((one, index) => [one.pedAnova, index]),
      },
    ],
  } as EChartsOption;
}
