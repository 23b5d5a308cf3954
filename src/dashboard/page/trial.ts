/** One trial: its result and its curves, growing while it runs. Not here: what is said above them (trial-head.ts). */
import type { Report, Trial } from '../../trial.ts';
import { evaluationName } from '../../words/evaluation-name.ts';
import { countedStep, type Measure, onTrainingRows, shortTitle } from '../../words/measures.ts';
import type { TrialAnswer } from '../answers.ts';
import { Chart, captionOf, figure } from './chart.ts';
import { trialOption } from './curve-chart.ts';
import { trialTips } from './curve-tips.ts';
import { fill, h } from './dom.ts';
import { Kept } from './fetching.ts';
import { measureIn, type Plotted } from './plotted.ts';
import { trialHead } from './trial-head.ts';
import { type Context, measuresIn, revisionOf, stateNow, triedIn, type View } from './view.ts';

export class TrialView implements View {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #id: number;
  readonly #head = h('div', { class: 'page' });
  readonly #key = h('ul', { class: 'key' });
  readonly #drawings = h('div', { class: 'pair' });
  readonly #log = h('details', { class: 'log' });
  readonly #charts: readonly Chart[];
  readonly #kept: Kept<TrialAnswer>;
  #answer: TrialAnswer | undefined;
  /** What the head and the curves were last drawn of. */
  #headOf = '';
  #curvesOf = '';

  constructor(context: Context, id: number) {
    this.#context = context;
    this.#id = id;
    const tried = triedIn(context);
    const measures = measuresIn(context);
    this.#charts = measures.map(() => new Chart('curves'));
    const figures = this.#charts.map((chart, place) =>
      figure(captionOf(tried, measures[place] as Measure, ''), chart),
    );
    fill(this.#drawings, ...figures);
    this.element = h(
      'section',
      { class: 'page card', 'aria-label': 'Trial' },
      ...[this.#head, this.#key, this.#drawings, this.#log],
    );
    this.#kept = new Kept<TrialAnswer>(
      (found) => {
        this.#answer = found;
        this.#draw();
      },
      (reason) => fill(this.#head, h('p', { class: 'fault' }, reason)),
    );
  }

  update(): void {
    this.#kept.want(`trials/${this.#id}`, revisionOf(this.#context));
    this.#draw();
  }

  close(): void {
    this.#kept.close();
    for (const chart of this.#charts) chart.close();
  }

  #draw(): void {
    if (this.#answer === undefined) return;
    const { trial, curve: stored, log } = this.#answer;
    const running = this.#context.live.running.find(({ id }) => id === this.#id);
    const curve = stored.length > 0 ? stored : (running?.curve ?? []);
    const mark = `${stateNow(this.#context, trial)} ${curve.length} ${curve.at(-1)?.step}`;
    const second = `${mark} ${Math.round(running?.times?.elapsed ?? 0)}`;
    if (second !== this.#headOf) fill(this.#head, ...trialHead(this.#context, this.#answer, curve));
    this.#headOf = second;
    if (mark === this.#curvesOf) return;
    this.#curvesOf = mark;
    this.#log.hidden = log === null;
    fill(this.#log, h('summary', {}, 'Log'), h('pre', { tabindex: 0 }, log ?? ''));
    this.#drawCurves(trial, curve, running?.steps);
  }

  /** @param steps how many it will have, where that is known */
  #drawCurves(trial: Trial, curve: readonly Report[], steps: number | null | undefined): void {
    const { experiment } = this.#context;
    const tried = triedIn(this.#context);
    const plottedAt = (place: number): Plotted => {
      return { tried, measures: measuresIn(this.#context), place, role: trial.role };
    };
    const last = curve.at(-1)?.step ?? 1;
    const planned = steps ?? (trial.role === 'search' ? experiment.epochs : experiment.finalEpochs) ?? last;
    const bestStep = 'best' in trial ? trial.best.step : undefined;
    this.#drawings.hidden = curve.length < (tried.kind === 'network' ? 1 : 2);
    this.#key.hidden = this.#drawings.hidden;
    fill(
      this.#key,
      h('li', { class: 'first' }, tried.kind === 'network' ? evaluationName(trial.role) : 'measured'),
      onTrainingRows(tried, measureIn(plottedAt(0))) && h('li', { class: 'second dashed' }, 'training'),
      bestStep !== undefined && h('li', { class: 'dot' }, `${countedStep(tried)}, ${bestStep}`),
    );
    for (const [place, chart] of this.#charts.entries()) {
      const plotted = plottedAt(place);
      const label = `${shortTitle(tried, measureIn(plotted))} of this trial over ${last} ${tried.step}s`;
      chart.show(label, () => trialOption(curve, plotted, planned, bestStep), trialTips(curve, plotted));
    }
  }
}
