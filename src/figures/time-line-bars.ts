/** The bars of a time line: what was trained on each thread, and what their colours mean. */
import type { TimeLine } from '../findings/time-line.ts';
import type { TrialSpan } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import type { Groups } from '../words/parameters.ts';
import type { Look } from './figure.ts';

/** What a time line says of a trial. */
export type TimedTrial = Pick<Trial, 'role' | 'number' | 'params' | 'replicate'>;

export interface Timed {
  readonly trials: ReadonlyMap<number, TimedTrial>;
  readonly groups: Groups;
}

/** More bars than this are drawn without gaps and names, as one line a thread. */
export const mostBars = 400;

export const laneHeight = ({ threads }: TimeLine): number => Math.max(12, Math.min(46, 560 / threads));

/** What a bar's colour means: of trials that are told apart, their group. */
function nameOf({ trialId }: TrialSpan, { trials, groups }: Timed): string {
  const trial = trials.get(trialId);
  if (trial?.role === 'final') return 'final training';
  return trial === undefined ? 'trials not done' : groups.nameOf(trial);
}

/** For the legend: nothing where trials are not told apart. */
export const namesOf = ({ spans }: TimeLine, timed: Timed): string[] =>
  timed.groups.areTold ? [...new Set(spans.map((span) => nameOf(span, timed)))] : [];

/** One series a name and its colour: each bar is a piece of a broad line, cut off from the next by a gap. */
export function barsOf(line: TimeLine, timed: Timed, { theme }: Look) {
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
