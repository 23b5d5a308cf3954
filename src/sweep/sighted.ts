/**
 * What a searcher is shown of a run under way, kept up by the law of sight (search/sight.ts) from what trials report.
 * Not here: asking the searcher.
 */
import type { Pruner } from '../prune/pruner.ts';
import type { GrowingHistory } from '../search/history.ts';
import { type Course, followSight, type SightOptions } from '../search/sight.ts';
import type { Report, Trial } from '../trial.ts';

export interface Sighted {
  /** Takes reports of a trial, in order of step. */
  hear(number: number, reports: readonly Report[]): void;
  /** Takes how a trial is now; one that has no final record yet says nothing. */
  ended(number: number, trial: Trial): void;
  /** Whether the proposal with this number may be made; by then the history shows all that it sees. */
  opens(number: number): boolean;
}

/** What is kept of a trial: its first report at each rung or after it, and in the end what it is ranked by. */
interface Kept extends Course {
  reports: Report[];
  end?: Course['end'];
  nextRung: number;
}

/** By a pruner's rungs more is seen of a trial the further below it is. */
export const sightBy = (lag: number, pruner: Pruner | undefined): SightOptions => ({
  lag,
  growth: pruner?.growth ?? 1,
  rung: (index) => pruner?.rung(index),
});

/** @param boundOf the step of the rung that a trial has not passed: it waits there, or was pruned there; else Infinity */
export function sighted(
  options: SightOptions,
  history: GrowingHistory,
  boundOf: (number: number) => number,
): Sighted {
  const courses = new Map<number, Kept>();
  const courseOf = (number: number): Kept => {
    const known = courses.get(number) ?? { reports: [], nextRung: 0 };
    courses.set(number, known);
    return known;
  };
  /** Without the reports that it has hurried on to, which count once it has passed its rung, or never. */
  const bounded = (number: number): Course => {
    const course = courseOf(number);
    const bound = boundOf(number);
    return course.end === undefined && bound < Number.POSITIVE_INFINITY
      ? { reports: upTo(bound, course.reports) }
      : course;
  };
  const sight = followSight(options, bounded, (number, seen) => {
    const { params, replicate } = history.trials[number - 1] as Trial;
    history.replace(number - 1, { params, replicate, ...seen });
  });
  return {
    hear(number, reports) {
      // Without a ladder of rungs only ends are seen.
      if (options.growth === 1) return;
      const course = courseOf(number);
      for (const report of reports) {
        let isFirst = false;
        for (let rung = options.rung(course.nextRung); rung !== undefined && report.step >= rung; ) {
          isFirst = true;
          course.nextRung++;
          rung = options.rung(course.nextRung);
        }
        if (isFirst) course.reports.push(report);
      }
    },
    ended(number, trial) {
      const course = courseOf(number);
      switch (trial.state) {
        case 'done':
        case 'pruned':
          course.reports = upTo(trial.last.step, course.reports);
          // Behind its own report at that step, where this is a rung: what is seen there must not hang on who was first.
          course.reports.push({ step: trial.last.step, values: trial.best.values });
          course.end = trial.state;
          return;
        case 'diverged':
        case 'failed':
          course.end = trial.state;
          return;
        case 'waiting':
        case 'running':
        case 'paused':
        case 'stopped':
          return;
        default:
          trial satisfies never;
      }
    },
    opens: (number) => sight.opens(number),
  };
}

/** The reports to the first one at `step` or after it. */
export function upTo(step: number, reports: readonly Report[]): Report[] {
  const beyond = reports.findIndex((report) => report.step >= step);
  return beyond < 0 ? [...reports] : reports.slice(0, beyond + 1);
}
