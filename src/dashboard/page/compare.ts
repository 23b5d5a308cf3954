/**
 * The experiments of the database side by side: what each has come to, and the curves of their winners.
 * Not here: one experiment (experiment.ts).
 */
import { lossText, percent, secondsText } from '../../words/units.ts';
import type { ExperimentNow, TrialAnswer } from '../answers.ts';
import { Chart, figure } from './chart.ts';
import { curvesOption, curveTips, type Line, type Metric, runningColours } from './curve-chart.ts';
import { badge, fill, h } from './dom.ts';
import { getJson } from './fetching.ts';
import type { Live } from './live.ts';
import type { View } from './view.ts';
import { countText, parametersText, shareText } from './words.ts';

/** Winners whose curves are drawn: those of the latest experiments. */
const mostCurves = runningColours.length;

export function compare(live: Live): View {
  const rows = h('tbody', {});
  const key = h('ul', { class: 'key' });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const charts = (['accuracy', 'loss'] as const).map((metric): readonly [Metric, Chart] => [
    metric,
    new Chart('curves'),
  ]);
  const closing = new AbortController();
  const curves = new Map<number, TrialAnswer>();
  const heads = [
    ...['run', 'name', 'state', 'validation accuracy', 'validation loss', 'test accuracy'],
    ...['winner', 'trials', 'data', 'time'],
  ];
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
        'Accuracies can be compared where the data is the same: it then has the same letter.',
      ),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Experiments' },
        h(
          'table',
          { class: 'board compared' },
          h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
          rows,
        ),
      ),
    ),
    h(
      'section',
      { class: 'card', 'aria-label': 'Curves of the winners' },
      h('h2', {}, 'Curves of the winners'),
      key,
      fault,
      h('div', { class: 'pair' }, ...charts.map(([metric, chart]) => figure('validation', metric, chart))),
    ),
  );
  let shown = '';
  const drawn = (): readonly (ExperimentNow & { best: NonNullable<ExperimentNow['best']> })[] =>
    live.experiments
      .filter((one): one is ExperimentNow & { best: NonNullable<ExperimentNow['best']> } => one.best !== null)
      .slice(-mostCurves);
  const draw = () => {
    const lines = drawn().flatMap(({ id, name, best }, place): Line[] => {
      const points = curves.get(best.id)?.curve.map(pointOf);
      const kind = runningColours[place] ?? 'other';
      const called = `run ${id}: ${name}, trial ${best.number}, ${parametersText(best.params)}`;
      return points === undefined ? [] : [{ ...best, name: called, points, kind }];
    });
    fill(key, ...lines.map(({ kind, name = '' }) => h('li', { class: kind }, name)));
    const epochs = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.[0] ?? 1));
    for (const [metric, chart] of charts) {
      const label = `${metric} of the winners of ${lines.length} experiments over epochs`;
      chart.show(
        label,
        () => curvesOption(lines, metric, 'search', epochs),
        curveTips(lines, metric, 'search'),
      );
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
      const letters = [...new Set(live.experiments.map(({ dataHash }) => dataHash))];
      fill(
        rows,
        ...live.experiments.toReversed().map((one) => row(one, letterOf(letters.indexOf(one.dataHash)))),
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

const pointOf = ({ epoch, evaluationAccuracy, evaluationLoss }: TrialAnswer['curve'][number]) =>
  [epoch, evaluationAccuracy, evaluationLoss] as const;

/** A, B, ... Z, then numbers. */
const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : String(index + 1);

function row(one: ExperimentNow, data: string): HTMLElement {
  const { id, name, state, counts, best, final, seconds } = one;
  const trials = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const ended = trials - counts.waiting - counts.running;
  const cells = [
    h('a', { href: `#/${id}` }, String(id)),
    name,
    badge(state),
    best && percent(best.accuracy),
    best && lossText(best.loss),
    shareText(final?.accuracy),
    best && h('a', { href: `#/${id}/trial/${best.id}` }, `${best.number}: ${parametersText(best.params)}`),
    ended === trials ? countText(trials) : `${countText(ended)} of ${countText(trials)}`,
    data,
    seconds === null ? '' : secondsText(seconds),
  ];
  return h('tr', {}, ...cells.map((cell) => h('td', {}, cell)));
}
