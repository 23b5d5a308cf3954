/** How an experiment stands: its leader, what runs now, and the curves as they grow. */
import { type EpochMetrics, metricFacts, metricsFrom } from '../../metric.ts';
import type { Role } from '../../trial.ts';
import { lossText, percent, quantityText, secondsText } from '../../words/units.ts';
import type { CurvePoint, CurvesAnswer, ExperimentNow, RunningTrial } from '../answers.ts';
import { Chart, figure } from './chart.ts';
import {
  bestColours,
  curvesOption,
  curveTips,
  type Line,
  type Metric,
  RunningColours,
} from './curve-chart.ts';
import { fill, h, tile } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Context, experimentNow, revisionOf, stateNow, type View } from './view.ts';
import { counted, countText, parametersText, timesText } from './words.ts';

export function overview(context: Context): View {
  const { live, experiment } = context;
  const tiles = h('dl', { class: 'tiles' });
  const running = h('section', { class: 'card', 'aria-label': 'Running trials' });
  const colours = new RunningColours();
  const phases = (['search', 'final'] as const).map((role) => new PhaseCurves(context, role, colours));
  const element = h('div', { class: 'page' }, tiles, running, ...phases.map((part) => part.element));
  let shown = '';
  return {
    element,
    update() {
      const now = experimentNow(context);
      const trials = live.running.filter(({ experimentId }) => experimentId === experiment.id);
      colours.update(trials.map(({ id }) => id));
      const mark = `${revisionOf(context)} ${Math.round(now?.times?.elapsed ?? 0)}`;
      if (now !== undefined && mark !== shown) {
        shown = mark;
        fill(tiles, ...tilesOf(context, now));
      }
      running.hidden = trials.length === 0;
      fill(
        running,
        h('h2', {}, 'Running now'),
        h('ul', { class: 'now' }, ...trials.map((trial) => runningItem(trial, colours))),
      );
      for (const part of phases) part.update(trials);
    },
    close() {
      for (const part of phases) part.close();
    },
  };
}

function tilesOf(context: Context, now: ExperimentNow): HTMLElement[] {
  const { experiment } = context;
  const { best, final, counts, seconds } = now;
  const { published } = experiment;
  const compared = (figure: number | null) =>
    figure === null ? false : h('span', {}, `published: ${percent(figure)}`);
  const { quantity } = metricFacts[experiment.metric];
  // What decided stands large; beside a loss, the accuracy.
  const besideLoss = (accuracy: number | null) =>
    quantity === 'loss' && accuracy !== null && h('span', {}, `loss; accuracy ${percent(accuracy)}`);
  const figureOfFinal = final?.[quantity] ?? null;
  const ended = counts.done + counts.diverged + counts.failed + counts.stopped;
  const searched =
    best === null
      ? tile('Best on validation rows', '–', h('span', {}, 'no trial is done yet'))
      : tile(
          'Best on validation rows',
          quantityText[quantity](best[quantity]),
          besideLoss(best.accuracy),
          h(
            'a',
            { href: `#/${experiment.id}/trial/${best.id}` },
            `trial ${best.number}`,
            `: ${parametersText(best.params)}`,
          ),
          compared(published.validationAccuracy),
        );
  const tested =
    final !== null &&
    tile(
      'Final training on test rows',
      figureOfFinal === null ? final.state : quantityText[quantity](figureOfFinal),
      besideLoss(final.accuracy),
      h('a', { href: `#/${experiment.id}/trial/${final.id}` }, 'phase 2, after the last epoch'),
      compared(published.testAccuracy),
    );
  const trials = tile(
    'Trials ended',
    `${countText(ended)} of ${countText(ended + counts.waiting + counts.running)}`,
    ...progressOf(context, now),
    now.times !== null && h('span', {}, `running for ${timesText(now.times)}`),
    seconds !== null && now.state !== 'running' && h('span', {}, `the run took ${secondsText(seconds)}`),
  );
  return [searched, tested, trials].filter((element) => element !== false);
}

/** One bar for all trials of the search, a part a state. */
function progressOf(context: Context, { counts }: ExperimentNow): HTMLElement[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const present = (['done', 'diverged', 'failed', 'stopped', 'running', 'waiting'] as const).filter(
    (state) => counts[state] > 0,
  );
  const parts = present.map((state) => {
    const part = h('span', { class: `part ${state}` });
    part.style.setProperty('flex-grow', String(counts[state] / all));
    return part;
  });
  const words = present.map((state) =>
    h('li', { class: state }, `${countText(counts[state])} ${stateNow(context, state)}`),
  );
  return [
    h('div', { class: 'stack', 'aria-hidden': 'true' }, ...parts),
    h('ul', { class: 'legend' }, ...words),
  ];
}

function runningItem(trial: RunningTrial, colours: RunningColours): HTMLElement {
  const { id, experimentId, role, number, params, epochs, curve, times } = trial;
  const last = curve.at(-1);
  const name = role === 'final' ? 'final training' : `trial ${number}`;
  return h(
    'li',
    {},
    h('span', { class: `swatch ${colours.of(id)}` }, h('a', { href: `#/${experimentId}/trial/${id}` }, name)),
    h('span', { class: 'quiet' }, parametersText(params)),
    epochs !== null &&
      h('progress', { max: epochs, value: last?.epoch ?? 0, 'aria-label': `Epochs of ${name}` }),
    h(
      'span',
      { class: 'figure' },
      last && epochs !== null
        ? `epoch ${last.epoch} of ${epochs}, ${percent(last.evaluationAccuracy)}, loss ${lossText(last.evaluationLoss)}`
        : 'just begun',
    ),
    h('span', { class: 'figure quiet' }, times === null ? '' : timesText(times)),
  );
}

