/**
 * results.db-live-PID: how far the trials of one running process are, for whoever looks.
 * Not here: results. A trial's epochs go into the database with its result; this file is a hint, which may be late, thinned or
 * gone. So it is replaced whole, once a second, without waiting for the disk, and no transaction is spent on it.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SweepEvent } from '../sweep/events.ts';
import type { EpochMetrics } from '../trial.ts';

/** Epochs of one trial that the file holds at most; beyond, every second one goes. */
const mostPoints = 200;
const defaults = { samplesPerSecond: 5 };
const writeEveryMs = 1000;
/** A file that has not been written for so long belongs to a process that hangs or is gone. */
const silentAfterMs = 6000;

export interface LiveTrial {
  readonly id: number;
  readonly epochs: number;
  readonly curve: readonly EpochMetrics[];
}

interface LiveContent {
  /** The trial that was started last, also when it has ended: it tells which experiment lives. */
  readonly started: number | null;
  readonly trials: readonly LiveTrial[];
}

const prefixOf = (database: string): string => `${basename(database)}-live-`;

interface Followed {
  readonly progress: Extract<SweepEvent, { kind: 'trial started' }>['progress'];
  curve: EpochMetrics[];
  /** Epochs from one kept to the next. */
  step: number;
}

/** Writes the file while a sweep runs, and removes it when disposed. A file that cannot be written stops no sweep. */
export class LiveFile implements Disposable {
  readonly #path: string;
  readonly #running = new Map<number, Followed>();
  readonly #timers: readonly NodeJS.Timeout[];
  #started: number | null = null;

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
    switch (event.kind) {
      case 'trial started':
        this.#started = event.trial.id;
        this.#running.set(event.trial.id, { progress: event.progress, curve: [], step: 1 });
        return;
      case 'trial finished':
        this.#running.delete(event.trial.id);
        return;
      case 'phase started':
      case 'winner':
      case 'remark':
        return;
      default:
        return event satisfies never;
    }
  }

  #sample(): void {
    for (const followed of this.#running.values()) {
      const { last } = followed.progress();
      const known = followed.curve.at(-1)?.epoch ?? 0;
      if (last === undefined || last.epoch < known + followed.step) continue;
      followed.curve.push(last);
      if (followed.curve.length > mostPoints) {
        followed.curve = followed.curve.filter((_, index) => index % 2 === 0);
        followed.step *= 2;
      }
    }
  }

  #write(): void {
    if (this.#started === null) return;
    const trials = [...this.#running].map(([id, { progress, curve }]): LiveTrial => {
      return { id, epochs: progress().epochs, curve };
    });
    const content: LiveContent = { started: this.#started, trials };
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(content));
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // A full disk or a folder made read-only: the sweep itself will say so where it matters.
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
    rmSync(this.#path, { force: true });
    rmSync(`${this.#path}.new`, { force: true });
  }
}

/** Removes the files of processes that were killed and could not do it themselves. */
function clearLeftOvers(database: string): void {
  const folder = dirname(database);
  for (const name of namesIn(folder)) {
    const pid = /^\d+(?=(?:\.new)?$)/.exec(name.slice(prefixOf(database).length))?.[0];
    if (!name.startsWith(prefixOf(database)) || pid === undefined || isAlive(Number(pid))) continue;
    rmSync(join(folder, name), { force: true });
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

/** What the processes that run sweeps into `database` have told in the last seconds. */
export function readLive(database: string, now = Date.now()): LiveContent[] {
  const folder = dirname(database);
  return namesIn(folder)
    .filter(
      (name) => name.startsWith(prefixOf(database)) && /^\d+$/.test(name.slice(prefixOf(database).length)),
    )
    .map((name) => contentOf(join(folder, name), now))
    .filter((content) => content !== undefined);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined for a file that is silent, gone in this moment, or not what it should be. */
function contentOf(path: string, now: number): LiveContent | undefined {
  try {
    if (now - statSync(path).mtimeMs > silentAfterMs) return undefined;
    return checkedContent(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function checkedContent(value: unknown): LiveContent | undefined {
  const content = value as Partial<LiveContent> | null;
  const started = content?.started;
  if (typeof started !== 'number' || !Array.isArray(content?.trials)) return undefined;
  const trials = content.trials as readonly Partial<LiveTrial>[];
  const areWhole = trials.every(
    ({ id, epochs, curve }) => typeof id === 'number' && typeof epochs === 'number' && Array.isArray(curve),
  );
  return areWhole ? { started, trials: trials as readonly LiveTrial[] } : undefined;
}
