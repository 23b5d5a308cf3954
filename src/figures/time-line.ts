/** Which thread trained which trial when, and the share of the cores' time that was used. */
import type { EChartsOption } from 'echarts';
import type { SessionMachine } from '../store/machine-records.ts';
import type { Session, TrialSpan } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import { shortNames } from '../words/machine-names.ts';
import type { Tried } from '../words/measures.ts';
import { Groups } from '../words/parameters.ts';
import { secondsText, settingsText } from '../words/units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { legendRow } from './legend.ts';
import type { Searched } from './searched.ts';
import type { Theme } from './theme.ts';

/** What a time line says of a trial. */
export type TimedTrial = Pick<Trial, 'role' | 'number' | 'params' | 'replicate'>;

/** What the database has recorded. */
export interface RecordedTime {
  readonly spans: readonly TrialSpan[];
  readonly sessions: readonly Session[];
  /** Who worked in them, where there were several machines. */
  readonly machines?: readonly SessionMachine[] | undefined;
}

/** What the threads did, on one clock that stands still between sessions. */
export interface TimeLine {
  /** Seconds from the start of the first session; a span's thread is its lane. */
  readonly spans: readonly TrialSpan[];
  /** What each lane is called: a thread, of its machine where there were several. */
  readonly lanes: readonly string[];
  /** How many machines there were; 0 where nobody counts them. */
  readonly machines: number;
  readonly seconds: number;
  /** Of the session that had most; of several machines all together. */
  readonly threads: number;
  /** Of the time of all threads, 0 to 1. */
  readonly busy: number;
  /** Where each session begins, the first at 0. */
  readonly starts: readonly number[];
  /** Whether the end of a session is not known: it runs, or it was killed. It is as long as its spans. */
  readonly isOpen: boolean;
  /** Spans of no recorded session, which are left out: nobody knows what they were before or after. */
  readonly unplaced: number;
}

export function timeLineOf({ spans, sessions, machines = [] }: RecordedTime): TimeLine {
  const lanes = lanesOf(sessions, machines);
  const bySession = Map.groupBy(spans, ({ session }) => session);
  const starts: number[] = [];
  const placed: TrialSpan[] = [];
  let end = 0;
  let available = 0;
  for (const { id, threads, seconds } of sessions) {
    const own = bySession.get(id) ?? [];
    const length = seconds ?? own.reduce((last, { to }) => Math.max(last, to), 0);
    const start = end;
    starts.push(start);
    placed.push(
      ...own.map((span) => ({
        ...span,
        ...{ thread: lanes.of(span), from: start + span.from, to: start + span.to },
      })),
    );
    const there = machines.filter(({ session }) => session === id);
    available += there.reduce(
      (sum, machine) => sum + machine.threads * ((machine.end?.at ?? length) - machine.from),
      there.length === 0 ? threads * length : 0,
    );
    end += length;
  }
  const used = placed.reduce((sum, { from, to }) => sum + to - from, 0);
  return {
    spans: placed,
    seconds: end,
    lanes: lanes.names,
    machines: lanes.machines,
    threads: lanes.names.length,
    busy: available === 0 ? 0 : Math.min(1, used / available),
    starts,
    isOpen: sessions.some(({ seconds }) => seconds === null),
    unplaced: spans.length - placed.length,
  };
}

/** Every thread in a lane of its own; machines have theirs side by side, in whichever session they worked. */
function lanesOf(sessions: readonly Session[], machines: readonly SessionMachine[]) {
  const owners = new Map<string, number>();
  for (const { name, threads } of machines) owners.set(name, Math.max(owners.get(name) ?? 0, threads));
  const ids = [...owners.keys()];
  const short = shortNames(ids);
  const lanes = new Map<string, string>();
  for (const [index, id] of ids.entries())
    for (let thread = 0; thread < (owners.get(id) ?? 0); thread++)
      lanes.set(`${id} ${thread}`, `${short[index]} · ${thread + 1}`);
  const alone = sessions.filter(({ id }) => machines.every(({ session }) => session !== id));
  const threads = Math.max(0, ...alone.map((session) => session.threads));
  for (let thread = 0; thread < threads; thread++) lanes.set(`${thread}`, `thread ${thread + 1}`);
  const places = new Map([...lanes.keys()].map((key, index) => [key, index]));
  return {
    names: [...lanes.values()],
    machines: ids.length,
    /** The lane of a span. */
    of({ session, thread }: TrialSpan): number {
      const owner = machines.find(
        (one) =>
          one.session === session && one.firstThread <= thread && thread < one.firstThread + one.threads,
      );
      const key = owner === undefined ? `${thread}` : `${owner.name} ${thread - owner.firstThread}`;
      return places.get(key) ?? lanes.size - 1;
    },
  };
}

/** Why there is no time line where trials have finished. */
export const noTimeLine =
  'This run was begun before version 4 of the database, which records when each session began and how long it took.';

/** More bars than this are drawn without gaps and names, as one line a thread. */
const mostBars = 400;

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
      isOpen ? '; a session whose end was not recorded counts as far as its last trial' : '',
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

/** The share of the threads' time: `86 %`. */
export const busyText = ({ busy }: TimeLine): string => `${(100 * busy).toFixed(0)} %`;

/** Below the lanes: the axis, and rows that say what the colours mean. */
const bottomOf = (names: readonly string[], width: number): number =>
  names.length === 0 ? 58 : 62 + 26 * (isNarrow({ width }) ? names.length : Math.ceil(names.length / 4));

/** What a bar's colour means: of trials that are told apart, their group. */
function nameOf({ trialId }: TrialSpan, { trials, groups }: Timed): string {
  const trial = trials.get(trialId);
  if (trial?.role === 'final') return 'final training';
  return trial === undefined ? 'trials not done' : groups.nameOf(trial);
}

/** For the legend: nothing where trials are not told apart. */
const namesOf = ({ spans }: TimeLine, timed: Timed): string[] =>
  timed.groups.areTold ? [...new Set(spans.map((span) => nameOf(span, timed)))] : [];

const laneHeight = ({ threads }: TimeLine): number => Math.max(12, Math.min(46, 560 / threads));

function describe(trial: TimedTrial | undefined, tried: Tried): string {
  if (trial === undefined) return 'a trial that is not done';
  return trial.role === 'final' ? 'final training' : `trial ${trial.number}, ${settingsText(trial, tried)}`;
}

interface Timed {
  readonly trials: ReadonlyMap<number, TimedTrial>;
  readonly groups: Groups;
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
    ...(names.length > 0 ? { legend: legendRow(names, theme, names) } : {}),
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

/** One series a name and its colour: each bar is a piece of a broad line, cut off from the next by a gap. */
function barsOf(line: TimeLine, timed: Timed, { theme }: Look) {
  const { trials, groups } = timed;
  const other = groups.areTold ? theme.soft : theme.good;
  const colourOf = ({ trialId }: TrialSpan): string => {
    const trial = trials.get(trialId);
    if (trial?.role === 'final') return theme.ink;
    return theme.series[(trial && groups.indexOf(trial)) ?? -1] ?? other;
  };
  const gap = line.spans.length > mostBars ? 0 : line.seconds / 900;
  const named = Map.groupBy(line.spans, (span) => nameOf(span, timed));
  return [...named].map(([name, spans]) => ({
    type: 'line',
    name,
    silent: true,
    symbol: 'none',
    connectNulls: false,
    lineStyle: {
      color: colourOf(spans[0] as TrialSpan),
      width: laneHeight(line) * 0.66,
      cap: 'butt',
      opacity: 0.9,
    },
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
