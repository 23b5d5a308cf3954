/**
 * The reports of one trial: the best, the last, and as many of the others as a picture needs.
 * What is kept follows from the reports alone, never from when they came; of a trial with more than are kept that was interrupted,
 * others may be left out. Not here: reading them (read-report.ts).
 */
import { comparedBy, type Metric } from '../metric.ts';
import type { Report } from '../trial.ts';

/** The most reports that are kept of a trial, beside its first, best and last. */
const most = 8_192;

export class Curve {
  readonly #metrics: readonly Metric[];
  /** Every stride-th report, in order of step. */
  #kept: Report[] = [];
  #stride = 1;
  #count = 0;
  #best: Report | undefined;
  #last: Report | undefined;

  constructor(metrics: readonly Metric[], reports: readonly Report[] = []) {
    this.#metrics = metrics;
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
    if (this.#kept.length <= most) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  copy(): Curve {
    const copy = new Curve(this.#metrics);
    copy.#kept = [...this.#kept];
    [copy.#stride, copy.#count] = [this.#stride, this.#count];
    [copy.#best, copy.#last] = [this.#best, this.#last];
    return copy;
  }

  /** In order of step; the best and the last are always among them. */
  reports(): readonly Report[] {
    const [best, last] = [this.#best, this.#last];
    if (best === undefined || last === undefined) return [];
    const reports = [...this.#kept];
    if (reports.at(-1)?.step !== last.step) reports.push(last);
    const at = reports.findIndex(({ step }) => step >= best.step);
    if (reports[at]?.step !== best.step) reports.splice(at, 0, best);
    return reports;
  }
}
