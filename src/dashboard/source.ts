/**
 * What there is to show of one database, also while it is not there yet, grows, or is replaced by another.
 * Not here: HTTP.
 */

import { statSync } from 'node:fs';
import { CoresweepError } from '../errors.ts';
import { type LiveSession, type LiveTrial, readyAmong, type Times } from '../findings/live.ts';
import { type MachineLine, machineLines } from '../findings/machines.ts';
import { runStateNow } from '../findings/run-state.ts';
import { type DashboardResults, openDashboardResults } from '../store/dashboard-results.ts';
import { isOwned } from '../store/ownership.ts';
import type { Experiment } from '../store/results.ts';
import { trialsInAll } from '../sweep/trial-count.ts';
import type { Trial } from '../trial.ts';
import type { ExperimentNow, RunningTrial, StateEvent } from './answers.ts';
import { firstFront, KeptFronts, type RunFronts } from './fronts.ts';
import { readLive } from './read-live.ts';

const nothing: StateEvent = { experiments: [], running: [] };

export class Source implements Disposable {
  readonly database: string;
  #results: DashboardResults | undefined;
  #fronts = new KeptFronts();
  /** Tells a file from another that has taken its place. */
  #inode: number | undefined;
  #known: { readonly version: number; readonly mark: string; readonly state: StateEvent } | undefined;

  constructor(database: string) {
    this.database = database;
  }

  /** The results; undefined while there are none. Throws for a file that is not coresweep's. */
  results(): DashboardResults | undefined {
    if (this.#results === undefined) {
      try {
        this.#results = openDashboardResults(this.database);
        this.#inode = this.#inodeNow();
      } catch (error) {
        if (!(error instanceof CoresweepError && error.code === 'ERR_RESULTS_MISSING')) throw error;
      }
    }
    return this.#results;
  }

  /** The state of every experiment at this moment, and of the trials that run; the same object while nothing has changed. */
  state(): StateEvent {
    this.#forgetReplaced();
    const results = this.results();
    if (results === undefined) return nothing;
    const version = results.dataVersion();
    const session = readLive(this.database);
    const isRunning = isOwned(this.database);
    const mark = JSON.stringify([session, isRunning]);
    if (this.#known?.version !== version || this.#known.mark !== mark) {
      const trials = new Map(session?.trials.map((trial) => [trial.id, trial]));
      const runs = new Map(results.experiments().map((run) => [run.id, run]));
      const experiments = results.summaries().map((summary): ExperimentNow => {
        const run = runs.get(summary.id);
        const state = run === undefined ? summary.state : runStateNow(run, () => isRunning);
        const live = state === 'running' ? session : undefined;
        const machines = machinesIn(results, summary.id, live);
        const ready = [...readyAmong(live ? results.running(summary.id) : [], live)];
        const counts = countsInAll(summary.counts, ready.length, run);
        const front = run === undefined ? null : firstFront(this.#fronts.of(results, run, summary.revision));
        return { ...summary, counts, ready, state, front, times: live ? timesOf(live) : null, machines };
      });
      const trialsNow = experiments
        .filter(({ state }) => state === 'running')
        .flatMap((now) => runningTrials(results, now, trials));
      this.#known = { version, mark, state: { experiments, running: trialsNow } };
    }
    return this.#known.state;
  }

  /** The fronts of a run as of `revision`; undefined where one metric decides. */
  fronts(run: Experiment, revision: string): RunFronts | undefined {
    const results = this.results();
    return results && this.#fronts.of(results, run, revision);
  }

  #forgetReplaced(): void {
    if (this.#results === undefined || this.#inodeNow() === this.#inode) return;
    this[Symbol.dispose]();
  }

  #inodeNow(): number | undefined {
    return statSync(this.database, { throwIfNoEntry: false })?.ino;
  }

  [Symbol.dispose](): void {
    this.#results?.close();
    this.#results = undefined;
    this.#known = undefined;
    this.#fronts = new KeptFronts();
  }
}

/**
 * Trials that are still to be proposed wait too, of which a search that looks at results has recorded few, and those that lie
 * ready.
 */
function countsInAll(
  counts: ExperimentNow['counts'],
  ready: number,
  run: Experiment | undefined,
): ExperimentNow['counts'] {
  const recorded = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const all = run === undefined ? recorded : trialsInAll(run, recorded);
  return { ...counts, waiting: counts.waiting + all - recorded + ready, running: counts.running - ready };
}

const timesOf = ({ elapsed, left }: Times): Times => ({ elapsed, left });

const isThis =
  ({ role, number }: Pick<Trial, 'role' | 'number'>) =>
  (other: Pick<Trial, 'role' | 'number'>) =>
    other.role === role && other.number === number;

/** Asked often, and mostly of runs that have none. */
function machinesIn(results: DashboardResults, id: number, live: LiveSession | undefined): MachineLine[] {
  const machines = results.machines(id);
  if (machines.length === 0 && live?.machines === undefined) return [];
  const recorded = { sessions: results.sessions(id), machines, stints: results.stints(id) };
  return machineLines(recorded, live?.machines);
}

function runningTrials(
  results: DashboardResults,
  { id, ready, machines }: ExperimentNow,
  live: ReadonlyMap<number, LiveTrial>,
): RunningTrial[] {
  const atWork = results.running(id).filter((trial) => !ready.includes(trial.id));
  return atWork.map((trial) => {
    const known = live.get(trial.id);
    return {
      ...trial,
      steps: known?.epochs || null,
      curve: known?.curve ?? [],
      times: known ? timesOf(known) : null,
      machine: machines.find(({ now }) => now.some(isThis(trial)))?.name ?? null,
    };
  });
}
