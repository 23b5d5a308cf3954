/**
 * Phase 1: asks the searcher, trial by trial, and runs what it proposes, as many at once as the executor has room for.
 * Not here: one trial from its attempt to its end (run-trial.ts), and what comes after the search (sweep.ts).
 */

import type { Experiment } from '../experiment/schema.ts';
import type { Metric } from '../metric.ts';
import type { Judgement } from '../prune/rungs-in-order.ts';
import type { Trial } from '../trial.ts';
import { Ahead, patienceFor } from './ahead.ts';
import { isSuspect } from './checkpoints.ts';
import type { OnEvent } from './events.ts';
import { groupCommit } from './group-commit.ts';
import { type Judge, judgeBy } from './judge.ts';
import { type Proposals, proposalsOf } from './proposals.ts';
import { isOpen, type Run } from './run.ts';
import { runTrial, type TrialSteps } from './run-trial.ts';
import { Seats } from './seats.ts';
import { withoutFinished } from './take-over.ts';
import { foldsIn, metricsOf, networkMetricOf, stepsOf } from './tried.ts';
import { withMachines } from './with-machines.ts';

/** Every trial without a final record, those that the searcher still proposes among them. */
export async function searchPhase(run: Run): Promise<void> {
  const { tried, experimentId, executor, searcher, store, recorded, onEvent } = run;
  const known = store.trials(experimentId).filter(({ role }) => role === 'search');
  const open = known.filter((trial) => isOpen(trial, run));
  const unknown = Math.max(0, searcher.total - known.length);
  if (open.length + unknown === 0) return;
  await run.wake();
  if (recorded !== undefined && known.length > 0) {
    const text = `Going on with experiment ${experimentId}: ${known.length - open.length} of ${known.length + unknown} trials are recorded already.`;
    onEvent({ kind: 'remark', text });
  }
  const judge = run.pruner && judgeBy(run.pruner, decisiveOf(tried.experiment), told(onEvent));
  const proposals = await proposalsOf(run, known, await withoutFinished(run, open), judge);
  await proposals.propose();
  if (proposals.unstarted() === 0) return;
  onEvent({
    kind: 'phase started',
    role: 'search',
    trials: proposals.unstarted(),
    metrics: metricsOf(tried.experiment),
    metric: networkMetricOf(tried),
    folds: foldsIn(tried),
    steps: stepsOf(tried, 'search'),
    threads: executor.seats,
  });
  await runAll(run, proposals, judge);
  if (judge !== undefined) remarkWhereNobodyReported(run);
}

/** A pruner that had nothing to judge has saved nothing: said once, or one would wait for it in vain. */
function remarkWhereNobodyReported({ store, experimentId, signal, onEvent }: Run): void {
  // Of a search that was stopped nobody knows what its trials would have reported.
  if (signal.aborted) return;
  const ended = store
    .trials(experimentId)
    .flatMap((trial) => (trial.role === 'search' && 'last' in trial ? [trial] : []));
  if (ended.length === 0 || ended.some(({ state, last }) => state === 'pruned' || last.step > 1)) return;
  const text =
    'Nothing could be pruned: every trial reported its result alone. An objective that reports after each step can be stopped at any of them.';
  onEvent({ kind: 'remark', text });
}

