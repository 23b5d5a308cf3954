/** Two metrics against each other: the trials that no other dominates are the Pareto front. */
import type { EChartsOption } from 'echarts';
import { byFront } from '../fronts/order.ts';
import type { DoneTrial } from '../trial.ts';
import { lossBy, type Measure, measureText, valueIn } from '../words/measures.ts';
import { countText, settingsText } from '../words/units.ts';
import { measureAxis } from './axes.ts';
import { axisLook, type Figure, isNarrow, type Look, measuredAxis, plain } from './figure.ts';
import { legendRow } from './legend.ts';
import type { Searched } from './searched.ts';
import { drawnText, thinned } from './thinned.ts';

/** The front is drawn whole. */
const mostDots = 600;

interface Front {
  readonly across: Measure;
  readonly up: Measure;
  /** From left to right. */
  readonly front: readonly DoneTrial[];
  readonly others: readonly DoneTrial[];
}

/** Undefined where fewer than two metrics of a person's own have a goal, or fewer than two trials are done. */
export function paretoFigure({ tried, done }: Searched): Figure | undefined {
  const [up, across] = tried.measures.filter(({ goal }) => goal !== 'none');
  if (tried.kind === 'network' || up === undefined || across === undefined || done.length < 2)
    return undefined;
  const placed = byFront(done, ({ best }) =>
    [up, across].map((measure) => lossBy(measure, valueIn(measure, best))),
  );
  const front = placed
    .flatMap(({ item, front }) => (front === 1 ? [item] : []))
    .sort((a, b) => valueIn(across, a.best) - valueIn(across, b.best));
  const behind = placed.slice(front.length).map(({ item }) => item);
  const shown: Front = { across, up, front, others: thinned(behind, mostDots) };
  const values = ({ best }: DoneTrial) => [valueIn(across, best), valueIn(up, best)] as const;
  const text = (trial: DoneTrial) =>
    `trial ${trial.number}, ${settingsText(trial, tried)}\n${up.title} ${measureText(up, valueIn(up, trial.best))}, ${across.title} ${measureText(across, valueIn(across, trial.best))}`;
  return {
    name: 'pareto-front',
    title: `${capital(up.title)} against ${across.title}`,
    subtitle: `Pareto front of ${counted(front)}; ${counted(behind)} dominated (${wayOf(up)}, ${wayOf(across)})${drawnText(shown.others, behind, 'dominated trials')}`,
    height: (width) => Math.round(Math.min(420, 220 + width * 0.24)),
    option: (look) => paretoOption(shown, done, look),
    table: {
      head: ['trial', up.title, across.title],
      rows: front.map((trial) => [
        String(trial.number),
        measureText(up, valueIn(up, trial.best)),
        measureText(across, valueIn(across, trial.best)),
      ]),
    },
    tips: [...front, ...shown.others].map((trial) => ({ series: 0, at: values(trial), text: text(trial) })),
  };
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const wayOf = ({ title, goal }: Measure): string =>
  `${title} ${goal === 'minimise' ? 'minimised' : 'maximised'}`;

const counted = ({ length }: readonly DoneTrial[]): string =>
  `${countText(length)} trial${length === 1 ? '' : 's'}`;

function paretoOption({ across, up, front, others }: Front, done: readonly DoneTrial[], look: Look) {
  const { theme } = look;
  const base = axisLook(theme);
  const axis = (measure: Measure, nameGap: number) => {
    const own = measureAxis(
      measure,
      done.map(({ best }) => valueIn(measure, best)),
    );
    return { ...measuredAxis(theme, own, nameGap), axisLine: { ...base.axisLine, onZero: false } };
  };
  const at = ({ best }: DoneTrial) => [valueIn(across, best), valueIn(up, best)];
  return {
    ...plain(theme),
    grid: { left: isNarrow(look) ? 62 : 80, right: 28, top: 14, bottom: 84, outerBoundsMode: 'none' },
    legend: legendRow(['Pareto front', 'dominated trials'], look),
    xAxis: axis(across, 30),
    yAxis: axis(up, isNarrow(look) ? 44 : 56),
    series: [
      {
        ...{ type: 'scatter', name: 'dominated trials', silent: true, symbolSize: 8 },
        itemStyle: { color: theme.soft, opacity: 0.5 },
        data: others.map(at),
      },
      {
        // By what was reached: nothing is known of what lies between two trials.
        ...{ type: 'line', name: 'Pareto front', silent: true, symbol: 'circle', symbolSize: 10 },
        step: across.goal === 'minimise' ? 'end' : 'start',
        ...{ lineStyle: { color: theme.good, width: 2 }, itemStyle: { color: theme.good }, z: 3 },
        data: front.map(at),
      },
    ],
  } as EChartsOption;
}
