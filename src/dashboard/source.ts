/**
 * What there is to show of one database, also while it is not there yet, grows, or is replaced by another.
 * Not here: HTTP.
 */

import { statSync } from 'node:fs';
import { CoresweepError } from '../errors.ts';
import { type LiveSession, type LiveTrial, readyAmong, type Times } from '../findings/live.ts';
import { type MachineLine, machineLines } from '../findings/machines.ts';
import { runStateNow } from '../findings/run-state.ts';
import { trialCounts } from '../findings/trial-counts.ts';
import { type DashboardResults, openDashboardResults } from '../store/dashboard-results.ts';
import type { RunningLine } from '../store/overview.ts';
import { isOwned } from '../store/ownership.ts';
import type { Experiment } from '../store/results.ts';
import { isStudy } from '../sweep/is-study.ts';
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
      const experiments: ExperimentNow[] = [];
      const running: RunningTrial[] = [];
      for (const summary of results.summaries()) {
        const run = runs.get(summary.id);
        // Begun since the runs were read: it is in the next state.
        if (run === undefined) continue;
        const state = runStateNow(run, () => isRunning);
        const live = state === 'running' ? session : undefined;
        const recorded = state === 'running' ? results.running(run.id) : [];
        const ready = readyAmong(recorded, live);
        const machines = machinesIn(results, run.id, live);
        experiments.push({
          ...{
            ...summary,
            ...trialCounts(run, summary.counts, ready.size),
            ready: [...ready],
            state,
            machines,
          },
          front: firstFront(this.#fronts.of(results, run, summary.revision)),
          times: live ? timesOf(live) : null,
          // Nobody knows how long the trials of a study took.
          seconds: isStudy(run) ? null : summary.seconds,
        });
        const atWork = recorded.filter(({ id }) => !ready.has(id));
        running.push(...atWork.map((trial) => runningTrial(trial, trials.get(trial.id), machines)));
      }
      this.#known = { version, mark, state: { experiments, running } };
    }
    return this.#known.state;
  }

  /** The fronts of a run as of `revision`; undefined where one metric decides. */
  fronts(run: Experiment, revision: string): RunFronts | undefined {
    const results = this.results();
    return results && this.#fronts.of(results, run, revision);
  }

  #forgetReplaced(): void {
    if (this.#results === undefined || (this.#inodeNow() === this.#inode && this.#results.isCurrent()))
      return;
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

const runningTrial = (
  trial: RunningLine,
  known: LiveTrial | undefined,
  machines: readonly MachineLine[],
): RunningTrial => ({
  ...trial,
  steps: known?.epochs || null,
  curve: known?.curve ?? [],
  times: known ? timesOf(known) : null,
  machine: machines.find(({ now }) => now.some(isThis(trial)))?.name ?? null,
});
