/**
 * One trial as its run sees it while others run it: what was heard of it, how it was judged, what it was asked, how it ended.
 * Not here: the server, over which all that travels (coordinator.ts).
 */
import type { Job, Judgement, Listener, Running } from '../execute/executor.ts';
import { reportsOf, secondsOf } from '../execute/outcome.ts';
import type { Stint } from '../machine.ts';
import type { Metric } from '../metric.ts';
import { Curve } from '../objective/curve.ts';
import type { Checkpoint, Report, TrialOutcome } from '../trial.ts';
import type { Spent } from './answers.ts';
import type { News } from './messages.ts';

export type Asked = 'prune' | 'stop';

type Said = Extract<News, { kind: 'reports' }>;

export interface Voice {
  /** Once for each request. */
  ask(request: Asked): void;
  judged(step: number, judgement: Judgement): void;
  /** Asks for all reports above a step. */
  sayAgain(after: number): void;
  /** Seconds since the run began. */
  age(): number;
}

export class RemoteTrial {
  readonly job: Job;
  readonly running: Running;
  readonly #voice: Voice;
  readonly #curve: Curve;
  readonly #judgements = new Map<number, Judgement>();
  readonly #settle: (outcome: TrialOutcome) => void;
  #rungs: readonly number[];
  #hear: Listener | undefined;
  #judging: Promise<void> = Promise.resolve();
  #cut: Curve | undefined;
  #checkpoint: Checkpoint | undefined;
  #log = '';
  #stints: readonly Stint[] = [];
  #isSettled = false;
  #request: Asked | undefined;
  #refusals: readonly string[] = [];
  #refusedBy: string | undefined;

