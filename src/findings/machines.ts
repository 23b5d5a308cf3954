/**
 * What each machine was worth to a run: how busy it was, what it does now, and how it went.
 * Not here: which thread trained what when (figures/time-line.ts). A run on one machine has none of this.
 */
import type { Machine, Stint } from '../machine.ts';
import type { SessionMachine, TrialStint } from '../store/machine-records.ts';
import type { Session } from '../store/results.ts';
import type { Role, Trial } from '../trial.ts';
import { shortNames } from '../words/machine-names.ts';

/** What the database has recorded. */
export interface RecordedMachines {
  readonly sessions: readonly Session[];
  readonly machines: readonly SessionMachine[];
  readonly stints: readonly TrialStint[];
}

/** A trial that a machine is at. */
export interface TrialNow extends Pick<Stint, 'machine' | 'from'> {
  readonly role: Role;
  readonly number: number;
}

/** What the process that runs it tells of its session, which is the last one. */
export interface MachinesNow {
  /** Seconds since the session began. */
  readonly age: number;
  readonly machines: readonly Machine[];
  readonly at: readonly TrialNow[];
}

export interface MachineLine {
  /** As it is recorded. */
  readonly id: string;
  /** As short as it is unmistakable. */
  readonly name: string;
  readonly threads: number;
  /** The share of its threads' time that it was at trials, 0 to 1; null where it was not there for any time. */
  readonly busy: number | null;
  /** Trials that it has brought to an end. */
  readonly ended: number;
  /** Trials that others had to go on with, because it was lost. */
  readonly lost: number;
  readonly state: 'there' | 'left' | 'lost' | 'over';
  /** When it left or was lost, ISO 8601 in UTC; null while it is there, and where it was to the end of its session. */
  readonly goneAt: string | null;
  readonly now: readonly Pick<TrialNow, 'role' | 'number'>[];
}

/** A line for each machine, in the order in which they came; none where there was this one alone. */
export function machineLines(
  { sessions, machines, stints }: RecordedMachines,
  present?: MachinesNow,
): MachineLine[] {
  const last = sessions.at(-1);
  const rows =
    present === undefined || last === undefined
      ? machines
      : [
          ...machines.filter(({ session }) => session !== last.id),
          ...present.machines.map((machine) => ({ ...machine, session: last.id })),
        ];
  const isNow = (session: number) => present !== undefined && session === last?.id;
  const ends = new Map(
    sessions.map(({ id, seconds }) => {
      const told = stints.filter(({ session }) => session === id).map(({ end }) => end.at);
      return [id, isNow(id) ? (present?.age ?? 0) : (seconds ?? greatest(told))];
    }),
  );
  const begun = new Map(sessions.map(({ id, startedAt }) => [id, Date.parse(startedAt)]));
  const ofMachine = Map.groupBy(stints, ({ machine }) => machine);
  const nowOf = Map.groupBy(present?.at ?? [], ({ machine }) => machine);
  const byName = Map.groupBy(rows, ({ name }) => name);
  const short = shortNames([...byName.keys()]);
  return [...byName].map(([name, stays], index): MachineLine => {
    const [own, now] = [ofMachine.get(name) ?? [], nowOf.get(name) ?? []];
    const newest = stays.at(-1) as SessionMachine;
    const there = stays.map(
      ({ session, threads, from, end }) => threads * ((end?.at ?? ends.get(session) ?? from) - from),
    );
    const used = [
      ...own.map(({ from, end }) => end.at - from),
      ...now.map(({ from }) => (present?.age ?? from) - from),
    ];
    const available = sum(there);
    const ended = own.filter(({ end }) => end.how !== 'lost' && end.how !== 'stopped');
    const gone = newest.end && (begun.get(newest.session) ?? 0) + 1000 * newest.end.at;
    return {
      ...{ id: name, name: short[index] as string, threads: newest.threads, ended: ended.length },
      busy: available > 0 ? Math.min(1, sum(used) / available) : null,
      lost: own.filter(({ end }) => end.how === 'lost').length,
      state: newest.end?.how ?? (isNow(newest.session) ? 'there' : 'over'),
      goneAt: gone === undefined ? null : new Date(gone).toISOString(),
      now: now.map(({ role, number }) => ({ role, number })),
    };
  });
}

/** A trial at one machine without a break; who pauses there and goes on there has not been away. */
export interface Stay {
  /** As short as it is unmistakable. */
  readonly machine: string;
  readonly seconds: number;
  readonly how: TrialStint['end']['how'];
}

/** Where a trial was, the first first; nowhere in a run on one machine. */
export function staysOf(
  trialId: number,
  { machines, stints }: Pick<RecordedMachines, 'machines' | 'stints'>,
): Stay[] {
  const names = [...new Set([...machines.map(({ name }) => name), ...stints.map(({ machine }) => machine)])];
  const short = shortNames(names);
  const stays: Stay[] = [];
  for (const { machine, from, end } of stints.filter((stint) => stint.trialId === trialId)) {
    const stay = { machine: short[names.indexOf(machine)] as string, seconds: end.at - from, how: end.how };
    const before = stays.at(-1);
    if (before?.how === 'stopped' && before.machine === stay.machine)
      stays[stays.length - 1] = { ...stay, seconds: before.seconds + stay.seconds };
    else stays.push(stay);
  }
  return stays;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const greatest = (numbers: readonly number[]): number =>
  numbers.reduce((most, one) => Math.max(most, one), 0);

/** At which machine a trial is, or was last. */
export function machineOf(
  { id, role, number }: Pick<Trial, 'id' | 'role' | 'number'>,
  stints: readonly TrialStint[],
  present?: MachinesNow,
): string | undefined {
  const now = present?.at.find((trial) => trial.number === number && trial.role === role);
  return (now ?? stints.findLast(({ trialId }) => trialId === id))?.machine;
}
