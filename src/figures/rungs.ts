/** How far trials came: of those that reached each step at which some were pruned, how many went on. */
import type { EChartsOption } from 'echarts';
import type { Trial } from '../trial.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { legendRow } from './legend.ts';

interface Rung {
  /** Undefined for the end. */
  readonly step: number | undefined;
  readonly pruned: number;
  readonly wentOn: number;
}

/** The last steps of the trials of a search. */
export interface Ends {
  readonly done: readonly number[];
  readonly pruned: readonly number[];
}

export const endsOf = (trials: readonly Trial[]): Ends => {
  const ends = (state: Trial['state']) =>
    trials.flatMap((trial) => (trial.state === state && 'last' in trial ? [trial.last.step] : []));
  return { done: ends('done'), pruned: ends('pruned') };
};

/** Undefined where nothing was pruned. */
export function rungsFigure(ends: Ends, step: 'epoch' | 'step'): Figure | undefined {
  const { pruned } = ends;
  if (pruned.length === 0) return undefined;
  const done = ends.done.length;
  const rungs = [...new Set(pruned)]
    .sort((a, b) => a - b)
    .map((at): Rung => {
      const here = pruned.filter((last) => last === at).length;
      return { step: at, pruned: here, wentOn: done + pruned.filter((last) => last > at).length };
    });
  const spent = pruned.reduce((sum, last) => sum + last, 0);
  const whole = ends.done.reduce((longest, last) => Math.max(longest, last), 0);
  const saved =
    whole > 0
      ? `; pruning spared them ${Math.round(100 * (1 - spent / (whole * pruned.length)))} % of ${whole} ${step}s each`
      : '';
  const all = [...rungs, { step: undefined, pruned: 0, wentOn: done }];
  return {
    name: 'rungs',
    title: 'How far trials came',
    subtitle: `${pruned.length} of ${pruned.length + done} trials were pruned, because others were better at the same ${step}${saved}`,
    height: () => 300,
    option: (look) => rungsOption(all, step, look),
    table: {
      head: [step, 'pruned there', 'went on'],
      rows: all.map((rung) => [nameOf(rung, step), String(rung.pruned), String(rung.wentOn)]),
    },
    tips: all.map((rung, index) => ({
      series: 1,
      at: [index, rung.wentOn + rung.pruned] as const,
      text:
        rung.step === undefined
          ? `${rung.wentOn} trials were done`
          : `${rung.wentOn + rung.pruned} trials reached ${step} ${rung.step}\n${rung.pruned} were pruned there, ${rung.wentOn} went on`,
    })),
  };
}

const nameOf = ({ step: at }: Rung, step: string): string => (at === undefined ? 'done' : `${step} ${at}`);

function rungsOption(rungs: readonly Rung[], step: string, look: Look): EChartsOption {
  const { theme } = look;
  const base = axisLook(theme);
  const bar = (name: string, color: string, opacity: number, count: (rung: Rung) => number) => ({
    ...{ type: 'bar', name, stack: 'all', silent: true, barMaxWidth: 90 },
    itemStyle: { color, opacity },
    data: rungs.map(count),
    label: {
      show: rungs.length <= 12,
      color: theme.ink,
      // The bar's own would fade it.
      opacity: 1,
      formatter: ({ value }: { value: number }) => (value === 0 ? '' : String(value)),
    },
  });
  return {
    ...plain(theme),
    grid: { left: isNarrow(look) ? 50 : 64, right: 24, top: 14, bottom: 70, outerBoundsMode: 'none' },
    legend: legendRow(['went on', 'pruned there'], look),
    xAxis: {
      ...base,
      type: 'category',
      data: rungs.map((rung) => nameOf(rung, step)),
      splitLine: { show: false },
    },
    yAxis: { ...base, type: 'value', name: 'trials', minInterval: 1, nameLocation: 'middle', nameGap: 36 },
    series: [
      bar('went on', theme.good, 0.75, ({ wentOn }) => wentOn),
      bar('pruned there', theme.bad, 0.45, ({ pruned }) => pruned),
    ],
  } as EChartsOption;
}
