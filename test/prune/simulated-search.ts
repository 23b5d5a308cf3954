/**
 * A whole search in simulated time: workers of random speed, pauses at rungs, checkpoints, kills, and the law itself.
 * `searched` runs it as a sweep would, on any number of workers; `lawful` works the same search out from the words of the
 * law alone, one trial after the other, with all of the past before it. Whatever the first does, the second must have said.
 */
import type { Pruner, Verdict } from '../../src/prune/pruner.ts';
import { type Judgement, rungsInOrder } from '../../src/prune/rungs-in-order.ts';
import { type Random, randomStream } from '../../src/random.ts';
import { type Course, followSight, type Seen, type SightOptions, seenUpTo } from '../../src/search/sight.ts';

export interface Search {
  readonly seed: number;
  readonly trials: number;
  readonly lag: number;
  readonly pruner: Pruner | undefined;
  readonly steps: number;
  /** A proposal of a blind search sees nothing and waits for nobody: grid, random. */
  readonly blind: boolean;
}

/** How the world treats a search; none of it may show in what comes of it. */
export interface World {
  readonly seed: number;
  readonly workers: number;
  /** Otherwise a trial that waits at a rung keeps its worker. */
  readonly pauses: boolean;
  /** Of an event, that everything is killed at it. */
  readonly killed: number;
}

export interface Ended {
  readonly params: number;
  readonly end: NonNullable<Course['end']>;
  readonly lastStep: number;
  readonly verdicts: readonly Verdict[];
}

type End = NonNullable<Course['end']>;
type Report = Course['reports'][number];

const rungOf = (pruner: Pruner | undefined) => (index: number) => pruner?.rung(index);
const sightOf = ({ lag, pruner }: Search) => ({ lag, growth: pruner?.growth ?? 1, rung: rungOf(pruner) });

/** What a trial would report if nobody ended it, and how it would end: a function of its parameters and number. */
function lifeOf({ seed, steps }: Search, number: number, params: number) {
  const random = randomStream(seed, 'row order', number, params);
  const stride = 1 + random.below(3);
  const reports: Report[] = [];
  const fate = random.below(10);
  const last = fate === 0 ? random.below(steps + 1) : steps;
  let loss = random.uniform();
  for (let step = Math.min(stride, last); step > 0; step = step < last ? Math.min(step + stride, last) : 0) {
    // Coarse, so that some losses are equal.
    loss = Math.round((loss * 0.9 + random.uniform() * 0.2) * 50) / 50;
    reports.push({ step, values: [loss] });
  }
  const ends: readonly End[] = ['diverged', 'failed', 'done'];
  return { reports, end: fate === 0 ? (ends[random.below(3)] as End) : ('done' as const) };
}

/** A proposal that changes with everything it sees. */
function proposed({ seed }: Search, number: number, seen: readonly (Seen | undefined)[]): number {
  const text = JSON.stringify(seen.map((one) => one ?? 'pending'));
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return randomStream(seed, 'search', number, sum >>> 0).uint32();
}

/** The law of sight, said plainly: what a lower trial has shown when proposal `number` is made; undefined where that is nothing, or not there yet. */
function seenFrom(
  { lag, growth, rung }: SightOptions,
  number: number,
  lower: number,
  course: Course,
): Seen | undefined {
  const distance = number - lower;
  if (distance < lag) return undefined;
  if (growth === 1) return seenUpTo(Number.POSITIVE_INFINITY, course);
  let last = 0;
  while (rung(last) !== undefined && distance >= lag * growth ** (last + 1)) last++;
  return seenUpTo(rung(last) ?? Number.POSITIVE_INFINITY, course);
}

/** The law in its own words. */
export function lawful(search: Search): Ended[] {
  const { pruner } = search;
  const options = sightOf(search);
  const lives: { course: Course; ended: Ended }[] = [];
  for (let number = 1; number <= search.trials; number++) {
    const seen = lives.map(({ course }, at) => seenFrom(options, number, at + 1, course));
    const params = proposed(search, number, search.blind ? [] : seen);
    const life = lifeOf(search, number, params);
    const verdicts: Verdict[] = [];
    const bracket = pruner?.bracketOf(number) ?? 0;
    const rivals = lives.filter((_, at) => pruner?.bracketOf(at + 1) === bracket);
    let cut: number | undefined;
    for (let rung = bracket; pruner !== undefined && cut === undefined; rung++) {
      const due = pruner.rung(rung);
      const there = ({ reports }: Course) => reports.find(({ step }) => due !== undefined && step >= due);
      const own = there(life);
      if (due === undefined || own === undefined) break;
      const lower = rivals.flatMap(({ course, ended }) => {
        // A report that came to several rungs at once counts at those that its trial was not pruned below.
        const cameThere = ended.end !== 'pruned' || ended.verdicts.length > rung - bracket;
        const report = cameThere ? there(course) : undefined;
        return report === undefined ? [] : [report.values[0] as number];
      });
      const past = life.reports
        .filter(({ step }) => step <= own.step)
        .map(({ values }) => values[0] as number);
      const standing = { loss: own.values[0] as number, best: Math.min(...past) };
      const verdict = pruner.judge(
        standing,
        lower.toSorted((a, b) => a - b),
      );
      verdicts.push(verdict);
      if (verdict === 'prune') cut = own.step;
    }
    const reports = life.reports.filter(({ step }) => cut === undefined || step <= cut);
    const end = cut === undefined ? life.end : 'pruned';
    lives.push({
      course: { reports, end },
      ended: { params, end, lastStep: reports.at(-1)?.step ?? 0, verdicts },
    });
  }
  return lives.map(({ ended }) => ended);
}

