/**
 * Phase 1: asks the searcher, trial by trial, and runs what it proposes, as many at once as the executor has room for.
 * Not here: one trial from its attempt to its end (run-trial.ts), and what comes after the search (sweep.ts).
 */
import { randomStream } from '../random.ts';
import { historyOf } from '../search/history.ts';
import type { SeenTrial } from '../search/searcher.ts';
import type { Trial, TrialSpec } from '../trial.ts';
import { groupCommit } from './group-commit.ts';
import { trialKey } from './identity.ts';
import { patiently } from './patience.ts';
import { isOpen, type Run } from './run.ts';
import { isSuspect, runTrial } from './run-trial.ts';
import { withoutFinished } from './take-over.ts';
import { metricsOf, networkMetricOf, stepsOf } from './tried.ts';

/** Proposals recorded in one transaction, where the searcher may be asked ahead: one each would cost more than it does. */
const batch = 1_000;

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
  const search = searchOf(run, known, await withoutFinished(run, open));
  await search.propose();
  if (search.unstarted() === 0) return;
  onEvent({
    kind: 'phase started',
    role: 'search',
    trials: search.unstarted(),
    metrics: metricsOf(tried),
    metric: networkMetricOf(tried),
    steps: stepsOf(tried, 'search'),
    threads: executor.seats,
  });
  await runAll(run, search);
}

/** The trials of a search: those that wait for a thread, and those still to be proposed. */
interface Search {
  /** Asks the searcher for as many trials as may be known by now, and records them. */
  propose(): Promise<void>;
  /** The next trial to run; undefined where none waits. */
  next(): Trial | undefined;
  /** How many trials wait or are still to be proposed. */
  unstarted(): number;
  /** Shows the searcher how a trial is now. */
  show(trial: Pick<Trial, 'number'> & SeenTrial): void;
}

function searchOf(run: Run, known: readonly Trial[], open: readonly Trial[]): Search {
  const { experiment, tried, experimentId, searcher, store, signal } = run;
  const sha256 = tried.kind === 'network' ? tried.experiment.start?.sha256 : undefined;
  const start = sha256 === undefined ? undefined : { sha256, isForced: false };
  const history = historyOf(known);
  const waiting = [...open.filter(isSuspect), ...open.filter((trial) => !isSuspect(trial))];
  let isOver = false;

  const ask = (): TrialSpec | undefined => {
    const number = history.trials.length + 1;
    const point = searcher.ask(history, randomStream(experiment.seed, 'search', number, 0));
    if (point === undefined) return undefined;
    const spec = {
      number,
      role: 'search',
      key: trialKey(tried, 'search', point, sha256),
      ...point,
    } as const;
    history.add({ ...spec, state: 'waiting' });
    return spec;
  };
  const askFor = (count: number): TrialSpec[] => {
    const specs: TrialSpec[] = [];
    while (specs.length < count && !isOver) {
      const spec = ask();
      if (spec === undefined) isOver = true;
      else specs.push(spec);
    }
    return specs;
  };
  const record = async (specs: readonly TrialSpec[]): Promise<void> => {
    const added = await patiently(() => store.addTrials(experimentId, specs, start), signal);
    const left = new Set(await withoutFinished(run, added));
    waiting.push(...left);
    for (const trial of added) if (!left.has(trial)) history.replace(trial.number - 1, store.trial(trial.id));
  };
  const lacking = (): number => {
    const wanted = Math.max(1, searcher.ahead) - waiting.length;
    return wanted >= Math.min(batch, Math.max(1, searcher.ahead)) ? wanted : 0;
  };

  return {
    async propose() {
      do {
        const specs = askFor(lacking());
        if (specs.length === 0) return;
        await record(specs);
        // Again where another run had finished them all: the search is not over because nothing of this batch is to be run.
      } while (waiting.length === 0);
    },
    next: () => waiting.shift(),
    unstarted: () => waiting.length + (isOver ? 0 : Math.max(0, searcher.total - history.trials.length)),
    show: (trial) => history.replace(trial.number - 1, trial),
  };
}

/** Runs trials, as many at once as the executor has room for; the first fault of the store stops the others. */
async function runAll(run: Run, search: Search): Promise<void> {
  const { executor, budget } = run;
  const fault = new AbortController();
  const signal = AbortSignal.any([run.signal, fault.signal]);
  const task = { ...run, signal, commit: groupCommit(run.store, signal, executor.seats) };
  const underway = new Set<Promise<unknown>>();
  /** Those whose threads are not free yet. */
  const training = new Set<Promise<unknown>>();
  // A searcher that looks at results is asked once they are recorded; the others' proposals need not wait for that.
  const busy = run.searcher.ahead === 0 ? underway : training;
  const hasRoom = () => busy.size < executor.capacity(search.unstarted());
  try {
    for (;;) {
      while (!signal.aborted && hasRoom() && budget?.hasTrial() !== false) {
        await search.propose();
        const trial = search.next();
        if (trial === undefined || signal.aborted) break;
        budget?.take();
        search.show({ ...trial, state: 'running' });
        const { promise: further, resolve: onFurther } = Promise.withResolvers<void>();
        const { promise: trained, resolve: onTrained } = Promise.withResolvers<void>();
        const steps = { onFurther, onTrained };
        const ended: Promise<unknown> = runTrial(task, trial, { from: 'nothing' }, steps).then((as) => {
          search.show(as);
          underway.delete(ended);
        });
        // It is waited for below; a fault that comes while the search waits for the database must not end the process.
        ended.catch(() => {});
        underway.add(ended);
        const freed: Promise<unknown> = trained.then(() => training.delete(freed));
        training.add(freed);
        // Alone until it is cleared, so that no other trial is blamed if it ends the process again.
        if (isSuspect(trial)) await Promise.race([ended, further]);
      }
      if (underway.size === 0) {
        if (!signal.aborted && search.unstarted() > 0) budget?.end();
        return;
      }
      await Promise.race([...training, ...underway]);
    }
  } finally {
    // Those too that only wait for the database: they must not begin.
    fault.abort();
    await Promise.allSettled(underway);
  }
}
