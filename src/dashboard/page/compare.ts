/**
 * The experiments of the database side by side: what each has come to, and the curves of their winners.
 * Not here: one experiment (experiment.ts).
 */
import { figureMeasures } from '../../figures/searched.ts';
import { networksBy, tellsClasses, triedBy, valueIn } from '../../words/measures.ts';
import { secondsText } from '../../words/units.ts';
import type { CurvePoint, ExperimentNow, TrialAnswer } from '../answers.ts';
import { Chart, captionOf, figure } from './chart.ts';
import { curvesOption } from './curve-chart.ts';
import { runningColours } from './curve-colours.ts';
import { curveTips } from './curve-tips.ts';
import { badge, fill, h } from './dom.ts';
import { getJson } from './fetching.ts';
import type { Live } from './live.ts';
import type { Line, Plotted } from './plotted.ts';
import type { View } from './view.ts';
import { bestText, countText, decidedText, measuredText, parametersText } from './words.ts';

/** Winners whose curves are drawn: those of the latest experiments. */
const mostCurves = runningColours.length;

/** Curves of networks that tell classes can be compared; what others measure is theirs alone. */
const networks = networksBy('validationAccuracy');

export function compare(live: Live): View {
  const rows = h('tbody', {});
  const key = h('ul', { class: 'key' });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const measures = figureMeasures(networks);
  const charts = measures.map((_, place): readonly [Plotted, Chart] => [
    { tried: networks, measures, place, role: 'search' },
    new Chart('curves'),
  ]);
  const closing = new AbortController();
  const curves = new Map<number, TrialAnswer>();
  const section = h(
    'section',
    { class: 'card', 'aria-label': 'Curves of the winners' },
    h('h2', {}, 'Curves of the winners'),
    key,
    fault,
    h(
      'div',
      { class: 'pair' },
      ...charts.map(([{ place }, chart]) =>
        figure(captionOf(networks, measures[place] as (typeof measures)[number], 'validation'), chart),
      ),
    ),
  );
  const element = h(
    'article',
    { class: 'page' },
    h('header', { class: 'head' }, h('h1', {}, 'Experiments side by side')),
    h(
      'section',
      { class: 'card', 'aria-label': 'Experiments' },
      h(
        'p',
        { class: 'quiet' },
        'Results of networks can be compared where the data is the same: it then has the same letter.',
      ),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Experiments' },
        h(
          'table',
          { class: 'board compared' },
          h(
            'thead',
            {},
            h('tr', {}, ...heads.map((head) => h('th', { scope: 'col', class: textClass(head) }, head))),
          ),
          rows,
        ),
      ),
    ),
    section,
  );
  let shown = '';
  const drawn = (): readonly (ExperimentNow & { best: NonNullable<ExperimentNow['best']> })[] =>
    live.experiments
      .filter(
        (one): one is ExperimentNow & { best: NonNullable<ExperimentNow['best']> } =>
          one.best !== null && tellsClasses(triedBy(one)),
      )
      .slice(-mostCurves);
  const draw = () => {
    const lines = drawn().flatMap(({ id, name, best, ...one }, place): Line[] => {
      const points = curves.get(best.id)?.curve.map((report) => pointOf(one, report));
      const kind = runningColours[place] ?? 'other';
      const called = `run ${id}: ${name}, trial ${best.number}, ${parametersText(best.params)}`;
      return points === undefined ? [] : [{ ...best, name: called, points, kind }];
    });
    fill(key, ...lines.map(({ kind, name = '' }) => h('li', { class: kind }, name)));
    const epochs = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.[0] ?? 1));
    section.hidden = lines.length === 0;
    for (const [plotted, chart] of charts) {
      const label = `${measures[plotted.place]?.written} of the winners of ${lines.length} experiments over epochs`;
      chart.show(label, () => curvesOption(lines, plotted, epochs), curveTips(lines, plotted));
    }
  };
  const fetchCurves = async () => {
    const missing = drawn().filter(({ best }) => !curves.has(best.id));
    const answers = missing.map(({ best }) => getJson<TrialAnswer>(`trials/${best.id}`, closing.signal));
    for (const answer of await Promise.all(answers)) curves.set(answer.trial.id, answer);
    draw();
  };
  return {
    element,
    update() {
      const mark = JSON.stringify(live.experiments.map(({ id, state, revision }) => [id, state, revision]));
      if (mark === shown) return;
      shown = mark;
      const known = live.experiments.map(({ dataHash }) => dataHash).filter((hash) => hash !== null);
      const letters = [...new Set(known)];
      fill(
        rows,
        ...live.experiments
          .toReversed()
          .map((one) => row(one, one.dataHash === null ? '' : letterOf(letters.indexOf(one.dataHash)))),
      );
      fetchCurves().catch((error: unknown) => {
        if (!closing.signal.aborted) fill(fault, error instanceof Error ? error.message : String(error));
      });
    },
    close() {
      closing.abort();
      for (const [, chart] of charts) chart.close();
    },
  };
}

/** The two metrics of networks, in one order whichever decides. */
function pointOf(
  one: Pick<ExperimentNow, 'metric' | 'metrics'>,
  report: TrialAnswer['curve'][number],
): CurvePoint {
  const own = figureMeasures(triedBy(one));
  return [
    report.step,
    ...figureMeasures(networks).map(({ key }) => {
      const measure = own.find((known) => known.key === key);
      return measure === undefined ? Number.NaN : valueIn(measure, report);
    }),
  ];
}

const heads = [
  ...['run', 'name', 'state', 'decided by', 'best', 'other metrics', 'final training'],
  ...['winner', 'trials', 'data', 'time'],
];

/** Words are broken into lines, numbers are not. */
const textClass = (head = ''): string | undefined =>
  ['name', 'decided by', 'other metrics', 'winner'].includes(head) ? 'text' : undefined;

/** A, B, ... Z, then numbers. */
const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : String(index + 1);

function row(one: ExperimentNow, data: string): HTMLElement {
  const { id, name, state, counts, front, final, seconds } = one;
  // Where several metrics count alike there is no winner.
  const best = front === null ? one.best : null;
  const trials = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const ended = trials - counts.waiting - counts.running - counts.paused;
  const tried = triedBy(one);
  const [first, ...others] = figureMeasures(tried);
  const otherText =
    best && others.map((measure) => `${measure.title} ${measuredText(measure, best.best)}`).join(', ');
  const cells = [
    h('a', { href: `#/${id}` }, String(id)),
    name,
    badge(state),
    front?.metrics.join(', ') ?? first?.title ?? '',
    one.best && bestText(one),
    otherText,
    final?.last ? decidedText(tried, final.last) : (final?.state ?? ''),
    best && h('a', { href: `#/${id}/trial/${best.id}` }, `${best.number}: ${parametersText(best.params)}`),
    ended === trials ? countText(trials) : `${countText(ended)} of ${countText(trials)}`,
    data,
    seconds === null ? '' : secondsText(seconds),
  ];
  return h('tr', {}, ...cells.map((cell, place) => h('td', { class: textClass(heads[place]) }, cell)));
}
