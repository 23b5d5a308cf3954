/**
 * What a search proposes, trial by trial, as far as the law of sight lets the searcher be asked; and what waits for a seat.
 * Not here: running any of it (search-phase.ts).
 */
import { randomStream } from '../random.ts';
import { historyOf } from '../search/history.ts';
import type { Report, Trial, TrialSpec } from '../trial.ts';
import { isSuspect } from './checkpoints.ts';
import { sha256, trialKey } from './identity.ts';
import type { Judge } from './judge.ts';
import { patiently } from './patience.ts';
import type { Run } from './run.ts';
import { sightBy, sighted } from './sighted.ts';
import { outcomeOf, withoutFinished } from './take-over.ts';
import { isDeterministic } from './tried.ts';

/** Proposals recorded in one transaction, where the searcher may be asked ahead: one each would cost more than it does. */
const batch = 1_000;

/** The trials of a search: those that wait for a seat, and those still to be proposed. */
export interface Proposals {
  /** Asks the searcher for as many trials as may be known by now, and records them. */
  propose(): Promise<void>;
  /** The next trial to run; undefined where none waits. */
  coming(): Trial | undefined;
  /** Takes it. */
  next(): Trial | undefined;
  /** How many trials wait or are still to be proposed. */
  unstarted(): number;
  /** How many wait for the result of another one of the same point. */
  twins(): number;
  /** Takes reports of a trial, in order of step. */
  hear(number: number, reports: readonly Report[]): void;
  /** Takes how a trial has ended, and records it for those that propose the same point. */
  ended(trial: Trial): Promise<void>;
}

