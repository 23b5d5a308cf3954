/** Which thread trained which trial when, and the share of the cores' time that was used. */
import type { EChartsOption } from 'echarts';
import { busyText, type RecordedTime, type TimeLine, timeLineOf } from '../findings/time-line.ts';
import type { Tried } from '../words/measures.ts';
import { Groups } from '../words/parameters.ts';
import { secondsText, settingsText } from '../words/units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { legendRow, legendRowHeight } from './legend.ts';
import type { Searched } from './searched.ts';
import type { Theme } from './theme.ts';
import { barsOf, laneHeight, mostBars, namesOf, type Timed, type TimedTrial } from './time-line-bars.ts';

/** Why there is no time line where trials have finished. */
export const noTimeLine =
  'This run was begun before version 4 of the database, which records when each session began and how long it took.';

/** The time line of an experiment; undefined where no span of a recorded session is known. */
export function timeLineFigure(
  trials: ReadonlyMap<number, TimedTrial>,
  recorded: RecordedTime,
  { tried, space }: Pick<Searched, 'tried' | 'space'>,
): Figure | undefined {
  const line = timeLineOf(recorded);
  if (line.spans.length === 0) return undefined;
  const { starts, isOpen, unplaced } = line;
  const timed: Timed = { trials, groups: new Groups([...trials.values()], space) };
  const names = namesOf(line, timed);
  return {
    name: 'time-line',
    title: 'Time line',
    subtitle: [
      `${line.threads} thread${line.threads === 1 ? '' : 's'}`,
      line.machines > 0 ? ` of ${line.machines} machine${line.machines === 1 ? '' : 's'}` : '',
      ` for ${secondsText(line.seconds)}`,
      starts.length > 1 ? ` in ${starts.length} sessions, laid one behind the other` : '',
      `: kept busy ${busyText(line)} of the time by trials that were finished`,
      isOpen
        ? '; a session without a recorded end, as one that still runs, counts as far as its last trial'
        : '',
      line.spans.length > mostBars ? '; bars of one colour that almost touch are drawn as one' : '',
      unplaced > 0 ? '; what ran before sessions were recorded is not drawn' : '',
    ].join(''),
    height: (width) => bottomOf(names, width) + 34 + line.threads * laneHeight(line),
    option: (look) => timeLineOption(line, timed, look),
    table: {
      head: ['thread', 'trials', 'busy'],
      rows: line.lanes.map((name, thread) => {
        const own = line.spans.filter((span) => span.thread === thread);
        const busy = own.reduce((sum, { from, to }) => sum + to - from, 0);
        const trained = new Set(own.map(({ trialId }) => trialId));
        return [name, String(trained.size), secondsText(busy)];
      }),
    },
    tips:
      line.spans.length > mostBars
        ? []
        : line.spans.map((span) => ({
            series: 0,
            at: [(span.from + span.to) / 2, span.thread],
            text: `${describe(trials.get(span.trialId), tried)}\n${secondsText(span.to - span.from)}, from ${secondsText(span.from)} on ${line.lanes[span.thread]}`,
          })),
  };
}

/** Below the lanes: the axis, and rows that say what the colours mean. */
const bottomOf = (names: readonly string[], width: number): number =>
  names.length === 0 ? 58 : 62 + legendRowHeight(names, width);

function describe(trial: TimedTrial | undefined, tried: Tried): string {
  if (trial === undefined) return 'a trial that is not done';
  return trial.role === 'final' ? 'final training' : `trial ${trial.number}, ${settingsText(trial, tried)}`;
}

function timeLineOption(line: TimeLine, timed: Timed, look: Look): EChartsOption {
  const { trials } = timed;
  const { theme, width } = look;
  const longest = line.lanes.reduce((most, { length }) => Math.max(most, length), 0);
  // A name of a machine takes more room than `thread 12` does.
  const left = isNarrow(look) ? 70 : Math.max(84, Math.min(200, 8 * longest + 12));
  const perSecond = (width - left - 30) / line.seconds;
  const bars = barsOf(line, timed, look);
  const names = namesOf(line, timed);
  const base = axisLook(theme);
  const labels = line.spans.flatMap((span) => {
    const trial = trials.get(span.trialId);
    if (line.spans.length > mostBars || trial === undefined) return [];
    const name = trial.role === 'final' ? 'final' : String(trial.number);
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
    grid: { left, right: 30, top: 8, bottom: bottomOf(names, width), outerBoundsMode: 'none' },
    ...(names.length > 0 ? { legend: legendRow(names, look, names) } : {}),
    xAxis: {
      ...base,
      type: 'value',
      min: 0,
      max: line.seconds,
      name: line.starts.length > 1 ? 'seconds of all sessions' : 'seconds since the threads were started',
      nameLocation: 'middle',
      nameGap: 30,
      axisLabel: { color: theme.ink, showMaxLabel: false },
      splitLine: { ...base.splitLine, showMaxLine: false },
    },
    yAxis: {
      ...base,
      type: 'category',
      inverse: true,
      data: [...line.lanes],
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
          data: line.starts.slice(1).map((xAxis) => ({ xAxis })),
        },
      },
      ...bars,
    ],
  } as EChartsOption;
}

/** The bars' colours are bright in both themes, but for the final training's, which is ink. */
const onBar = ({ role }: TimedTrial, { paper }: Theme) => ({ color: role === 'final' ? paper : '#0b0d10' });
