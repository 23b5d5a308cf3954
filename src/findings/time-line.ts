/** What the threads of all sessions did, on one clock, and the share of their time that was used. Not here: how it is drawn. */
import type { SessionMachine } from '../store/machine-records.ts';
import type { Session, TrialSpan } from '../store/results.ts';
import { shortNames } from '../words/machine-names.ts';

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

/** The share of the threads' time: `86 %`. */
export const busyText = ({ busy }: TimeLine): string => `${(100 * busy).toFixed(0)} %`;