/** The two charts of a phase. */
class PhaseCurves {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #role: Role;
  readonly #colours: RunningColours;
  readonly #caption = h('p', { class: 'quiet' });
  readonly #key = h('ul', { class: 'key' });
  readonly #charts: readonly (readonly [Metric, Chart])[];
  readonly #kept: Kept<CurvesAnswer>;
  #answer: CurvesAnswer | undefined;
  #running: readonly RunningTrial[] = [];
  #drawn = '';

  constructor(context: Context, role: Role, colours: RunningColours) {
    this.#colours = colours;
    this.#context = context;
    this.#role = role;
    const open = (id: string) => {
      location.hash = `#/${context.experiment.id}/trial/${id}`;
    };
    this.#charts = metricsFrom(context.experiment.metric).map(({ quantity }) => [
      quantity,
      new Chart('curves', open),
    ]);
    const title =
      role === 'search' ? 'Search: validation accuracy and loss' : 'Final training: test accuracy and loss';
    this.element = h(
      'section',
      { class: 'card', 'aria-label': title },
      h('h2', {}, title),
      this.#caption,
      this.#key,
      h(
        'div',
        { class: 'pair' },
        ...this.#charts.map(([metric, chart]) =>
          figure(role === 'search' ? 'validation' : 'test', metric, chart),
        ),
      ),
    );
    this.element.hidden = true;
    this.#kept = new Kept<CurvesAnswer>(
      (answer) => {
        this.#answer = answer;
        this.#draw();
      },
      (reason) => fill(this.#caption, reason),
    );
  }

  update(running: readonly RunningTrial[]): void {
    this.#running = running.filter(({ role }) => role === this.#role);
    this.#kept.want(
      `experiments/${this.#context.experiment.id}/curves?role=${this.#role}`,
      revisionOf(this.#context),
    );
    this.#draw();
  }

  #draw(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    // A trial that has just ended may still be told as running.
    const ended = new Set(answer.curves.map(({ id }) => id));
    const growing = this.#running.filter(({ id, curve }) => curve.length > 0 && !ended.has(id));
    // Drawn again only where something has grown: a redraw costs the machine that trains.
    const mark =
      JSON.stringify([answer.total, growing.map(({ id, curve }) => [id, curve.length])]) +
      revisionOf(this.#context);
    if (mark === this.#drawn) return;
    this.#drawn = mark;
    const lines: Line[] = [
      ...answer.curves.map((curve, place) => ({
        ...curve,
        kind: place < bestColours.length ? ('best' as const) : ('other' as const),
      })),
      ...growing.map((trial) => ({
        ...trial,
        points: trial.curve.map(pointOf),
        kind: this.#colours.of(trial.id),
      })),
    ];
    this.element.hidden = lines.length === 0;
    fill(this.#caption, captionOf(answer, growing.length));
    fill(this.#key, ...(this.#role === 'search' ? keyOf(this.#context, lines) : []));
    const { epochs, finalEpochs } = this.#context.experiment;
    const planned = (this.#role === 'search' ? epochs : finalEpochs) ?? 1;
    for (const [metric, chart] of this.#charts) {
      const label = `${metric} over epochs. ${captionOf(answer, growing.length)}${leadText(answer, metric)}`;
      const tips = curveTips(lines, metric, this.#role);
      chart.show(label, () => curvesOption(lines, metric, this.#role, planned), tips);
    }
  }

  close(): void {
    this.#kept.close();
    for (const [, chart] of this.#charts) chart.close();
  }
}

const pointOf = ({ epoch, evaluationAccuracy, evaluationLoss }: EpochMetrics): CurvePoint => [
  epoch,
  evaluationAccuracy,
  evaluationLoss,
];

/** What the colours mean; the names lead to the trials, also for those who cannot point at a line. */
function keyOf({ experiment }: Context, lines: readonly Line[]): HTMLElement[] {
  const best = lines.filter(({ kind }) => kind === 'best');
  const named = best.map(({ id, number, params }, place) =>
    h(
      'li',
      { class: bestColours[place] },
      h('a', { href: `#/${experiment.id}/trial/${id}` }, `trial ${number}`),
      ` ${parametersText(params)}`,
    ),
  );
  const others = lines.some(({ kind }) => kind === 'other') && h('li', { class: 'other' }, 'other trials');
  const running = lines
    .filter(({ kind }) => kind !== 'best' && kind !== 'other')
    .map(({ id, number, kind }) =>
      h(
        'li',
        { class: kind },
        h('a', { href: `#/${experiment.id}/trial/${id}` }, `trial ${number}`),
        ' running',
      ),
    );
  return [...named, ...running, others].filter((item) => item !== false);
}

function captionOf({ total, curves, role }: CurvesAnswer, growing: number): string {
  if (role === 'final')
    return growing > 0 ? 'Running.' : 'After the last epoch counts; a peak before it is only a peak.';
  const now = growing > 0 ? ` ${counted(growing, 'trial')} running.` : '';
  const all = counted(total, 'curve');
  return curves.length < total
    ? `${curves.length} of ${all}: the best 40, and an even sample of the others.${now}`
    : `${all}; choose a line to see its trial.${now}`;
}

function leadText({ curves, winner }: CurvesAnswer, metric: Metric): string {
  const lead = curves.find(({ number }) => number === winner?.number);
  const best = lead?.points.find(([epoch]) => epoch === winner?.bestEpoch);
  if (lead === undefined || best === undefined) return '';
  const [epoch, accuracy, loss] = best;
  const value = metric === 'accuracy' ? percent(accuracy) : lossText(loss);
  return ` Leading is trial ${lead.number} with ${value} in epoch ${epoch}.`;
}
