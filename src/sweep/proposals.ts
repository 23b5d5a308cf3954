/**
 * What a search proposes, trial by trial, as far as the law of sight lets the searcher be asked; and what waits for a seat.
 * Not here: running any of it (search-loop.ts).
 */
import { randomStream } from '../random.ts';
import { type GrowingHistory, historyOf } from '../search/history.ts';
import type { Report, Trial, TrialSpec } from '../trial.ts';
import { isSuspect } from './checkpoints.ts';
import { Duplicates } from './duplicates.ts';
import { isEnded, isOpen } from './ended.ts';
import { sha256, trialKey } from './identity.ts';
import type { Judge } from './judge.ts';
import { patiently } from './patience.ts';
import type { Run } from './run.ts';
import { type Sighted, sightBy, sighted } from './sighted.ts';
import { outcomeOf, recordCopy, withoutFinished } from './take-over.ts';
import { isDeterministic } from './tried.ts';

/** Proposals recorded in one transaction, where the searcher may be asked ahead: one each would cost more than it does. */
const batch = 1_000;

/** A trial to be recorded. */
interface Proposal {
  readonly spec: TrialSpec;
  /** The key of its point: that of the trial, unless the point was proposed before. */
  readonly key: string;
}

/** The trials of a search: those that wait for a seat, and those still to be proposed. */
export class Proposals {
  readonly #run: Run;
  readonly #judge: Judge | undefined;
  readonly #startSha256: string | undefined;
  readonly #history: GrowingHistory;
  readonly #sight: Sighted | undefined;
  readonly #duplicates: Duplicates;
  readonly #isDeterministic: boolean;
  /** Those that wait for a seat. */
  #waiting: Trial[] = [];
  #isOver = false;

  /** @param known all trials of the search that are recorded */
  static async open(run: Run, known: readonly Trial[], judge: Judge | undefined): Promise<Proposals> {
    const proposals = new Proposals(run, known, judge);
    await proposals.#take(known);
    // One that is judged may wait for any lower one, so then only numbers count.
    if (judge === undefined) proposals.#waiting.sort((a, b) => Number(isSuspect(b)) - Number(isSuspect(a)));
    return proposals;
  }

