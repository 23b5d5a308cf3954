/**
 * Which trials of a run are pruned: their reports go to the rungs, and a trial at a rung gets the verdict.
 * Not here: the rule (prune), which is a matter of numbers and reports alone, and ending a trial (run-trial.ts).
 */
import type { Metric } from '../metric.ts';
import type { Pruner, Verdict } from '../prune/pruner.ts';
import { type Judgement, rungsInOrder } from '../prune/rungs-in-order.ts';
import type { Report } from '../trial.ts';

export interface Judge {
  /** The step after which a trial is judged next; undefined where that is never. */
  nextStep(number: number): number | undefined;
  /** All steps at which trials are judged, or seen by the searcher; a trial of a higher bracket passes the lower ones. */
  readonly rungs: readonly number[];
  /** Takes the reports of a trial that it has not heard yet, in order of step. */
  hear(number: number, reports: readonly Report[]): void;
  /** What has been decided about a trial at its report of a step; undefined while lower trials are to come. */
  verdict(number: number, step: number): Verdict | undefined;
  /** Resolves with the same once there is one; with undefined where the run is to stop first. */
  decided(number: number, step: number, signal: AbortSignal): Promise<Verdict | undefined>;
  /** The step of the rung that a trial has not passed: it waits there, or was pruned there; else Infinity. */
  bound(number: number): number;
  /** To be called when a trial has ended, in whatever way. */
  ended(number: number): void;
}

/** A trial that waits for the verdict at one of its reports. */
interface Waiting {
  readonly step: number;
  readonly resolve: (verdict: Verdict) => void;
}

/** A trial that reports more often is not judged any more. */
const mostRungs = 1_000;

function stepsOf(rung: (index: number) => number | undefined): readonly number[] {
  const steps: number[] = [];
  for (let step = rung(0); step !== undefined; step = rung(steps.length)) steps.push(step);
  return steps;
}

/** @param decisive the metric by which trials are judged */
export function judgeBy(pruner: Pruner, decisive: Metric, onVerdict: (judgement: Judgement) => void): Judge {
  const rung = (index: number) => (index < mostRungs ? pruner.rung(index) : undefined);
  const rungs = rungsInOrder({ ...pruner, rung });
  const sign = decisive.goal === 'maximise' ? -1 : 1;
  /** The last step that was heard of each trial. */
  const heard = new Map<number, number>();
  /** The step of the rung at which each was pruned. */
  const pruned = new Map<number, number>();
  const waiting = new Map<number, Waiting[]>();

  const bound = (number: number): number =>
    pruned.get(number) ?? rungs.waitsAt(number) ?? Number.POSITIVE_INFINITY;
  // By step: a trial that does not wait in its reports may have reached the next rung before it is judged at this one.
  const verdict = (number: number, step: number): Verdict | undefined => {
    if (bound(number) > step) return 'go on';
    return pruned.has(number) ? 'prune' : undefined;
  };
  const tell = (judgements: readonly Judgement[]): void => {
    for (const judgement of judgements) {
      if (judgement.verdict === 'prune') pruned.set(judgement.number, rung(judgement.rung) as number);
      onVerdict(judgement);
    }
    for (const { number } of judgements) {
      const left = (waiting.get(number) ?? []).filter(({ step, resolve }) => {
        const found = verdict(number, step);
        if (found !== undefined) resolve(found);
        return found === undefined;
      });
      if (left.length > 0) waiting.set(number, left);
      else waiting.delete(number);
    }
  };

  return {
    nextStep: (number) => rungs.nextStep(number),
    rungs: stepsOf(rung),
    hear(number, reports) {
      for (const { step, values } of reports) {
        if (step <= (heard.get(number) ?? 0)) continue;
        heard.set(number, step);
        tell(rungs.report(number, step, sign * (values[0] as number)));
      }
    },
    verdict,
    bound,
    async decided(number, step, signal) {
      const known = verdict(number, step);
      if (known !== undefined || signal.aborted) return known;
      const { promise, resolve } = Promise.withResolvers<Verdict | undefined>();
      const stop = () => resolve(undefined);
      waiting.set(number, [...(waiting.get(number) ?? []), { step, resolve }]);
      signal.addEventListener('abort', stop);
      return await promise.finally(() => signal.removeEventListener('abort', stop));
    },
    ended: (number) => tell(rungs.ended(number)),
  };
}
