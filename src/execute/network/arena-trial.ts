/**
 * A network's trial under way: what is read of it and asked of it, and how it ends.
 * Not here: which thread trains it, and when (assignment.ts).
 */
import { control, controlWords, requests } from '../../train/arena.ts';
import {
  checkpointOf,
  lastReport,
  readyArena,
  reportsOf,
  type TrainingStart,
} from '../../train/arena-state.ts';
import type { Training } from '../../train/train.ts';
import type { Checkpoint, Report, Span, TrialOutcome } from '../../trial.ts';
import type { Running, TrialLimits } from '../executor.ts';
import { reportsOf as reportsOfOutcome } from '../outcome.ts';
import { outcomeOf, type Spent, stoppedOf } from './outcome.ts';
import type { Load } from './schedule.ts';
import type { ThreadDeath } from './thread.ts';
import type { ThreadAnswer } from './worker.ts';

export class ArenaTrial {
  readonly training: Training;
  readonly limits: TrialLimits;
  readonly #buffer: ArrayBufferLike;
  readonly #words: Int32Array;
  readonly #outcome = Promise.withResolvers<TrialOutcome>();
  /** What its thread said last. */
  #answer: ThreadAnswer | ThreadDeath | undefined;
  /** Time on threads so far. */
  #seconds = 0;
  /** When it was on which thread. */
  readonly #spans: Span[] = [];
  /** Whether it is to end as pruned. */
  #isPruned = false;
  /** How it has ended: from then on its arena may be another trial's. */
  #ended: { readonly outcome: TrialOutcome; readonly last: Report | undefined } | undefined;

  /** Readies its arena. */
  constructor(buffer: ArrayBufferLike, training: Training, limits: TrialLimits, start: TrainingStart) {
    this.training = training;
    this.limits = limits;
    this.#buffer = buffer;
    this.#words = controlWords(buffer, training.arena);
    readyArena(buffer, training.arena, training, start);
  }

  /** Time on threads so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Changes as its thread makes progress. Without nextBlock, which assistants that look for work count up even without progress. */
  get beat(): string {
    return `${this.#words[control.parts]} ${this.#words[control.measuredBlocks]}`;
  }

  get load(): Load {
    const { training, evaluation, ...plan } = this.training;
    const epochs = Math.min(plan.until ?? plan.epochs, plan.epochs);
    return {
      epochsLeft: epochs - Atomics.load(this.#words, control.trainedEpochs),
      epochs,
      // A training row is passed forward, backward and measured; the others are only measured.
      epochCost: 3 * (training.to - training.from) + evaluation.to - evaluation.from,
    };
  }

  askToStop(): void {
    Atomics.store(this.#words, control.request, requests.stop);
  }

  /** @param epochsLeft it makes room once it has so many left; 0: never */
  askToYield(epochsLeft: number): void {
    Atomics.store(this.#words, control.yieldAt, epochsLeft === 0 ? 0 : this.load.epochs - epochsLeft);
  }

  /** Readies its arena to go on from its last whole epoch. */
  readyAgain(): void {
    const { arena } = this.training;
    readyArena(this.#buffer, arena, this.training, { from: 'checkpoint', checkpoint: this.#checkpoint() });
  }

  /** Takes what its thread has said, after so many seconds at it. */
  answered(answer: ThreadAnswer | ThreadDeath, seconds: number, span: Span): void {
    this.#answer = answer;
    this.#seconds += seconds;
    this.#spans.push(span);
  }

  /** Ends it as its thread has said. */
  settle(): void {
    if (this.#answer === undefined) throw new Error('A trial has ended before its thread has answered.');
    this.#end(outcomeOf(this.#answer, this.#buffer, this.training.arena, this.training, this.#spent()));
  }

  /** Ends it where it was stopped while no thread had it. */
  settleAsStopped(): void {
    this.#end(stoppedOf(this.#checkpoint(), this.training, this.#spent()));
  }

  /** @param end asks it to end */
  running(end: () => void): Running {
    const { arena, epochs } = this.training;
    return {
      outcome: this.#outcome.promise,
      reports: () =>
        this.#ended === undefined
          ? reportsOf(this.#buffer, arena, this.training)
          : reportsOfOutcome(this.#ended.outcome),
      progress: () => ({ steps: epochs, last: this.#last() }),
      checkpoint: () => (this.#ended === undefined ? this.#checkpoint() : checkpointIn(this.#ended.outcome)),
      // A network prints nothing, and is judged where it pauses.
      log: () => '',
      onReport: () => {},
      prune: () => {
        this.#isPruned = true;
        end();
      },
      stop: end,
    };
  }

  #end(outcome: TrialOutcome): void {
    this.#ended = { outcome, last: this.#last() };
    this.#outcome.resolve(outcome);
  }

  #last(): Report | undefined {
    if (this.#ended !== undefined) return this.#ended.last;
    return lastReport(this.#buffer, this.training.arena, this.training);
  }

  #checkpoint(): Checkpoint {
    return checkpointOf(this.#buffer, this.training.arena, this.training);
  }

  #spent(): Spent {
    return { seconds: this.#seconds, spans: this.#spans, isPruned: this.#isPruned };
  }
}

const checkpointIn = (outcome: TrialOutcome): Checkpoint | undefined =>
  outcome.state === 'stopped' ? outcome.checkpoint : undefined;