  private constructor(run: Run, known: readonly Trial[], judge: Judge | undefined) {
    const { tried, searcher, lag, pruner } = run;
    this.#run = run;
    this.#judge = judge;
    const startSha256 = tried.kind === 'network' ? tried.experiment.start?.sha256 : undefined;
    this.#startSha256 = startSha256;
    this.#history = historyOf(
      known.map(({ params, replicate }) => ({ params, replicate, state: 'waiting' })),
    );
    const bound = judge?.bound ?? (() => Number.POSITIVE_INFINITY);
    this.#sight = searcher.ahead > 0 ? undefined : sighted(sightBy(lag, pruner), this.#history, bound);
    this.#duplicates = new Duplicates((point) => trialKey(tried, 'search', point, startSha256));
    this.#isDeterministic = isDeterministic(run.experiment);
  }

  /** The next trial to run; undefined where none waits. */
  get coming(): Trial | undefined {
    return this.#waiting[0];
  }

  /** How many trials wait for a seat or are still to be proposed. */
  get unstarted(): number {
    const { total } = this.#run.searcher;
    return this.#waiting.length + (this.#isOver ? 0 : Math.max(0, total - this.#history.trials.length));
  }

  /** How many wait for the result of another one of the same point. */
  get duplicates(): number {
    return this.#duplicates.count;
  }

  /** Asks the searcher for as many trials as may be known by now, and records them. */
  async propose(): Promise<void> {
    do {
      const proposals = this.#ask(this.#lacking());
      if (proposals.length === 0) return;
      await this.#record(proposals);
      // Again where another run had finished them all: the search is not over because nothing of this batch is to be run.
    } while (this.#waiting.length === 0);
  }

  /** Takes the next trial to run. */
  next(): Trial | undefined {
    return this.#waiting.shift();
  }

  /** Takes reports of a trial, in order of step. */
  hear(number: number, reports: readonly Report[]): void {
    this.#judge?.hear(number, reports);
    this.#sight?.hear(number, reports);
  }

  /** Takes how a trial has ended, and records it for those that propose the same point. */
  async ended(trial: Trial): Promise<void> {
    if (!isEnded(trial)) return;
    this.#see(trial);
    await this.#settle(trial);
  }

  #see(trial: Trial): void {
    this.#sight?.ended(trial.number, trial);
    this.#judge?.ended(trial.number);
  }

  /** How many trials to ask for now. */
  #lacking(): number {
    const wanted = Math.max(1, this.#run.searcher.ahead);
    const lacking = wanted - this.#waiting.length;
    return lacking >= Math.min(batch, wanted) ? lacking : 0;
  }

  #ask(count: number): Proposal[] {
    const { searcher, experiment } = this.#run;
    const history = this.#history;
    const proposals: Proposal[] = [];
    while (proposals.length < count) {
      const number = history.trials.length + 1;
      if (this.#isOver || this.#sight?.opens(number) === false) break;
      const point = searcher.ask(history, randomStream(experiment.seed, 'search', number, 0));
      if (point === undefined) {
        this.#isOver = true;
        break;
      }
      const pointKey = this.#duplicates.keyOf(point);
      const key = history.has(point) ? sha256({ sameAs: pointKey, number }) : pointKey;
      history.add({ ...point, state: 'waiting' });
      proposals.push({ spec: { number, role: 'search', key, ...point }, key: pointKey });
    }
    return proposals;
  }

  async #record(proposals: readonly Proposal[]): Promise<void> {
    const { store, experimentId, signal } = this.#run;
    const specs = proposals.map(({ spec }) => spec);
    const added = await patiently(() => store.addTrials(experimentId, specs, this.#startSha256), signal);
    const keys = proposals.map(({ spec, key }) => [spec.number, key] as const);
    await this.#take(added, new Map(keys));
  }

  /**
   * Takes up trials that are recorded, in order of number.
   * @param keys those of their points, by number, where they are known
   */
  async #take(trials: readonly Trial[], keys?: ReadonlyMap<number, string>): Promise<void> {
    const { store, retriesFailed } = this.#run;
    const isToRun = (trial: Trial) => isOpen(trial, retriesFailed);
    // A duplicate waits for its first one: with the result of another run's trial it would be no copy, and count twice.
    const isDuplicate = (trial: Trial) =>
      this.#isDeterministic && this.#duplicates.isDuplicate(trial, keys?.get(trial.number));
    const open = Map.groupBy(trials.filter(isToRun), isDuplicate);
    const firsts = await withoutFinished(this.#run, open.get(false) ?? []);
    const left = new Set([...firsts, ...(open.get(true) ?? [])]);
    for (const trial of trials) {
      if (left.has(trial)) this.#await(trial, keys?.get(trial.number));
      else this.#recall(isToRun(trial) ? store.trial(trial.id) : trial);
    }
    for (const { id } of this.#duplicates.awaited) await this.#settle(store.trial(id));
  }

  /** Takes a trial that is to be run, or waits for the result of an earlier one and is judged no more. */
  #await(trial: Trial, key: string | undefined): void {
    if (this.#isDeterministic && this.#duplicates.waits(trial, key)) this.#judge?.ended(trial.number);
    else this.#waiting.push(trial);
  }

  /** Takes a trial that has ended in an earlier session or another run. */
  #recall(trial: Trial): void {
    const { pruner, store } = this.#run;
    this.#duplicates.add(trial);
    // A duplicate has reported nothing itself: its reports are copies. Asked last, since that hashes the point.
    if (pruner !== undefined && !(this.#isDeterministic && this.#duplicates.isDuplicate(trial)))
      this.hear(trial.number, store.reports(trial.id));
    this.#see(trial);
  }

  /** Gives a trial's record, where it has ended, to its duplicates. */
  async #settle(first: Trial): Promise<void> {
    const { store, signal, onEvent } = this.#run;
    const duplicates = isEnded(first) ? this.#duplicates.release(first) : [];
    if (duplicates.length === 0) return;
    const outcome = outcomeOf(store, first);
    // Some of the record is missing or damaged: training again finds the same.
    if (outcome === undefined) return this.#promote(duplicates);
    const record = () => {
      for (const duplicate of duplicates) recordCopy(store, duplicate, first, outcome);
    };
    await patiently(() => store.together(record), signal);
    for (const { id } of duplicates) {
      const trial = store.trial(id);
      this.#see(trial);
      onEvent({ kind: 'trial finished', trial, outcome });
    }
  }

  /** Has the first of these duplicates run, and the others wait for it. */
  #promote([heir, ...others]: Trial[]): void {
    if (heir === undefined) return;
    this.#duplicates.promote(heir, others);
    this.#waiting = [...this.#waiting, heir].sort((a, b) => a.number - b.number);
  }
}
