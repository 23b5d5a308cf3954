/** Which thread trained which trial when, and the share of the cores' time that was used. */
import type { EChartsOption } from 'echarts';
import type { TrialSpan } from '../../store/results.ts';
import type { Trial } from '../../trial.ts';
import { Groups, parametersOf } from '../parameters.ts';
import { paramsText, secondsText } from '../units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import type { Theme } from './theme.ts';

/** What the threads did, on one clock. */
export interface TimeLine {
  /** Seconds from the first run's start; runs that followed it are laid behind each other. */
  readonly spans: readonly TrialSpan[];
  readonly seconds: number;
  readonly threads: number;
  /** Of all threads' time, 0 to 1. */
  readonly busy: number;
  /** Where each run but the first begins. */
  readonly runs: readonly number[];
}

/**
 * Lays the spans on one clock. They come in the order in which trials ended, each run's from 0, so a trial that ended
 * earlier than the one before it belongs to a later run.
 */
export function timeLineOf(spans: readonly TrialSpan[]): TimeLine {
  const runs: number[] = [];
  let offset = 0;
  let end = 0;
  const placed = spans.map((span) => {
    if (offset + span.to < end) {
      offset = end;
      runs.push(offset);
    }
    end = offset + span.to;
    return { ...span, from: offset + span.from, to: end };
  });
  const threads = spans.reduce((most, { thread }) => Math.max(most, thread + 1), 0);
  const used = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const busy = end === 0 ? 0 : Math.min(1, used / (threads * end));
  return { spans: placed, seconds: end, threads, busy, runs };
}

/** More bars than this are drawn without gaps and names, as one line a thread. */
const mostBars = 400;

/** The time line of an experiment; undefined where no span is known. */
export function timeLineFigure(
  trials: ReadonlyMap<number, Trial>,
  spans: readonly TrialSpan[],
): Figure | undefined {
  const line = timeLineOf(spans);
  if (line.threads === 0) return undefined;
  const share = `${(100 * line.busy).toFixed(0)} %`;
  const runs = line.runs.length > 0 ? `, ${line.runs.length + 1} runs one after the other` : '';
  return {
    name: 'time-line',
    title: 'Time line',
    subtitle: `${line.threads} thread${line.threads === 1 ? '' : 's'} for ${secondsText(line.seconds)}${runs}: kept busy ${share} of the time by trials that were finished`,
    height: () => 92 + line.threads * laneHeight(line),
    option: (look) => timeLineOption(line, trials, look),
    table: {
      head: ['thread', 'trials', 'busy'],
      rows: Array.from({ length: line.threads }, (_, thread) => {
        const own = line.spans.filter((span) => span.thread === thread);
        const busy = own.reduce((sum, { from, to }) => sum + to - from, 0);
        return [`thread ${thread + 1}`, String(own.length), secondsText(busy)];
      }),
    },
    tips:
      spans.length > mostBars
        ? []
        : line.spans.map((span) => ({
            series: 0,
            at: [(span.from + span.to) / 2, span.thread],
            text: `${describe(trials.get(span.trialId))}\n${secondsText(span.to - span.from)}, from ${secondsText(span.from)} on thread ${span.thread + 1}`,
          })),
  };
}

const laneHeight = ({ threads }: TimeLine): number => Math.max(12, Math.min(46, 560 / threads));

function describe(trial: Trial | undefined): string {
  if (trial === undefined) return 'unknown trial';
  return trial.phase === 2 ? 'final training' : `trial ${trial.number}, ${paramsText(trial.params)}`;
}

function timeLineOption(line: TimeLine, trials: ReadonlyMap<number, Trial>, look: Look): EChartsOption {
  const { theme, width } = look;
  const left = isNarrow(look) ? 70 : 84;
  const perSecond = (width - left - 30) / line.seconds;
  const bars = barsOf(line, trials, look);
  const base = axisLook(theme);
  const labels = line.spans.flatMap((span) => {
    const trial = trials.get(span.trialId);
    if (line.spans.length > mostBars || trial === undefined) return [];
    const name = trial.phase === 2 ? 'final' : String(trial.number);
    const fits = (span.to - span.from) * perSecond > 8 * name.length + 6;
    return fits
      ? [
          {
            value: [(span.from + span.to) / 2, span.thread],
            label: { formatter: name, ...onBar(trial, theme) },
          },
        ]
      : [];
  });
  return {
    ...plain(theme),
    grid: { left, right: 30, top: 8, bottom: 58, outerBoundsMode: 'none' },
    xAxis: {
      ...base,
      type: 'value',
      min: 0,
      max: line.seconds,
      name: 'seconds since the threads were started',
      nameLocation: 'middle',
      nameGap: 30,
      axisLabel: { color: theme.ink, showMaxLabel: false },
      splitLine: { ...base.splitLine, showMaxLine: false },
    },
    yAxis: {
      ...base,
      type: 'category',
      inverse: true,
      data: Array.from({ length: line.threads }, (_, thread) => `thread ${thread + 1}`),
      axisTick: { show: false },
      splitLine: { show: false },
    },
    series: [
      {
        type: 'scatter',
        silent: true,
        symbolSize: 0,
        z: 5,
        // The default would fade the text.
        itemStyle: { opacity: 1 },
        data: labels,
        label: { show: true, position: 'inside', fontSize: 12, fontWeight: 'bold' },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: theme.soft, type: 'dashed' },
          data: line.runs.map((xAxis) => ({ xAxis })),
        },
      },
      ...bars,
    ],
  } as EChartsOption;
}

/** The bars' colours are bright in both themes, but for the final training's, which is ink. */
const onBar = ({ phase }: Trial, { paper }: Theme) => ({ color: phase === 2 ? paper : '#0b0d10' });

/** One series a colour: each bar is a piece of a broad line, cut off from the next by a gap. */
function barsOf(line: TimeLine, trials: ReadonlyMap<number, Trial>, { theme }: Look) {
  const groups = new Groups(parametersOf([...trials.values()]));
  const colourOf = ({ trialId }: TrialSpan): string => {
    const trial = trials.get(trialId);
    if (trial?.phase === 2) return theme.ink;
    return theme.series[(trial && groups.indexOf(trial)) ?? -1] ?? theme.good;
  };
  const gap = line.spans.length > mostBars ? 0 : line.seconds / 900;
  const coloured = Map.groupBy(line.spans, colourOf);
  return [...coloured].map(([color, spans]) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    connectNulls: false,
    lineStyle: { color, width: laneHeight(line) * 0.66, cap: 'butt', opacity: 0.9 },
    data: merged(spans, line.seconds / 900).flatMap(({ thread, from, to }) => [
      [from + gap, thread],
      [to, thread],
      [null, null],
    ]),
  }));
}

/** Bars of one colour on one thread that nobody could tell apart become one. */
function merged(spans: readonly TrialSpan[], closer: number): TrialSpan[] {
  if (spans.length <= mostBars) return [...spans];
  const bars: TrialSpan[] = [];
  const last = new Map<number, TrialSpan>();
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const before = last.get(span.thread);
    if (before !== undefined && span.from - before.to < closer) {
      last.set(span.thread, { ...before, to: span.to });
    } else {
      if (before !== undefined) bars.push(before);
      last.set(span.thread, span);
    }
  }
  return [...bars, ...last.values()];
}
