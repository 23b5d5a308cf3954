/** The curves of a search or of a final training as they grow: a chart a metric, with what its colours mean. */
import type { Report, Role } from '../../trial.ts';
import { evaluationName } from '../../words/evaluation-name.ts';
import { type Measure, measureText, shortTitle, tellsClasses, valueIn } from '../../words/measures.ts';
import type { CurvePoint, CurvesAnswer, RunningTrial } from '../answers.ts';
import { Chart, captionOf as chartCaption, figure } from './chart.ts';
import { curvesOption } from './curve-chart.ts';
import { bestColours, type RunningColours } from './curve-colours.ts';
import { curveTips } from './curve-tips.ts';
import { card, fill, h } from './dom.ts';
import { Kept } from './fetching.ts';
import type { Line, Plotted } from './plotted.ts';
import { type Context, measuresIn, revisionOf, triedIn } from './view.ts';
import { counted, parametersText } from './words.ts';

/** The charts of a role, one a metric. */
export class PhaseCurves {
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
    this.element = card(
      title,
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
    // A trial that has just ended may still be listed as running.
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
    this.#key.hidden = this.#role === 'final';
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
  if (total === 0) return now.trim();
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
