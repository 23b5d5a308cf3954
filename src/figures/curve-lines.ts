/** The lines of learning curves: whose they are called, how broad and in which colour, the most important on top. */
import type { LineSeriesOption } from 'echarts';
import { evaluationName } from '../words/evaluation-name.ts';
import { countedStep, type Measure, onTrainingRows, valueIn } from '../words/measures.ts';
import { Groups } from '../words/parameters.ts';
import type { Curves, CurveTrial } from './curves.ts';
import type { Look } from './figure.ts';

type Point = [step: number, value: number | null];

/** The trial that is drawn in ink. */
export function leadOf({ role, trials, winner }: Curves): CurveTrial | undefined {
  return role === 'final' ? trials[0] : trials.find(({ number }) => number === winner?.number);
}

/** The lines, the most important last: it is drawn on top. */
export function drawnLines(curves: Curves, { theme }: Look): LineSeriesOption[] {
  const lead = leadOf(curves);
  const groups = new Groups(curves.trials, curves.space);
  const place = ({ number }: CurveTrial) => curves.runnersUp?.indexOf(number) ?? -1;
  const others = curves.trials
    .filter((trial) => trial !== lead)
    .sort((a, b) => place(a) - place(b) || (groups.indexOf(a) ?? 0) - (groups.indexOf(b) ?? 0));
  const lines = others.map((trial) => {
    const group = groups.indexOf(trial);
    const color = group === undefined ? theme.soft : (theme.series[group] ?? theme.soft);
    const name = nameOf(curves, groups.nameOf(trial));
    if (place(trial) >= 0)
      return named(line(name, points(trial, curves.measure), { color, width: 2 }), trial, color);
    const opacity = trial.state === 'pruned' ? 0.3 : 0.75;
    const thin = line(name, points(trial, curves.measure), { color, width: 1.2, opacity });
    return { ...thin, clip: trial.state === 'diverged' };
  });
  return lead === undefined ? lines : [...lines, ...leadLines(curves, lead, theme)];
}

/** Lines of a network are of its rows; of anything else there is one line a trial. */
const nameOf = ({ tried, role }: Curves, whose: string): string =>
  tried.kind === 'network' ? `${evaluationName(role)}, ${whose}` : whose;

function leadLines(curves: Curves, lead: CurveTrial, { ink, good }: Look['theme']): LineSeriesOption[] {
  const { role, tried, measure, winner, runnersUp } = curves;
  const isSearch = role === 'search';
  const evaluation = points(lead, measure);
  const own = isSearch ? `trial ${lead.number}` : 'final training';
  const owner = isSearch ? `${own}, ` : '';
  const name = tried.kind === 'network' ? `${owner}${evaluationName(role)}` : own;
  const main = line(name, evaluation, { color: ink, width: 2.6 });
  const trainingMeasure = onTrainingRows(tried, measure);
  const style = { color: isSearch ? ink : good, width: 2, type: [7, 5] };
  const training = trainingMeasure && line(`${owner}training`, points(lead, trainingMeasure), style);
  const best = isSearch ? evaluation.filter(([step]) => step === winner?.bestStep) : [];
  const mark = {
    ...line(countedStep(curves.tried), best, { color: ink, width: 0 }),
    ...{ showSymbol: true, symbol: 'circle', symbolSize: 9 },
  };
  return [
    runnersUp?.length ? named(main, lead, ink) : main,
    ...(training === undefined ? [] : [training]),
    ...(best.length === 0 ? [] : [mark]),
  ];
}

/** The line with its trial's number at its end; ends that lie close to each other are moved apart. */
const named = (series: LineSeriesOption, { number }: CurveTrial, color: string): LineSeriesOption => ({
  ...series,
  endLabel: { show: true, formatter: `trial ${number}`, color, fontSize: 12, distance: 6 },
  labelLayout: { moveOverlap: 'shiftY' },
});

function line(
  name: string,
  data: Point[],
  lineStyle: NonNullable<LineSeriesOption['lineStyle']>,
): LineSeriesOption {
  return {
    type: 'line',
    name,
    data,
    lineStyle,
    itemStyle: { color: lineStyle.color as string },
    // A single step makes no line: show it as a dot.
    symbol: data.length === 1 ? 'circle' : 'none',
    symbolSize: 7,
    sampling: 'lttb',
    clip: false,
    silent: true,
  };
}

const points = ({ reports }: CurveTrial, measure: Measure): Point[] =>
  reports.map((report) => {
    const value = valueIn(measure, report);
    return [report.step, Number.isFinite(value) ? value : null];
  });

/** The values that lines show. */
export const valuesOf = (series: readonly LineSeriesOption[]): number[] =>
  series.flatMap(({ data }) => (data as Point[]).map(([, value]) => value)).filter((value) => value !== null);