/** Runs trials, as many at once as the executor has room for; the first fault of the store stops the others. */
async function runAll(run: Run, proposals: Proposals, judge: Judge | undefined): Promise<void> {
  const { executor, budget, searcher, lag } = run;
  const fault = new AbortController();
  const signal = AbortSignal.any([run.signal, fault.signal]);
  const most = searcher.ahead === 0 ? lag : Number.POSITIVE_INFINITY;
  const failed = rowsOfNumbers();
  const underway = new Set<Promise<unknown>>();
  const faults: unknown[] = [];
  const ahead = new Ahead();
  /** The numbers of trials that are begun and have had no seat yet. */
  const unseated = new Set<number>();
  const room = () => Math.min(most, executor.capacity(proposals.unstarted() + unseated.size));
  const seats = new Seats(room, signal);
  /** When trials that are at work were seated, by number. */
  const seatedAt = new Map<number, number>();
  const patience = (lastMs: number) => patienceFor(lastMs, { atWork: seatedAt.size, waiting: seats.waiting });
  const commit = withMachines(groupCommit(run.store, signal, patience), executor, run.store);
  const task = { ...run, signal, judge, commit };

  /** Whether a trial may begin: where there is a seat, or ahead of one where nobody has to be judged or seen. */
  const mayBegin = (trial: Trial | undefined): boolean => {
    if (unseated.size === 0 && seats.hasRoom()) return true;
    if (judge !== undefined || searcher.ahead === 0 || (trial !== undefined && trial.attempts > 0))
      return false;
    return unseated.size < ahead.room(executor.seats);
  };

  const begin = (trial: Trial, isSeated: boolean): { ended: Promise<unknown>; further: Promise<void> } => {
    const { number } = trial;
    const { promise: further, resolve: onFurther } = Promise.withResolvers<void>();
    const seat = isSeated ? seats.take() : seats.later();
    if (!isSeated) unseated.add(number);
    const steps: TrialSteps = {
      onFurther,
      onFree() {
        const since = seatedAt.get(number);
        if (since !== undefined) ahead.took(performance.now() - since);
        seatedAt.delete(number);
        seat.free();
      },
      onReports(reports) {
        proposals.hear(number, reports);
        seats.wake();
      },
      async seat() {
        const isGiven = await seat.sit(number);
        unseated.delete(number);
        if (isGiven && !seatedAt.has(number)) seatedAt.set(number, performance.now());
        return isGiven;
      },
    };
    const ended: Promise<unknown> = runTrial(task, trial, { from: 'nothing' }, steps)
      .then((as) => {
        if (as.state === 'failed') {
          const failures = failed(as.number);
          if (failures >= run.experiment.limits.failures) budget?.giveUp(failures, as.reason);
        }
        return proposals.ended(as);
      })
      .then(() => {
        underway.delete(ended);
        unseated.delete(number);
        seatedAt.delete(number);
        seats.wake();
      });
    // It is thrown below; a fault that comes while the search waits for the database must not end the process.
    ended.catch((error: unknown) => {
      faults.push(error);
      seats.wake();
    });
    underway.add(ended);
    return { ended, further };
  };

  const giveSeat = (): boolean => seats.hasRoom() && seats.giveBefore(proposals.coming()?.number);

  try {
    for (;;) {
      // Before looking: what changes meanwhile must not be missed.
      const news = seats.news();
      if (faults.length > 0) throw faults[0];
      while (!signal.aborted) {
        if (giveSeat()) continue;
        if (!mayBegin(proposals.coming()) || budget?.hasTrial() === false) break;
        await proposals.propose();
        if (giveSeat()) continue;
        if (signal.aborted || !mayBegin(proposals.coming())) break;
        // Before it is taken: it is itself one of those that more seats than threads are for.
        const isSeated = unseated.size === 0 && seats.hasRoom();
        const trial = proposals.next();
        if (trial === undefined) break;
        budget?.take();
        const { ended, further } = begin(trial, isSeated);
        // Alone until it is cleared, so that no other trial is blamed if it ends the process again.
        if (isSuspect(trial)) await Promise.race([ended, further]);
      }
      if (underway.size === 0) {
        if (!signal.aborted && proposals.unstarted() > 0) budget?.end();
        return;
      }
      // Not a race with the trials under way: each would keep a word of every turn that it has seen.
      await news;
    }
  } finally {
    // Those too that only wait for the database: they must not begin.
    fault.abort();
    await Promise.allSettled(underway);
  }
}

/**
 * Takes numbers, each once, and gives how many stand side by side around the one taken: in a row by number, since who ends
 * first is a matter of chance.
 */
function rowsOfNumbers(): (number: number) => number {
  /** The length of each row, kept at both of its ends. */
  const lengths = new Map<number, number>();
  return (number) => {
    const [below, above] = [lengths.get(number - 1) ?? 0, lengths.get(number + 1) ?? 0];
    const length = below + 1 + above;
    for (const end of [number - below, number + above]) lengths.set(end, length);
    return length;
  };
}

/** The first metric, which has a goal. */
const decisiveOf = (experiment: Experiment): Metric => metricsOf(experiment)[0] as Metric;

const told =
  (onEvent: OnEvent) =>
  ({ number, rung, verdict }: Judgement): void =>
    onEvent({ kind: 'trial judged', number, rung, verdict });
