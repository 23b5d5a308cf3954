/**
 * results.db-live-PID: how far the trials of one running process are, for whoever looks.
 * Not here: results. A trial's epochs go into the database with its result; this file is a hint, which may be late, thinned or
 * gone. So it is replaced whole, once a second, without waiting for the disk, and no transaction is spent on it.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LiveSession, LiveTrial, Times } from '../findings/live.ts';
import type { MachinesNow } from '../findings/machines.ts';
import { secondsLeft, trialSecondsLeft } from '../findings/progress-state.ts';
import { SweepProgress } from '../findings/sweep-progress.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { Report, Trial } from '../trial.ts';

/** Epochs of one trial that the file holds at most; beyond, every second one goes. */
const mostPoints = 200;
const defaults = { samplesPerSecond: 5 };
const writeEveryMs = 1000;
/** A file that has not been written for so long belongs to a process that hangs or is gone. */
const silentAfterMs = 6000;

const prefixOf = (database: string): string => `${basename(database)}-live-`;

interface Followed extends Pick<Trial, 'role' | 'number'> {
  readonly progress: Extract<SweepEvent, { kind: 'trial started' }>['progress'];
  curve: Report[];
  /** Epochs from one kept to the next. */
  step: number;
}

/** Writes the file while a sweep runs, and removes it when disposed. A file that cannot be written stops no sweep. */
export class LiveFile implements Disposable {
  readonly #path: string;
  readonly #progress = new SweepProgress();
  readonly #startedAt = performance.now();
  readonly #running = new Map<number, Followed>();
  readonly #timers: readonly NodeJS.Timeout[];
  #machines:
    | { readonly told: Extract<SweepEvent, { kind: 'machines changed' }>; readonly at: number }
    | undefined;

  constructor(database: string, { samplesPerSecond } = defaults) {
    this.#path = join(dirname(database), `${prefixOf(database)}${process.pid}`);
    clearLeftOvers(database);
    this.#timers = [
      setInterval(() => this.#sample(), 1000 / samplesPerSecond),
      setInterval(() => this.#write(), writeEveryMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  follow(event: SweepEvent): void {
    this.#progress.follow(event);
    switch (event.kind) {
      case 'trial started': {
        const { role, number, id } = event.trial;
        this.#running.set(id, { role, number, progress: event.progress, curve: [], step: 1 });
        return;
      }
      case 'machines changed':
        this.#machines = { told: event, at: performance.now() };
        return;
      case 'trial paused':
      case 'trial finished':
        this.#running.delete(event.trial.id);
        return;
      case 'phase started':
      case 'winner':
      case 'trial judged':
      case 'remark':
        return;
      default:
        return event satisfies never;
    }
  }

  #sample(): void {
    for (const followed of this.#running.values()) {
      const { last } = followed.progress();
      const known = followed.curve.at(-1)?.step ?? 0;
      if (last === undefined || last.step < known + followed.step) continue;
      followed.curve.push(last);
      if (followed.curve.length > mostPoints) {
        followed.curve = followed.curve.filter((_, index) => index % 2 === 0);
        followed.step *= 2;
      }
    }
  }

  #write(): void {
    const state = this.#progress.state();
    // A process that was refused the database has nothing to tell.
    if (state === undefined) return;
    const now = performance.now();
    const trials = state.running.map((trial): LiveTrial => {
      const { id, epochs, startedAt } = trial;
      const times = { elapsed: (now - startedAt) / 1000, left: trialSecondsLeft(trial, now) ?? null };
      const followed = this.#running.get(id);
      // Where nobody knows how many steps it has, a trial counts as one for the time that is left.
      const steps = followed?.progress().steps === undefined ? 0 : epochs;
      return { id, epochs: steps, ...times, curve: followed?.curve ?? [] };
    });
    const left = secondsLeft(state, now) ?? null;
    const elapsed = (now - this.#startedAt) / 1000;
    const content: LiveSession = { elapsed, left, trials, machines: this.#machinesAt(now) };
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(content));
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // A full disk or a folder made read-only: the sweep itself will say so where it matters.
    }
  }

  #machinesAt(now: number): MachinesNow | undefined {
    if (this.#machines === undefined) return undefined;
    const { told, at } = this.#machines;
    const trials = [...this.#running.values()].flatMap(({ role, number, progress }) => {
      const stint = progress().stints?.at(-1);
      if (stint === undefined || stint.end !== undefined) return [];
      return [{ role, number, machine: stint.machine, from: stint.from }];
    });
    return { age: told.age + (now - at) / 1000, machines: told.machines, at: trials };
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
    remove(this.#path);
    remove(`${this.#path}.new`);
  }
}

/** Removes the files of processes that were killed and could not do it themselves. */
function clearLeftOvers(database: string): void {
  const folder = dirname(database);
  for (const name of namesIn(folder)) {
    const pid = /^\d+(?=(?:\.new)?$)/.exec(name.slice(prefixOf(database).length))?.[0];
    if (!name.startsWith(prefixOf(database)) || pid === undefined || isAlive(Number(pid))) continue;
    remove(join(folder, name));
  }
}

/** As far as it can be: a hint that stays is silent, and no reason to fail. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder may have become read-only, or the name be too long for the file ever to have been written.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What the process that runs a sweep into `database` has told in the last seconds. */
export function readLive(database: string, now = Date.now()): LiveSession | undefined {
  const folder = dirname(database);
  return namesIn(folder)
    .filter(
      (name) => name.startsWith(prefixOf(database)) && /^\d+$/.test(name.slice(prefixOf(database).length)),
    )
    .map((name) => contentOf(join(folder, name), now))
    .find((content) => content !== undefined);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined for a file that is silent, gone in this moment, or not what it should be. */
function contentOf(path: string, now: number): LiveSession | undefined {
  try {
    if (now - statSync(path).mtimeMs > silentAfterMs) return undefined;
    return checkedContent(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function checkedContent(value: unknown): LiveSession | undefined {
  const content = value as Partial<LiveSession> | null;
  if (!areTimes(content) || !Array.isArray(content?.trials)) return undefined;
  const trials = content.trials as readonly Partial<LiveTrial>[];
  const areWhole = trials.every(
    (trial) =>
      areTimes(trial) &&
      typeof trial.id === 'number' &&
      typeof trial.epochs === 'number' &&
      Array.isArray(trial.curve),
  );
  return areWhole && areMachines(content.machines) ? (content as LiveSession) : undefined;
}

const areMachines = (machines: Partial<MachinesNow> | undefined): boolean =>
  machines === undefined ||
  (typeof machines.age === 'number' && Array.isArray(machines.machines) && Array.isArray(machines.at));

const areTimes = (times: Partial<Times> | null): boolean =>
  typeof times?.elapsed === 'number' && (times.left === null || typeof times.left === 'number');