/** @param known all trials of the search that are recorded @param open those of them that are still to be run */
export async function proposalsOf(
  run: Run,
  known: readonly Trial[],
  open: readonly Trial[],
  judge: Judge | undefined,
): Promise<Proposals> {
  const { experiment, tried, experimentId, searcher, store, signal, onEvent } = run;
  const startSha256 = tried.kind === 'network' ? tried.experiment.start?.sha256 : undefined;
  const history = historyOf(known.map(({ params, replicate }) => ({ params, replicate, state: 'waiting' })));
  const bound = judge?.bound ?? (() => Number.POSITIVE_INFINITY);
  const sight = searcher.ahead > 0 ? undefined : sighted(sightBy(run.lag, run.pruner), history, bound);
  const keyOf = (point: Pick<TrialSpec, 'params' | 'replicate'>) =>
    trialKey(tried, 'search', point, startSha256);
  /** The first trial of each point, by its key. */
  const firsts = new Map<string, Trial>();
  /** The keys of the points that are being recorded, by number: a point's second trial has another one of its own. */
  const asked = new Map<number, string>();
  /** Trials that take the result of an earlier one, by its number. */
  const twins = new Map<number, { readonly first: Trial; readonly trials: Trial[] }>();
  let waiting: Trial[] = [];
  let isOver = false;

  const hear = (number: number, reports: readonly Report[]): void => {
    judge?.hear(number, reports);
    sight?.hear(number, reports);
  };
  const see = (trial: Trial): void => {
    sight?.ended(trial.number, trial);
    judge?.ended(trial.number);
  };

  /** Whether a trial's point was proposed before: it waits for that one's result then, and is judged no more. */
  const isTwin = (trial: Trial): boolean => {
    if (!isDeterministic(experiment)) return false;
    const key = asked.get(trial.number) ?? keyOf(trial);
    const first = firsts.get(key);
    if (trial.key === key || first === undefined) {
      firsts.set(key, trial);
      return false;
    }
    judge?.ended(trial.number);
    const theirs = twins.get(first.number) ?? { first, trials: [] };
    theirs.trials.push(trial);
    twins.set(first.number, theirs);
    return true;
  };

  /** Whether a trial that has ended was another one's twin in this run: then its key was not that of its point. */
  const isCopy = (trial: Trial): boolean => isDeterministic(experiment) && trial.key !== keyOf(trial);

  /** Lets the first of the twins be run, and the others wait for it. */
  const runItself = ([heir, ...others]: readonly Trial[]): void => {
    if (heir === undefined) return;
    firsts.set(keyOf(heir), heir);
    if (others.length > 0) twins.set(heir.number, { first: heir, trials: others });
    waiting = [...waiting, heir].sort((a, b) => a.number - b.number);
  };

  /** Gives the twins of a trial that has ended its record. */
  const settle = async (first: Trial): Promise<void> => {
    const theirs = twins.get(first.number);
    if (theirs === undefined || !isEnded(first)) return;
    twins.delete(first.number);
    const outcome = outcomeOf(store, first);
    // Some of the record is missing or damaged: training again finds the same.
    if (outcome === undefined) return runItself(theirs.trials);
    const record = () => {
      for (const { id } of theirs.trials) {
        store.startAttempt(id);
        store.finish(id, outcome);
        store.recordSameAs(id, first.id);
      }
    };
    await patiently(() => store.together(record), signal);
    for (const { id } of theirs.trials) {
      const trial = store.trial(id);
      see(trial);
      onEvent({ kind: 'trial finished', trial, outcome });
    }
  };

  const ended = async (trial: Trial): Promise<void> => {
    if (!isEnded(trial)) return;
    see(trial);
    await settle(trial);
  };

  /** Takes trials up that are recorded, in order of number. */
  const take = async (trials: readonly Trial[], open: ReadonlySet<number>): Promise<void> => {
    for (const trial of trials) {
      if (open.has(trial.id)) {
        if (!isTwin(trial)) waiting.push(trial);
        continue;
      }
      firsts.set(trial.key, trial);
      // A twin has told nothing by itself: what it has is a copy.
      if (run.pruner !== undefined && !isCopy(trial)) hear(trial.number, store.reports(trial.id));
      see(trial);
    }
    for (const { first } of [...twins.values()]) await settle(store.trial(first.id));
  };
  await take(known, new Set(open.map(({ id }) => id)));
  // One that is judged may wait for any lower one, so then only numbers count.
  if (judge === undefined)
    waiting = [...waiting.filter(isSuspect), ...waiting.filter((trial) => !isSuspect(trial))];

  const ask = (): TrialSpec | undefined => {
    const number = history.trials.length + 1;
    const point = searcher.ask(history, randomStream(experiment.seed, 'search', number, 0));
    if (point === undefined) return undefined;
    const key = keyOf(point);
    const isKnown = history.has(point);
    asked.set(number, key);
    history.add({ ...point, state: 'waiting' });
    return { number, role: 'search', key: isKnown ? sha256({ sameAs: key, number }) : key, ...point };
  };
  const askFor = (count: number): TrialSpec[] => {
    const specs: TrialSpec[] = [];
    while (specs.length < count && !isOver && sight?.opens(history.trials.length + 1) !== false) {
      const spec = ask();
      if (spec === undefined) isOver = true;
      else specs.push(spec);
    }
    return specs;
  };
  const record = async (specs: readonly TrialSpec[]): Promise<void> => {
    const added = await patiently(() => store.addTrials(experimentId, specs, startSha256), signal);
    const left = new Set((await withoutFinished(run, added)).map(({ id }) => id));
    await take(
      added.map((trial) => (left.has(trial.id) ? trial : store.trial(trial.id))),
      left,
    );
    asked.clear();
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
        // Again where another trial had finished them all: the search is not over because nothing of this batch is to be run.
      } while (waiting.length === 0);
    },
    coming: () => waiting[0],
    next: () => waiting.shift(),
    unstarted: () => waiting.length + (isOver ? 0 : Math.max(0, searcher.total - history.trials.length)),
    twins: () => [...twins.values()].reduce((sum, { trials }) => sum + trials.length, 0),
    hear,
    ended,
  };
}

const isEnded = ({ state }: Trial): boolean =>
  state === 'done' || state === 'pruned' || state === 'diverged' || state === 'failed';
