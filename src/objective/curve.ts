/**
 * The reports of one trial: the best, the last, what it was judged by, and as many of the others as a picture needs.
 * What is kept follows from the reports alone, never from when they came; of a trial with more than are kept that was interrupted,
 * others may be left out. Not here: reading them (read-report.ts).
 */
import { comparedBy, type Metric } from '../metric.ts';
import type { Report } from '../trial.ts';

/** The most reports that are kept of a trial, beside its first, best and last, and what it was judged by. */
const most = 8_192;

/** Whether some may have been left out: of equal trials that were interrupted elsewhere, or judged elsewhere, others are. */
export const isThinned = (reports: number): boolean => reports > most / 2;

export class Curve {
  readonly #metrics: readonly Metric[];
  /** Every stride-th report, in order of step. */
  #kept: Report[] = [];
  /** Its reports at the rungs, and the best ones until then: a run that goes on judges by them once more. */
  #judged: Report[] = [];
  #rungs: readonly number[];
  #stride = 1;
  #count = 0;
  #best: Report | undefined;
  #last: Report | undefined;

  /** @param rungs steps, ascending: the first report at each or after it is what a trial is judged by */
  constructor(metrics: readonly Metric[], reports: readonly Report[] = [], rungs: readonly number[] = []) {
    this.#metrics = metrics;
    this.#rungs = rungs;
    for (const report of reports) this.add(report);
  }

  get best(): Report | undefined {
    return this.#best;
  }

  get last(): Report | undefined {
    return this.#last;
  }

  add(report: Report): void {
    if (this.#count % this.#stride === 0) this.#kept.push(report);
    this.#count++;
    // The earlier of equals stays.
    if (this.#best === undefined || comparedBy(this.#metrics, report, this.#best) < 0) this.#best = report;
    this.#last = report;
    if (report.step >= (this.#rungs[0] ?? Number.POSITIVE_INFINITY)) {
      this.#rungs = this.#rungs.filter((rung) => rung > report.step);
      this.#judged.push(this.#best, report);
    }
    if (this.#kept.length <= most) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  copy(): Curve {
    const copy = new Curve(this.#metrics);
    copy.#kept = [...this.#kept];
    [copy.#judged, copy.#rungs] = [[...this.#judged], this.#rungs];
    [copy.#stride, copy.#count] = [this.#stride, this.#count];
    [copy.#best, copy.#last] = [this.#best, this.#last];
    return copy;
  }

  /** In order of step; the best, the last, and what the trial was judged by are always among them. */
  reports(): readonly Report[] {
    const [best, last] = [this.#best, this.#last];
    if (best === undefined || last === undefined) return [];
    if (this.#stride === 1) return [...this.#kept];
    const all = [...this.#kept, ...this.#judged, best, last];
    return [...new Map(all.map((report) => [report.step, report])).values()].sort((a, b) => a.step - b.step);
  }
}
