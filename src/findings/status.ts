/** How an experiment stands: what runs now, what has finished last, and who leads. Not here: how it is shown (terminal). */
import { recordedNetwork } from '../experiment/network.ts';
import type { Combination } from '../store/ranking.ts';
import type { Experiment, Results, TrialSpan } from '../store/results.ts';
import { isEnded } from '../sweep/ended.ts';
import type { DoneTrial, Report, Trial } from '../trial.ts';
import { type Tried, triedBy } from '../words/measures.ts';
import type { StateNow } from '../words/trial-state.ts';
import { winnersReplicates } from './combinations.ts';
import { evaluationRows } from './definition.ts';
import { type LiveSession, type LiveTrial, readyAmong, type Times } from './live.ts';
import { type MachineLine, machineLines, machineOf } from './machines.ts';
import type { RunState } from './run-state.ts';
import { countsOf, type TrialCounts, trialCounts } from './trial-counts.ts';

export interface Status extends TrialCounts {
  readonly experiment: Experiment;
  readonly tried: Tried;
  readonly state: RunState;
  readonly final: Trial | undefined;
  /** Running trials, then those that finished last, the latest first. */
  readonly rows: readonly StatusRow[];
  /** Who works or has worked for it; none where this machine is alone. */
  readonly machines: readonly MachineLine[];
  readonly winner: DoneTrial | undefined;
  /** All replicates of the winner's parameters; undefined where nothing is trained more than once. */
  readonly replicates: Combination | undefined;
  /** Rows that the winner is measured on. */
  readonly evaluationRows: number | undefined;
  /** Since its session began, and until its search or its final training will have ended; undefined for a run that does not run. */
  readonly running: Times | undefined;
}

export interface StatusRow {
  readonly trial: Trial;
  readonly state: StateNow;
  readonly live: LiveTrial | undefined;
  /** Its result, or the last report so far. */
  readonly report: Report | undefined;
  readonly curve: readonly Report[];
  /** Where it runs, or ran last; undefined where this machine is alone. */
  readonly machine: string | undefined;
}

const mostFinished = 5;

/**
 * @param state how the run stands now
 * @param live what the process that runs it tells
 * @param now milliseconds since 1970
 */
export function statusOf(
  results: Results,
  experiment: Experiment,
  state: RunState,
  live: LiveSession | undefined,
  now: number,
): Status {
  const told = new Map(live?.trials.map((trial) => [trial.id, trial]));
  const trials = results.trials(experiment.id);
  const recordedAsRunning = trials.filter(({ state }) => state === 'running');
  const ready = readyAmong(recordedAsRunning, state === 'running' ? live : undefined);
  const finished = finishedLast(trials, results.spans(experiment.id));
  const shown = [...recordedAsRunning.filter(({ id }) => !ready.has(id)), ...finished];
  const present = state === 'running' ? live?.machines : undefined;
  const recorded = {
    sessions: results.sessions(experiment.id),
    machines: results.machines(experiment.id),
    stints: results.stints(experiment.id),
  };
  const machines = machineLines(recorded, present);
  const names = new Map(machines.map(({ id, name }) => [id, name]));
  return {
    ...{ experiment, tried: triedBy(experiment), state },
    ...trialCounts(experiment, countsOf(trials), ready.size),
    final: trials.find(({ role }) => role === 'final'),
    rows: shown.map((trial) => {
      const machine = machineOf(trial, recorded.stints, present);
      return { ...rowOf(trial, state, told.get(trial.id), results), machine: machine && names.get(machine) };
    }),
    machines,
    winner: results.winner(experiment.id),
    replicates: winnersReplicates(results.combinations(experiment.id)),
    evaluationRows: evaluationRows(recordedNetwork(experiment), 'search'),
    running:
      state === 'running'
        ? (live ?? { elapsed: sinceItBegan(results, experiment, now), left: null })
        : undefined,
  };
}

/**
 * The trials that have ended last, the latest first. No end is recorded of those that failed, diverged or were told of: among
 * the others they stand by their numbers.
 */
function finishedLast(trials: readonly Trial[], spans: readonly TrialSpan[]): Trial[] {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  // A trial has a span for each thread that trained some of its epochs: its last one counts.
  const timed = new Set(spans.map(({ trialId }) => trialId).reverse());
  const known = [...timed].flatMap((id) => byId.get(id) ?? []).slice(0, mostFinished);
  const others = trials.filter((trial) => isEnded(trial) && !timed.has(trial.id)).slice(-mostFinished);
  // A final training comes after every trial of the search.
  const place = ({ role, number }: Trial) => (role === 'final' ? Number.POSITIVE_INFINITY : number);
  const laterThan = (trial: Trial) =>
    others.splice(others.findLastIndex((one) => place(one) <= place(trial)) + 1);
  return [...known.flatMap((trial) => [...laterThan(trial).reverse(), trial]), ...others.reverse()].slice(
    0,
    mostFinished,
  );
}

function rowOf(
  trial: Trial,
  runState: RunState,
  live: LiveTrial | undefined,
  results: Results,
): Omit<StatusRow, 'machine'> {
  if (trial.state === 'running') {
    const curve = live?.curve ?? [];
    const report = curve.at(-1);
    // Recorded as running until the next run: its process is gone, and nothing ends by itself.
    return runState === 'interrupted'
      ? { trial, state: runState, live: live && { ...live, left: null }, report, curve }
      : { trial, state: 'running', live, report, curve };
  }
  const curve = results.reports(trial.id);
  const result = 'best' in trial ? (trial.role === 'search' ? trial.best : trial.last) : undefined;
  // The last message of a killed process may name trials that have ended since.
  return { trial, state: trial.state, live: undefined, report: result ?? curve.at(-1), curve };
}

/** For a run whose process has written nothing yet. */
function sinceItBegan(results: Results, { id, createdAt }: Experiment, now: number): number {
  return (now - Date.parse(results.sessions(id).at(-1)?.startedAt ?? createdAt)) / 1000;
}
