/**
 * How much each parameter mattered: by functional ANOVA, and beside it by PED-ANOVA, which asks another question.
 * Not here: how they are worked out (evidence).
 */
import type { EChartsOption } from 'echarts';
import { type Column, columnsOf, isConstant } from '../evidence/column.ts';
import { fanova } from '../evidence/fanova.ts';
import { pedAnova } from '../evidence/ped-anova.ts';
import { deciding } from '../words/measures.ts';
import { cut, displayWidth } from '../words/text.ts';
import { countText, parameterTitle } from '../words/units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { legendRow } from './legend.ts';
import { decisiveOf, type Searched } from './searched.ts';

export interface Importance {
  readonly name: string;
  /** Its share of what single parameters explain; undefined where the parameter does not apply to every trial. */
  readonly fanova: number | undefined;
  /** Its share of the PED-ANOVA of all. */
  readonly pedAnova: number;
}

/** Of fewer trials nothing can be said. */
const fewest = 10;
/** More trials take long, and hardly change the answer: of these every n-th in the order of their ranks. */
const most = 1000;
/** More parameters than these are in the table alone. */
const mostBars = 20;

/** The parameters that trials differ in, the most important first; empty where there is too little to learn from. */
export function importancesOf(searched: Searched): Importance[] {
  const { done, space, tried } = searched;
  if (done.length < fewest || space === undefined) return [];
  const every = Math.ceil(done.length / most);
  const trials = done.filter((_, index) => index % every === 0).sort((a, b) => a.number - b.number);
  const sign = deciding(tried).goal === 'maximise' ? -1 : 1;
  const value = decisiveOf(searched);
  const losses = trials.map((trial) => sign * value(trial));
  const columns = columnsOf(
    space,
    trials.map(({ params }) => params),
  ).filter((column) => !isConstant(column));
  const shares = fanova(columns, losses);
  const differences = pedAnova(columns, losses);
  const all = differences.reduce((sum, one) => sum + one, 0);
  return columns
    .map((column, index) => ({
      name: column.name,
      fanova: isConditional(column) ? undefined : (shares[index] as number),
      pedAnova: all === 0 ? 0 : (differences[index] as number) / all,
    }))
    .sort((a, b) => (b.fanova ?? b.pedAnova) - (a.fanova ?? a.pedAnova));
}

const isConditional = ({ values }: Column): boolean => values.some(Number.isNaN);

/** Undefined where there are not two parameters to compare. */
export function importancesFigure(
  searched: Searched,
  importances: readonly Importance[] = importancesOf(searched),
): Figure | undefined {
  if (importances.length < 2) return undefined;
  const shown = importances.slice(0, mostBars);
  const sometimes = importances.some((one) => one.fanova === undefined)
    ? '; a parameter that does not apply to every trial has PED-ANOVA alone'
    : '';
  return {
    name: 'importances',
    title: 'Importance of each parameter',
    subtitle: `bars: the share of the ${deciding(searched.tried).title} that a parameter explains alone, of what all explain alone (functional ANOVA, ${countText(searched.done.length)} done trials); diamonds: how differently the best tenth chooses it (PED-ANOVA)${sometimes}`,
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

function importancesOption(shown: readonly Importance[], look: Look): EChartsOption {
  const { theme } = look;
  const base = axisLook(theme);
  const names = shown.map(({ name }) => cut(parameterTitle(name), isNarrow(look) ? 14 : 24));
  return {
    ...plain(theme),
    grid: {
      left: 24 + 7.4 * Math.max(...names.map(displayWidth)),
      ...{ right: 64, top: 8, bottom: 78, outerBoundsMode: 'none' },
    },
    legend: legendRow(['functional ANOVA', 'PED-ANOVA'], theme),
    xAxis: {
      ...base,
      ...{ type: 'value', min: 0, name: 'share', nameLocation: 'middle', nameGap: 28 },
      axisLabel: { color: theme.ink, formatter: (share: number) => `${Math.round(100 * share)} %` },
    },
    yAxis: {
      ...base,
      ...{ type: 'category', inverse: true, data: names },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    series: [
      {
        ...{ type: 'bar', name: 'functional ANOVA', silent: true, barMaxWidth: 18 },
        itemStyle: { color: theme.good, opacity: 0.85 },
        data: shown.map((one) => one.fanova ?? null),
        label: {
          ...{ show: true, position: 'right', color: theme.ink },
          formatter: ({ value }: { value: number | null }) => (value === null ? '' : shareText(value)),
        },
      },
      {
        ...{ type: 'scatter', name: 'PED-ANOVA', silent: true, symbol: 'diamond', symbolSize: 11, z: 4 },
        itemStyle: { color: theme.paper, borderColor: theme.bad, borderWidth: 2, opacity: 1 },
        data: shown.map((one, index) => [one.pedAnova, index]),
      },
    ],
  } as EChartsOption;
}
