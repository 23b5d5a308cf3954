/** The curves of experiments' winners in one figure. Not here: those of one experiment (phase-curves.ts). */
import { figureMeasures } from '../../figures/searched.ts';
import { networksBy, tellsClasses, triedBy, valueIn } from '../../words/measures.ts';
import type { CurvePoint, ExperimentNow, TrialAnswer } from '../answers.ts';
import { Chart, captionOf, figure } from './chart.ts';
import { curvesOption } from './curve-chart.ts';
import { runningColours } from './curve-colours.ts';
import { curveTips } from './curve-tips.ts';
import { card, fill, h } from './dom.ts';
import { getJson } from './fetching.ts';
import { type Line, measureIn, type Plotted } from './plotted.ts';
import { parametersText } from './words.ts';

/** Curves of networks that tell classes can be compared; what others measure is theirs alone. */
const networks = networksBy('validationAccuracy');
const measures = figureMeasures(networks);

/** Winners whose curves are drawn: those of the latest experiments. */
const mostCurves = runningColours.length;

type WithWinner = ExperimentNow & { readonly best: NonNullable<ExperimentNow['best']> };

export class WinnerCurves {
  readonly #key = h('ul', { class: 'key' });
  readonly #fault = h('p', { class: 'fault', role: 'alert' });
  readonly #charts = measures.map((_, place): readonly [Plotted, Chart] => [
    { tried: networks, measures, place, role: 'search' },
    new Chart('curves'),
  ]);
  readonly element = card(
    'Curves of the winners',
    this.#key,
    this.#fault,
    h(
      'div',
      { class: 'pair' },
      ...this.#charts.map(([plotted, chart]) =>
        figure(captionOf(networks, measureIn(plotted), 'validation'), chart),
      ),
    ),
  );
  readonly #closing = new AbortController();
  /** By the id of their trial. */
  readonly #winners = new Map<number, TrialAnswer>();
  #shown: readonly WithWinner[] = [];

  show(experiments: readonly ExperimentNow[]): void {
    this.#shown = experiments
      .filter((one): one is WithWinner => one.best !== null && tellsClasses(triedBy(one)))
      .slice(-mostCurves);
    this.#fetch().catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      fill(this.#fault, error instanceof Error ? error.message : String(error));
    });
  }

  close(): void {
    this.#closing.abort();
    for (const [, chart] of this.#charts) chart.close();
  }

  async #fetch(): Promise<void> {
    const missing = this.#shown.filter(({ best }) => !this.#winners.has(best.id));
    const answers = missing.map(({ best }) =>
      getJson<TrialAnswer>(`trials/${best.id}`, this.#closing.signal),
    );
    for (const answer of await Promise.all(answers)) this.#winners.set(answer.trial.id, answer);
    this.#draw();
  }

  #draw(): void {
    const lines = this.#shown.flatMap(({ id, name, best, ...one }, place): Line[] => {
      const points = this.#winners.get(best.id)?.curve.map((report) => pointOf(one, report));
      const kind = runningColours[place] ?? 'other';
      const called = `run ${id}: ${name}, trial ${best.number}, ${parametersText(best.params)}`;
      return points === undefined ? [] : [{ ...best, name: called, points, kind }];
    });
    fill(this.#key, ...lines.map(({ kind, name = '' }) => h('li', { class: kind }, name)));
    const epochs = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.[0] ?? 1));
    this.element.hidden = lines.length === 0;
    for (const [plotted, chart] of this.#charts) {
      const label = `${measureIn(plotted).written} of the winners of ${lines.length} experiments over epochs`;
      chart.show(label, () => curvesOption(lines, plotted, epochs), curveTips(lines, plotted));
    }
  }
}

/** The two metrics of networks, in one order whichever decides. */
function pointOf(
  one: Pick<ExperimentNow, 'metric' | 'metrics'>,
  report: TrialAnswer['curve'][number],
): CurvePoint {
  const own = figureMeasures(triedBy(one));
  return [
    report.step,
    ...measures.map(({ key }) => {
      const measure = own.find((known) => known.key === key);
      return measure === undefined ? Number.NaN : valueIn(measure, report);
    }),
  ];
}
