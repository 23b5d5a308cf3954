/**
 * One trial under way: what it has reported, printed and given so far, what it is asked, and so how it ended.
 * Not here: the thread or the process that does the work, which reports to this and ends on its request.
 */
import { hash } from 'node:crypto';
import type { Metric } from '../metric.ts';
import { Curve } from '../objective/curve.ts';
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import { TrialLog } from '../objective/trial-log.ts';
import type { BytesArtifact, Checkpoint, Report, Span, TrialOutcome, TrialResult } from '../trial.ts';
import type { Job, Judgement, Listener, Running } from './executor.ts';

/** Which report a trial is ranked by. */
export type RankedBy = 'best' | 'last';

/** What the trials of an executor have in common. */
export interface Measured {
  readonly metrics: readonly Metric[];
  readonly rankedBy?: RankedBy | undefined;
}

/** What a trial is asked for. */
export type Request = 'prune' | 'stop';

/** How the work ended, as the thread or process tells it. */
export type WorkEnd =
  /** In order, perhaps with values that were measured last. */
  | { readonly kind: 'complete'; readonly values: readonly number[] | undefined }
  /** Because it was asked to. */
  | { readonly kind: 'gave way' }
  | { readonly kind: 'diverged'; readonly step: number }
  | { readonly kind: 'failed'; readonly fault: TrialFault };

/** What there is of a trial at one report. */
interface Cut {
  readonly curve: Curve;
  readonly model: BytesArtifact | undefined;
}

export class Underway {
  readonly job: Job;
  readonly log = new TrialLog();
  readonly running: Running;
  readonly #measured: Measured;
  readonly #ask: (request: Request) => void;
  #curve: Curve;
  #given: Pick<Checkpoint, 'step' | 'bytes'> | undefined;
  #model: BytesArtifact | undefined;
  #request: Request | undefined;
  #hear: Listener | undefined;
  #rungs: readonly number[];
  #judging: Promise<void> | undefined;
  /** What there was of it at the report at which it was pruned: one that hurries on has got further by then. */
  #cut: Cut | undefined;
  #isOver = false;
  #signs = 0;