interface Live {
  readonly params: number;
  readonly life: ReturnType<typeof lifeOf>;
  readonly reports: Report[];
  /** How many reports a kill leaves. */
  kept: number;
  end: End | undefined;
  verdicts: Verdict[];
}

export interface Searched {
  readonly trials: readonly Ended[];
  /** The largest number of trials that waited at rungs without a worker. */
  readonly paused: number;
  readonly time: number;
  readonly kills: number;
}

/** Runs a search as a sweep would. @throws where nobody can go on although the search is not over */
export function searched(search: Search, world: World): Searched {
  const random = randomStream(world.seed, 'search', world.workers, 0);
  const trials: Live[] = [];
  let paused = 0;
  let time = 0;
  let kills = 0;
  for (;;) {
    const life = oneLife(
      search,
      { ...world, workers: kills === 0 ? world.workers : 1 + random.below(64) },
      trials,
      random,
    );
    paused = Math.max(paused, life.paused);
    time += life.time;
    if (!life.killed) break;
    kills++;
  }
  const told = trials.map(({ params, end, reports, verdicts }) => ({
    params,
    end: end as End,
    lastStep: reports.at(-1)?.step ?? 0,
    verdicts,
  }));
  return { trials: told, paused, time, kills };
}

/** From a start, or a restart from the records, to the end or a kill. */
function oneLife(search: Search, world: World, trials: Live[], random: Random) {
  const rungs = search.pruner && rungsInOrder(search.pruner);
  const view: (Seen | undefined)[] = trials.map(() => undefined);
  const courseOf = (number: number): Course => trials[number - 1] as Live;
  const sight = followSight(sightOf(search), courseOf, (number, seen) => {
    view[number - 1] = seen;
  });
  /** Numbers on workers, with the time of their next event. */
  const running = new Map<number, number>();
  let now = 0;
  let paused = 0;

  const heard = (judgements: readonly Judgement[] = []): void => {
    for (const { number, rung, verdict } of judgements) {
      const trial = trials[number - 1] as Live;
      // A restart judges again what was judged before; it must say the same.
      const place = rung - (search.pruner as Pruner).bracketOf(number);
      if (trial.verdicts[place] !== undefined && trial.verdicts[place] !== verdict)
        throw new Error(`Trial ${number} was judged in two ways at rung ${rung}.`);
      trial.verdicts[place] = verdict;
      if (verdict === 'prune') {
        trial.end = 'pruned';
        running.delete(number);
      }
    }
  };
  for (const [at, { reports, end }] of trials.entries()) {
    for (const { step, values } of reports) heard(rungs?.report(at + 1, step, values[0] as number));
    if (end !== undefined) heard(rungs?.ended(at + 1));
  }

  const waits = (number: number): boolean => rungs?.waitsAt(number) !== undefined;
  const duration = (): number => 0.1 + random.uniform() ** 4 * 10;

  /** Gives every free worker the lowest trial that can go on, or a new one. */
  function employ(): void {
    while (running.size < world.workers) {
      const resumed = trials.findIndex(
        ({ end }, at) => end === undefined && !running.has(at + 1) && (!world.pauses || !waits(at + 1)),
      );
      if (
        resumed < 0 &&
        (trials.length === search.trials || !(search.blind || sight.opens(trials.length + 1)))
      )
        return;
      const number = resumed < 0 ? trials.length + 1 : resumed + 1;
      if (resumed < 0) {
        const params = proposed(search, number, search.blind ? [] : view);
        const life = lifeOf(search, number, params);
        trials.push({ params, life, reports: [], kept: 0, end: undefined, verdicts: [] });
        view.push(undefined);
      }
      running.set(number, now + duration());
    }
  }

  function happens(number: number): void {
    const trial = trials[number - 1] as Live;
    const next = trial.life.reports[trial.reports.length];
    if (next === undefined) {
      trial.end = trial.life.end;
      running.delete(number);
      heard(rungs?.ended(number));
      return;
    }
    trial.reports.push(next);
    if (random.below(3) === 0) trial.kept = trial.reports.length;
    running.set(number, now + duration());
    heard(rungs?.report(number, next.step, next.values[0] as number));
    if (world.pauses && waits(number)) {
      trial.kept = trial.reports.length;
      running.delete(number);
    }
  }

  for (;;) {
    employ();
    const open = trials.filter(({ end }, at) => end === undefined && !running.has(at + 1)).length;
    paused = Math.max(paused, open);
    // Who keeps its worker while it waits at a rung has no next event.
    const events = [...running].filter(([number]) => !waits(number));
    if (events.length === 0) {
      if (trials.length === search.trials && trials.every(({ end }) => end !== undefined))
        return { killed: false, paused, time: now };
      throw new Error(`Nobody can go on after ${trials.length} proposals: a deadlock.`);
    }
    const [number, at] = events.reduce((first, event) => (event[1] < first[1] ? event : first));
    now = Math.max(now, at);
    happens(number);
    if (random.uniform() < world.killed) {
      for (const trial of trials) if (trial.end === undefined) trial.reports.length = trial.kept;
      return { killed: true, paused, time: now };
    }
  }
}
