/**
 * Which of the trials that a search sees stand best: by result, then those that got further, and last those that failed.
 * Not here: the leaderboard, which ranks what is done (store/ranking.ts).
 */
import { byFront, type FrontMetric, lossesOf } from '../fronts/order.ts';
import { comparedBy, type Metric } from '../metric.ts';
import type { Report } from '../trial.ts';
import type { SeenTrial } from './searcher.ts';

/** What counts of a trial's values, in order of position; the first decides, equal values are decided by the next. */
export type Goals = readonly Pick<Metric, 'goal'>[];

/** done: with its last result. part: with a result on its way. worst: it will have none. pending: nothing is seen of it. */
export type Standing = 'done' | 'part' | 'worst' | 'pending';

export function standingOf({ state, result }: SeenTrial): Standing {
  if (state === 'failed' || state === 'diverged') return 'worst';
  if (result === undefined) return 'pending';
  return state === 'done' ? 'done' : 'part';
}

/** Below 0 where trial a stands before trial b; both have a result. Of equal ones the lower number stands first. */
function compare(goals: Goals, trials: readonly SeenTrial[], a: number, b: number): number {
  const one = trials[a] as SeenTrial;
  const other = trials[b] as SeenTrial;
  const x = one.result as Report;
  const y = other.result as Report;
  const isDone = one.state === 'done';
  if (isDone !== (other.state === 'done')) return isDone ? -1 : 1;
  if (!isDone && x.step !== y.step) return y.step - x.step;
  return comparedBy(goals, x, y) || a - b;
}

/**
 * The places in `trials` of the best `count` that are done, the best first: by several metrics that count alike.
 * Not those on their way, which are no results yet.
 */
export function bestByFront(
  trials: readonly SeenTrial[],
  count: number,
  metrics: readonly FrontMetric[],
): number[] {
  const done = [...trials.keys()].filter((index) => standingOf(trials[index] as SeenTrial) === 'done');
  const losses = (index: number) => lossesOf(metrics, ((trials[index] as SeenTrial).result as Report).values);
  return byFront(done, losses)
    .slice(0, count)
    .map(({ item }) => item);
}

/** The places in `trials` of the best `count` that have a result, the best first. */
export function bestOf(trials: readonly SeenTrial[], count: number, goals: Goals): number[] {
  const best: number[] = [];
  for (let index = 0; index < trials.length; index++) {
    const standing = standingOf(trials[index] as SeenTrial);
    if (standing !== 'done' && standing !== 'part') continue;
    let place = best.length;
    while (place > 0 && compare(goals, trials, index, best[place - 1] as number) < 0) place--;
    if (place < count) best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
}

const orderOf: Record<Standing, number> = { done: 0, part: 1, worst: 2, pending: 3 };

/** The trials with the best first; those that have no result last, in the order given. */
export function ranked(trials: readonly SeenTrial[], goals: Goals): SeenTrial[] {
  const places = trials.map((trial) => orderOf[standingOf(trial)]);
  const place = (index: number) => places[index] as number;
  return [...trials.keys()]
    .sort((a, b) => place(a) - place(b) || (place(a) >= orderOf.worst ? a - b : compare(goals, trials, a, b)))
    .map((index) => trials[index] as SeenTrial);
}
