/**
 * How far the trials of this process are, written to a file for other processes (read-live.ts).
 * Not here: results. A trial's epochs go into the database with its result; this file is a hint, which may be late, thinned or
 * gone. So it is replaced whole, once a second, without waiting for the disk, and no transaction is spent on it.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive } from '../files/leftovers.ts';
import type { LiveSession, LiveTrial } from '../findings/live.ts';
import type { MachinesNow } from '../findings/machines.ts';
import { secondsLeft, trialSecondsLeft } from '../findings/progress-state.ts';
import { SweepProgress } from '../findings/sweep-progress.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { Report, Trial } from '../trial.ts';
import { liveFileOf, liveFiles } from './live-files.ts';

/** Epochs of one trial that the file holds at most; beyond, every second one goes. */
const mostPoints = 200;
const defaults = { samplesPerSecond: 5 };
const writeEveryMs = 1000;

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
    this.#path = liveFileOf(database, process.pid);
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
    const { threads } = state;
    const content: LiveSession = { elapsed, left, trials, threads, machines: this.#machinesAt(now) };
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
  for (const { path, pid } of liveFiles(database)) if (!isAlive(pid)) remove(path);
}

/** As far as it can be: a hint that stays is silent, and no reason to fail. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder may have become read-only, or the name be too long for the file ever to have been written.
  }
}
