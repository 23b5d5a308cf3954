/** How an experiment stands: its leader, what runs now, and the curves as they grow. */
import type { Report, Role } from '../../trial.ts';
import { evaluationName } from '../../words/evaluation-name.ts';
import {
  deciding,
  type Measure,
  measureText,
  shortTitle,
  tellsClasses,
  titleIn,
  valueIn,
} from '../../words/measures.ts';
import { percent, secondsText } from '../../words/units.ts';
import type { CurvePoint, CurvesAnswer, ExperimentNow, RunningTrial } from '../answers.ts';
import { Chart, captionOf as chartCaption, figure } from './chart.ts';
import {
  bestColours,
  curvesOption,
  curveTips,
  type Line,
  type Plotted,
  RunningColours,
} from './curve-chart.ts';
import { fill, h, tile } from './dom.ts';
import { Kept } from './fetching.ts';
import { MachinesCard } from './machines.ts';
import { type Context, experimentNow, measuresIn, revisionOf, stateNow, triedIn, type View } from './view.ts';
import { counted, countText, decidedText, measuredText, parametersText, timesText } from './words.ts';

export function overview(context: Context): View {
  const { live, experiment } = context;
  const tiles = h('dl', { class: 'tiles' });
  const running = h('section', { class: 'card', 'aria-label': 'Running trials' });
  const colours = new RunningColours();
  const machines = new MachinesCard();
  const phases = (['search', 'final'] as const).map((role) => new PhaseCurves(context, role, colours));
  const element = h(
    'div',
    { class: 'page' },
    tiles,
    running,
    machines.element,
    ...phases.map((part) => part.element),
  );
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
      machines.show(now?.machines ?? []);
      running.hidden = trials.length === 0;
      fill(
        running,
        h('h2', {}, 'Running now'),
        h('ul', { class: 'now' }, ...trials.map((trial) => runningItem(context, trial, colours))),
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
  const tried = triedIn(context);
  const compared = (figure: number | null) =>
    figure === null ? false : h('span', {}, `published: ${percent(figure)}`);
  // What decided stands large; an accuracy says enough, beside anything else stands what else was measured.
  const first = deciding(tried);
  const others = measuresIn(context).filter(
    ({ place }) => place !== first.place && first.written !== 'accuracy',
  );
  const beside = (report: Report | null | undefined, role: Role) =>
    report &&
    others.length > 0 &&
    h(
      'span',
      {},
      others.map((other) => `${titleIn(tried, other, role)} ${measuredText(other, report)}`).join(', '),
    );
  const ended = counts.done + counts.pruned + counts.diverged + counts.failed + counts.stopped;
  const isNetwork = tried.kind === 'network';
  const bestName = isNetwork ? 'Best on validation rows' : `Best ${first.title}`;
  const searched =
    best === null
      ? tile(bestName, '–', h('span', {}, 'no trial is done yet'))
      : tile(
          bestName,
          decidedText(tried, best.best),
          beside(best.best, 'search'),
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
      isNetwork ? 'Final training on test rows' : `Final ${first.title}`,
      final.last === null ? final.state : decidedText(tried, final.last),
      beside(final.last, 'final'),
      h(
        'a',
        { href: `#/${experiment.id}/trial/${final.id}` },
        `final training, after the last ${tried.step}`,
      ),
      compared(published.testAccuracy),
    );
  const trials = tile(
    'Trials ended',
    `${countText(ended)} of ${countText(ended + counts.waiting + counts.running + counts.paused)}`,
    ...progressOf(context, now),
    now.times !== null && h('span', {}, `running for ${timesText(now.times)}`),
    seconds !== null && now.state !== 'running' && h('span', {}, `the run took ${secondsText(seconds)}`),
  );
  return [searched, tested, trials].filter((element) => element !== false);
}

/** One bar for all trials of the search, a part a state. */
function progressOf(context: Context, { counts }: ExperimentNow): HTMLElement[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const present = (
    ['done', 'pruned', 'diverged', 'failed', 'stopped', 'running', 'paused', 'waiting'] as const
  ).filter((state) => counts[state] > 0);
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

function runningItem(context: Context, trial: RunningTrial, colours: RunningColours): HTMLElement {
  const { id, experimentId, role, number, params, steps, curve, times, machine } = trial;
  const tried = triedIn(context);
  const last = curve.at(-1);
  const name = role === 'final' ? 'final training' : `trial ${number}`;
  const known = measuresIn(context).map((measure) => {
    const title = measure.written === 'accuracy' ? '' : `${shortTitle(tried, measure)} `;
    return last === undefined ? '' : `${title}${measureText(measure, valueIn(measure, last))}`;
  });
  const of = steps === null ? '' : ` of ${steps}`;
  return h(
    'li',
    {},
    h('span', { class: `swatch ${colours.of(id)}` }, h('a', { href: `#/${experimentId}/trial/${id}` }, name)),
    h('span', { class: 'quiet' }, parametersText(params), machine === null ? '' : ` · ${machine}`),
    steps !== null &&
      h('progress', { max: steps, value: last?.step ?? 0, 'aria-label': `${tried.step}s of ${name}` }),
    h(
      'span',
      { class: 'figure' },
      last === undefined ? 'just begun' : `${tried.step} ${last.step}${of}, ${known.join(', ')}`,
    ),
    h('span', { class: 'figure quiet' }, times === null ? '' : timesText(times)),
  );
}

/** The charts of a role, one a metric. */
class PhaseCurves {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #role: Role;
  readonly #colours: RunningColours;
  readonly #caption = h('p', { class: 'quiet' });
  readonly #key = h('ul', { class: 'key' });
  readonly #charts: readonly (readonly [Plotted, Chart])[];
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
    const tried = triedIn(context);
    const measures = measuresIn(context);
    this.#charts = measures.map((_, place) => [{ tried, measures, place, role }, new Chart('curves', open)]);
    const title = titleOf(context, role);
    this.element = h(
      'section',
      { class: 'card', 'aria-label': title },
      h('h2', {}, title),
      this.#caption,
      this.#key,
      h(
        'div',
        { class: 'pair' },
        ...this.#charts.map(([{ place }, chart]) =>
          figure(chartCaption(tried, measures[place] as Measure, evaluationName(role)), chart),
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
    const isNetwork = triedIn(this.#context).kind === 'network';
    const lines: Line[] = [
      ...answer.curves.map((curve, place) => ({
        ...curve,
        kind: place < bestColours.length ? ('best' as const) : ('other' as const),
      })),
      ...growing.map((trial) => ({
        ...trial,
        points: trial.curve.map((report) => pointOf(this.#context, report)),
        kind: this.#colours.of(trial.id),
      })),
    ];
    // An objective that reports once has no curves.
    this.element.hidden = !lines.some(({ points }) => points.length >= (isNetwork ? 1 : 2));
    fill(this.#caption, captionOf(this.#context, answer, growing.length));
    fill(this.#key, ...(this.#role === 'search' ? keyOf(this.#context, lines) : []));
    const { epochs, finalEpochs } = this.#context.experiment;
    const planned = (this.#role === 'search' ? epochs : finalEpochs) ?? lastStepOf(lines);
    for (const [plotted, chart] of this.#charts) {
      const { tried, measures, place } = plotted;
      const measure = measures[place] as Measure;
      const name = shortTitle(tried, measure);
      const label = `${name} over ${tried.step}s. ${captionOf(this.#context, answer, growing.length)}${leadText(answer, plotted)}`;
      chart.show(label, () => curvesOption(lines, plotted, planned), curveTips(lines, plotted));
    }
  }

  close(): void {
    this.#kept.close();
    for (const [, chart] of this.#charts) chart.close();
  }
}

function titleOf(context: Context, role: Role): string {
  const tried = triedIn(context);
  const isNetwork = tried.kind === 'network';
  const what = tellsClasses(tried) ? 'accuracy and loss' : 'RMSE and R²';
  if (role === 'search') return isNetwork ? `Search: validation ${what}` : 'Search: what was measured';
  return isNetwork ? `Final training: test ${what}` : 'Final training';
}

const pointOf = (context: Context, report: Report): CurvePoint => [
  report.step,
  ...measuresIn(context).map((measure) => valueIn(measure, report)),
];

const lastStepOf = (lines: readonly Line[]): number =>
  lines.reduce((last, { points }) => Math.max(last, points.at(-1)?.[0] ?? 1), 1);

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

function captionOf(context: Context, { total, curves, role }: CurvesAnswer, growing: number): string {
  const { step } = triedIn(context);
  if (role === 'final')
    return growing > 0 ? 'Running.' : `After the last ${step} counts; a peak before it is only a peak.`;
  const now = growing > 0 ? ` ${counted(growing, 'trial')} running.` : '';
  const all = counted(total, 'curve');
  return curves.length < total
    ? `${curves.length} of ${all}: the best 40, and an even sample of the others.${now}`
    : `${all}; choose a line to see its trial.${now}`;
}

function leadText({ curves, winner }: CurvesAnswer, { tried, measures, place }: Plotted): string {
  const lead = curves.find(({ number }) => number === winner?.number);
  const best = lead?.points.find(([step]) => step === winner?.bestStep);
  const value = best?.[1 + place];
  if (lead === undefined || best === undefined || value === undefined) return '';
  const text = measureText(measures[place] as Measure, value);
  return ` Leading is trial ${lead.number} with ${text} in ${tried.step} ${best[0]}.`;
}
