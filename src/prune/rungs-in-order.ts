/**
 * Rungs in order of number: at a rung, trial n is judged against the lower trials of its bracket that came there.
 * That is so once each of them has come there or ended; until then n waits. So verdicts depend on numbers and reports,
 * never on who was first, and the lowest open trial never waits. Nobody else may be late: nothing can block for good.
 * A verdict costs one search and one insertion in a sorted list; all of 10,000 trials take some ten milliseconds a rung.
 * Not here: pausing and ending trials.
 */
import type { Pruner, Standing, Verdict } from './pruner.ts';
import { insertSorted } from './sorted.ts';

/** What was found about one trial at one rung. */
export interface Judgement {
  readonly number: number;
  readonly rung: number;
  readonly verdict: Verdict;
}

export interface RungsInOrder {
  /**
   * A report of a trial, in order of step. @returns everything that can be judged now: perhaps this trial, and others
   * that waited for it. At a rung without a verdict a trial must wait.
   */
  report(number: number, step: number, loss: number): readonly Judgement[];
  /** A trial has ended, however that was. @returns what can be judged now. */
  ended(number: number): readonly Judgement[];
  /** The first rung, as a step, at which a trial stands without a verdict; undefined where it waits for none. */
  waitsAt(number: number): number | undefined;
  /** The step up to which a trial may run before it is judged; undefined where it is judged no more. */
  nextStep(number: number): number | undefined;
}

interface Progress {
  readonly bracket: number;
  /** By rung, from that of its bracket on. */
  readonly standings: Standing[];
  best: number;
  /** How many of its rungs have had their verdict. */
  judged: number;
  ended: boolean;
}

/** One rung of one bracket. */
interface Front {
  /** The member that is judged next; the ones before it have passed, were pruned, or had ended below. */
  next: number;
  /** The losses of those who were judged. */
  readonly losses: number[];
}

interface Bracket {
  readonly members: number[];
  /** By rung, from that of the bracket on; only as far as a trial has come. */
  readonly fronts: Front[];
}

export function rungsInOrder(pruner: Pruner): RungsInOrder {
  /** By number; place 0 stays empty. */
  const trials: (Progress | undefined)[] = [undefined];
  const brackets = new Map<number, Bracket>();

  function bracketOf(bracket: number): Bracket {
    const known = brackets.get(bracket) ?? { members: [], fronts: [] };
    brackets.set(bracket, known);
    return known;
  }

  /** Knows of all trials up to this one: numbers have no gaps, so lower ones are there even if they have not spoken. */
  function progressOf(number: number): Progress {
    while (trials.length <= number) {
      const bracket = pruner.bracketOf(trials.length);
      bracketOf(bracket).members.push(trials.length);
      trials.push({ bracket, standings: [], best: Number.NaN, judged: 0, ended: false });
    }
    return trials[number] as Progress;
  }

  /** Judges one rung as far as it can be; false where it stands where it stood. */
  function advance(bracket: number, place: number, judgements: Judgement[]): boolean {
    const { members, fronts } = bracketOf(bracket);
    const front = fronts[place] as Front;
    const start = front.next;
    // No trial is judged here while it waits at a lower rung: the trial that it waits for has not come here either.
    for (; front.next < members.length; front.next++) {
      const number = members[front.next] as number;
      const trial = trials[number] as Progress;
      const standing = trial.standings[place];
      if (standing === undefined) {
        if (trial.ended) continue;
        break;
      }
      const verdict = pruner.judge(standing, front.losses);
      if (!Number.isNaN(standing.loss)) insertSorted(front.losses, standing.loss);
      trial.judged = place + 1;
      if (verdict === 'prune') trial.standings.length = place + 1;
      // Of a trial that was read from a record, the end is known already.
      if (!trial.ended) judgements.push({ number, rung: bracket + place, verdict });
      if (verdict === 'prune') trial.ended = true;
    }
    return front.next > start;
  }

  /**
   * From a rung upwards, until one stands still: a lower trial that holds up one rung holds up all above it, so those
   * cannot have come free either.
   */
  function sweep(bracket: number, from: number): readonly Judgement[] {
    const judgements: Judgement[] = [];
    for (let place = from; place < bracketOf(bracket).fronts.length; place++)
      if (!advance(bracket, place, judgements)) break;
    return judgements;
  }

  const nextRung = ({ bracket, standings }: Progress): number | undefined =>
    pruner.rung(bracket + standings.length);

  return {
    report(number, step, loss) {
      const trial = progressOf(number);
      // A pruned trial may still report until it learns of its verdict.
      if (trial.ended) return [];
      if (!Number.isNaN(loss) && !(trial.best <= loss)) trial.best = loss;
      const from = trial.standings.length;
      const { fronts } = bracketOf(trial.bracket);
      // A report may skip steps, and with them come to several rungs at once.
      for (let due = nextRung(trial); due !== undefined && step >= due; due = nextRung(trial)) {
        if (fronts.length === trial.standings.length) fronts.push({ next: 0, losses: [] });
        trial.standings.push({ loss, best: trial.best });
      }
      return trial.standings.length === from ? [] : sweep(trial.bracket, from);
    },
    ended(number) {
      const trial = progressOf(number);
      trial.ended = true;
      return sweep(trial.bracket, trial.standings.length);
    },
    waitsAt(number) {
      const { bracket, ended, judged, standings } = progressOf(number);
      return !ended && judged < standings.length ? pruner.rung(bracket + judged) : undefined;
    },
    nextStep: (number) => nextRung(progressOf(number)),
  };
}
