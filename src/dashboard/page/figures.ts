/** The report's figures of a search, drawn anew when trials have ended. */

import { effectsFigure } from '../../figures/effects.ts';
import type { Figure } from '../../figures/figure.ts';
import { heatMapFigure } from '../../figures/heat-map.ts';
import { parallelFigure } from '../../figures/parallel.ts';
import type { Searched } from '../../figures/searched.ts';
import { darkTheme, lightTheme, type Theme } from '../../figures/theme.ts';
import { type TimedTrial, timeLineFigure } from '../../figures/time-line.ts';
import { type NetworkMetric, reportOf } from '../../metric.ts';
import type { DoneTrial } from '../../trial.ts';
import { networksBy } from '../../words/measures.ts';
import type { DoneColumns, FiguresAnswer } from '../answers.ts';
import { Chart, colour, isDark } from './chart.ts';
import { fill, h } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Context, revisionOf, type View } from './view.ts';

export function figures(context: Context): View {
  const { experiment, live } = context;
  const empty = h('p', { class: 'card quiet' }, 'Figures appear once a trial is done.');
  const element = h('div', { class: 'page' }, empty);
  const cards = new Map<string, FigureCard>();
  const kept = new Kept<FiguresAnswer>(
    ({ done: columns, ...recorded }) => {
      const done = doneTrials(columns, experiment.metric);
      const trials = new Map<number, TimedTrial>(done.map((trial) => [trial.id, trial]));
      const [winner] = done;
      const { final } = live.experiments.find(({ id }) => id === experiment.id) ?? experiment;
      if (final && winner) trials.set(final.id, { ...winner, role: 'final', number: 1 });
      const searched: Searched = { done, tried: networksBy(experiment.metric), space: undefined };
      const shown = [
        heatMapFigure(searched),
        parallelFigure(searched),
        effectsFigure(searched),
        timeLineFigure(trials, recorded),
      ].filter((figure) => figure !== undefined);
      if (shown.some(({ name }) => !cards.has(name))) {
        for (const { name } of shown) if (!cards.has(name)) cards.set(name, new FigureCard());
        fill(element, ...shown.map(({ name }) => cards.get(name)?.element));
      }
      for (const figure of shown) cards.get(figure.name)?.show(figure);
    },
    (reason) => fill(element, h('p', { class: 'card fault' }, reason)),
  );
  return {
    element,
    update: () => kept.want(`experiments/${experiment.id}/figures`, revisionOf(context)),
    close() {
      kept.close();
      for (const card of cards.values()) card.close();
    },
  };
}

class FigureCard {
  readonly #title = h('h2', {});
  readonly #subtitle = h('p', { class: 'quiet' });
  readonly #chart = new Chart('figure');
  readonly element = h('section', { class: 'card' }, this.#title, this.#subtitle, this.#chart.element);

  show({ title, subtitle, height, option, tips }: Figure): void {
    fill(this.#title, title);
    fill(this.#subtitle, subtitle);
    this.element.setAttribute('aria-label', title);
    const { element } = this.#chart;
    this.#chart.show(
      `${title}: ${subtitle}`,
      (width) => {
        element.style.setProperty('height', `${height(width)}px`);
        return option({ theme: theme(), width });
      },
      () => tips,
    );
  }

  close(): void {
    this.#chart.close();
  }
}

/** The report's colours on the page's own paper. */
const theme = (): Theme => ({ ...(isDark() ? darkTheme : lightTheme), paper: colour('surface') });

/** As the report's figures take them: of an epoch, they look at what was measured on the evaluation rows. */
function doneTrials(columns: DoneColumns, metric: NetworkMetric): DoneTrial[] {
  return columns.id.map((id, i) => {
    const { [i]: accuracy = Number.NaN } = columns.accuracy;
    const { [i]: loss = Number.NaN } = columns.loss;
    // In the order of measuredColumns.
    const best = reportOf(metric, columns.bestEpoch[i] ?? 0, [Number.NaN, Number.NaN, loss, accuracy]);
    return {
      ...{
        id,
        number: columns.number[i] ?? 0,
        role: 'search',
        replicate: columns.replicate[i] ?? 0,
        state: 'done',
      },
      ...{ params: columns.params[i] as DoneTrial['params'], attempts: 1, seconds: columns.seconds[i] ?? 0 },
      ...{ best, last: best, key: '', artifacts: {} },
    };
  });
}