  constructor(job: Job, metrics: readonly Metric[], steps: number | undefined, voice: Voice) {
    const { promise: outcome, resolve } = Promise.withResolvers<TrialOutcome>();
    this.job = job;
    this.#voice = voice;
    this.#settle = resolve;
    this.#checkpoint = job.start.from === 'checkpoint' ? job.start.checkpoint : undefined;
    this.#curve = new Curve(metrics, this.#checkpoint?.reports, job.rungs);
    this.#rungs = (job.rungs ?? []).filter((rung) => rung > this.#lastStep);
    this.running = {
      outcome,
      reports: () => (this.#cut ?? this.#curve).reports(),
      progress: () => ({
        ...{ last: (this.#cut ?? this.#curve).last, steps },
        stints: this.#stints,
      }),
      checkpoint: () => this.#checkpoint,
      log: () => this.#log,
      onReport: (hear) => {
        this.#hear = hear;
      },
      prune: () => this.#ask('prune'),
      stop: () => this.#ask('stop'),
    };
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  get request(): Asked | undefined {
    return this.#request;
  }

  /** The workers that could not run it, one for each time. */
  get refusals(): readonly string[] {
    return this.#refusals;
  }

  /** The one that leaves it to the others for a while, where there are such. */
  get refusedBy(): string | undefined {
    return this.#refusedBy;
  }

  isRefused(worker: string, isForOthers: boolean): void {
    this.#refusals = [...this.#refusals, worker];
    this.#refusedBy = isForOthers ? worker : undefined;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  /** Which worker runs it, as far as is known. */
  get worker(): string | undefined {
    const last = this.#stints.at(-1);
    return last?.end === undefined ? last?.machine : undefined;
  }

  /** Takes that a worker is at it. @param from since when */
  isAt(worker: string, from = this.#voice.age()): void {
    if (this.#isSettled || this.worker === worker) return;
    this.isLeft('lost');
    this.#stints = [...this.#stints, { machine: worker, from, end: undefined }];
  }

  /** The worker that ran it does so no longer. */
  isLeft(how: NonNullable<Stint['end']>['how']): void {
    const last = this.#stints.at(-1);
    if (last === undefined || last.end !== undefined) return;
    this.#stints = [...this.#stints.slice(0, -1), { ...last, end: { at: this.#voice.age(), how } }];
  }

  get #lastStep(): number {
    return this.#curve.last?.step ?? 0;
  }

  /**
   * Takes reports, some of which may have come before.
   * @param after the step up to which all was said before; @param asks whether the trial waits at the last of them
   */
  report(reports: readonly Report[], { after, asks }: Pick<Said, 'after' | 'asks'>): void {
    if (this.#isSettled) return;
    // An earlier session was told. Rungs between are judged by what was reported there, not by what came next.
    if (after > this.#lastStep && this.#rungs.length > 0 && this.#cut === undefined)
      return this.#voice.sayAgain(this.#lastStep);
    for (const report of reports) if (report.step > this.#lastStep) this.#take(report);
    const step = reports.at(-1)?.step;
    if (!asks || step === undefined) return;
    // It was said before, and may have been lost; one that has hurried on is pruned wherever it stands.
    const judgement = this.#cut === undefined ? this.#judgementAt(step) : 'prune';
    if (judgement !== undefined) this.#voice.judged(step, judgement);
  }

  /** An earlier session may have ended before it could say how it judged; the run goes on only from where it let the trial go on. */
  #judgementAt(step: number): Judgement | undefined {
    const { start } = this.job;
    const isBehind = start.from === 'checkpoint' && step <= start.checkpoint.step;
    return isBehind ? 'go on' : this.#judgements.get(step);
  }

  #take(report: Report): void {
    if (this.#cut !== undefined) return;
    this.#curve.add(report);
    const answer = this.#hear?.(report);
    if (report.step < (this.#rungs[0] ?? Number.POSITIVE_INFINITY)) {
      answer?.catch(() => {});
      return;
    }
    this.#rungs = this.#rungs.filter((rung) => rung > report.step);
    const upToHere = this.#curve.copy();
    const judged = (answer ?? Promise.resolve('go on' as const)).then(
      (judgement) => {
        this.#judgements.set(report.step, judgement);
        if (judgement === 'prune') this.#cut ??= upToHere;
        this.#voice.judged(report.step, judgement);
      },
      // Judging has failed, so whether the trial would go on is unknown.
      () => this.#ask('stop'),
    );
    this.#judging = Promise.all([this.#judging, judged]).then(() => {});
  }

  keep(checkpoint: Checkpoint): void {
    if (checkpoint.step > (this.#checkpoint?.step ?? 0)) this.#checkpoint = checkpoint;
  }

  /** Ends it once all that it reported is judged. */
  async settle(outcome: TrialOutcome, log: string): Promise<void> {
    if (this.#isSettled) return;
    if (log !== '') this.#log = log;
    this.report(reportsOf(outcome), { after: 0, asks: false });
    this.#isSettled = true;
    await this.#judging;
    const cut = this.#cut;
    const isAsCut = outcome.state === 'pruned' && outcome.result.last.step === cut?.last?.step;
    const settled = cut === undefined || isAsCut ? outcome : this.#pruned(cut, spentOn(outcome));
    this.isLeft(settled.state);
    this.#settle(settled);
  }

  /** Ends it as stopped at its last known step, because no worker answers. */
  leave(): void {
    void this.settle({ state: 'stopped', checkpoint: this.#checkpoint, seconds: 0 }, '');
  }

  /** What was judged before the worker heard of it, as it would have ended there. */
  #pruned(cut: Curve, spent: Spent): TrialOutcome {
    const { best, last } = cut;
    if (best === undefined || last === undefined)
      throw new Error('A trial without reports cannot be pruned.');
    return { state: 'pruned', result: { reports: cut.reports(), best, last, artifacts: [], ...spent } };
  }

  #ask(request: Asked): void {
    if (this.#isSettled || this.#request === 'stop' || this.#request === request) return;
    this.#request = request;
    this.#voice.ask(request);
  }
}

const spentOn = (outcome: TrialOutcome): Spent => ({
  spans: 'result' in outcome ? outcome.result.spans : [],
  seconds: secondsOf(outcome),
});