  /** @param ask is called at most once for each request, where the work is to end */
  constructor(job: Job, measured: Measured, outcome: Promise<TrialOutcome>, ask: (request: Request) => void) {
    this.job = job;
    this.#measured = measured;
    this.#ask = ask;
    const checkpoint = job.start.from === 'checkpoint' ? job.start.checkpoint : undefined;
    this.#curve = new Curve(measured.metrics, checkpoint?.reports, job.rungs);
    this.#given = checkpoint;
    this.#rungs = (job.rungs ?? []).filter((rung) => rung > this.lastStep);
    this.running = {
      outcome,
      reports: () => this.#shown().reports(),
      progress: () => ({ last: this.#shown().last, steps: undefined }),
      checkpoint: () => this.#checkpoint(),
      log: () => this.log.text(),
      onReport: (hear) => {
        this.#hear = hear;
      },
      prune: () => this.#end('prune'),
      stop: () => this.#end('stop'),
    };
  }

  /** What another trial has saved, from which this one begins. */
  get startBytes(): Uint8Array | undefined {
    const { start } = this.job;
    return start.from === 'artifact' && start.artifact.kind === 'bytes' ? start.artifact.bytes : undefined;
  }

  get lastStep(): number {
    return this.#curve.last?.step ?? 0;
  }

  /** Changes whenever the trial shows a sign of life, and all the time while it waits to be judged. */
  get beat(): string {
    if (this.#judging !== undefined) this.#signs++;
    return String(this.#signs);
  }

  /** Takes a report. @returns what was judged, where it is at a rung */
  report(report: Report): Promise<Judgement> | undefined {
    this.#signs++;
    if (this.#isOver || this.#cut !== undefined) return undefined;
    this.#curve.add(report);
    const answer = this.#hear?.(report);
    const isRung = report.step >= (this.#rungs[0] ?? Number.POSITIVE_INFINITY);
    if (isRung) this.#rungs = this.#rungs.filter((rung) => rung > report.step);
    let judged: Promise<Judgement> | undefined;
    if (isRung) judged = this.#judge(answer ?? Promise.resolve('go on' as const));
    else answer?.catch(() => {});
    if (report.step >= (this.job.until ?? Number.POSITIVE_INFINITY)) this.#end('stop');
    // One that was asked to be pruned before it had measured anything has something to be pruned with now.
    if (this.#request === 'prune') this.#ask('prune');
    return judged;
  }

  #judge(answer: Promise<Judgement>): Promise<Judgement> {
    const upToHere: Cut = { curve: this.#curve.copy(), model: this.#model };
    const judged = answer.then(
      (judgement) => {
        if (judgement === 'go on' || this.#cut !== undefined) return judgement;
        this.#cut = upToHere;
        this.#end('prune');
        return judgement;
      },
      () => {
        // The judge has failed, so whether the trial would be pruned is unknown.
        this.#end('stop');
        return 'go on' as const;
      },
    );
    const judging = Promise.all([this.#judging, judged]).then(() => {
      if (this.#judging === judging) this.#judging = undefined;
    });
    this.#judging = judging;
    return judged;
  }

  keepCheckpoint(bytes: Uint8Array): void {
    this.#signs++;
    this.#given = { step: this.lastStep, bytes };
  }

  keepModel(bytes: Uint8Array): void {
    this.#signs++;
    this.#model = { kind: 'bytes', name: 'model', bytes, sha256: hash('sha256', bytes) };
  }

  print(text: string): void {
    this.#signs++;
    this.log.add(text);
  }

  /** What the trial has come to, once its work has ended and all that it reported is judged. */
  async outcome(end: WorkEnd, spans: readonly Span[], seconds: number): Promise<TrialOutcome> {
    const isEarly = this.#request !== undefined && end.kind !== 'complete';
    while (this.#judging !== undefined) await this.#judging;
    if (this.#cut !== undefined) return { state: 'pruned', result: this.#result(this.#cut, spans, seconds) };
    const values = end.kind === 'complete' ? end.values : undefined;
    const returned = values && { step: this.lastStep + 1, values };
    this.#rungs = [];
    if (returned !== undefined) void this.report(returned);
    this.#isOver = true;
    const reports = this.#curve.reports();
    if (isEarly || end.kind === 'gave way')
      return this.#request === 'prune' && reports.length > 0
        ? { state: 'pruned', result: this.#result(this.#now(), spans, seconds) }
        : { state: 'stopped', checkpoint: this.#checkpoint(), seconds };
    switch (end.kind) {
      case 'complete': {
        if (reports.length > 0)
          return { state: 'done', result: this.#result(this.#now(), spans, seconds, returned) };
        const names = this.#measured.metrics.map(({ name }) => name);
        return { state: 'failed', ...trialFaults.nothingMeasured(names), reports, seconds };
      }
      case 'diverged':
        return { state: 'diverged', step: end.step, reports, seconds };
      case 'failed':
        return { state: 'failed', ...end.fault, reports, seconds };
      default:
        return end satisfies never;
    }
  }

  #result({ curve, model }: Cut, spans: readonly Span[], seconds: number, returned?: Report): TrialResult {
    const { best, last } = curve;
    if (best === undefined || last === undefined) throw new Error('A trial without reports has no result.');
    return {
      reports: curve.reports(),
      best: returned ?? (this.#measured.rankedBy === 'last' ? last : best),
      last,
      artifacts: model === undefined ? [] : [model],
      spans,
      seconds,
    };
  }

  #now(): Cut {
    return { curve: this.#curve, model: this.#model };
  }

  #shown(): Curve {
    return (this.#cut ?? this.#now()).curve;
  }

  #checkpoint(): Checkpoint | undefined {
    if (this.#given === undefined) return undefined;
    const { step, bytes } = this.#given;
    const reports = this.#curve.reports().filter((report) => report.step <= step);
    return { step, bytes, reports };
  }

  #end(request: Request): void {
    if (this.#isOver || this.#request === 'stop' || this.#request === request) return;
    this.#request = request;
    if (request === 'stop' || this.#curve.last !== undefined) this.#ask(request);
  }
}
