/** The report's figures of a search, drawn anew when trials have ended. */
import { bestSoFarFigure } from '../../figures/best-so-far.ts';
import { effectsFigure } from '../../figures/effects.ts';
import type { Figure } from '../../figures/figure.ts';
import { heatMapFigure } from '../../figures/heat-map.ts';
import { importancesFigure } from '../../figures/importances.ts';
import { parallelFigure } from '../../figures/parallel.ts';
import { paretoFigure } from '../../figures/pareto.ts';
import { rungsFigure } from '../../figures/rungs.ts';
import { scatterMatrixFigure } from '../../figures/scatter-matrix.ts';
import type { Searched } from '../../figures/searched.ts';
import { timeLineFigure } from '../../figures/time-line.ts';
import type { TimedTrial } from '../../figures/time-line-bars.ts';
import type { DoneTrial } from '../../trial.ts';
import { parametersOf } from '../../words/parameters.ts';
import type { DoneColumns, FiguresAnswer } from '../answers.ts';
import { fill, h } from './dom.ts';
import { Kept } from './fetching.ts';
import { FigureCard } from './figure-card.ts';
import { PairChoice } from './pair-choice.ts';
import { type Context, experimentNow, revisionOf, triedIn, type View } from './view.ts';

export function figures(context: Context): View {
  const { experiment } = context;
  const tried = triedIn(context);
  const space = experiment.space ?? undefined;
  const words = (text: string) => h('p', { class: 'card quiet' }, text);
  const element = h('div', { class: 'page' }, words('Reading the trials ...'));
  const cards = new Map<string, FigureCard>();
  const pair = new PairChoice(() => draw());
  let answer: FiguresAnswer | undefined;
  const kept = new Kept<FiguresAnswer>(
    (found) => {
      answer = found;
      pair.offer(parametersOf(doneTrials(found.done)));
      pair.suggest(found.importances.map(({ name }) => name));
      draw();
    },
    (reason) => fill(element, h('p', { class: 'card fault' }, reason)),
  );
  function draw(): void {
    if (answer === undefined) return;
    const shown = figuresIn(context, { tried, space, done: doneTrials(answer.done) }, answer);
    if (shown.length === 0)
      fill(
        element,
        words(
          experimentNow(context)?.state === 'running'
            ? 'Figures appear once a trial is done.'
            : 'No trial is done: there is nothing to draw.',
        ),
      );
    if (shown.some(({ name }) => !cards.has(name))) {
      for (const { name } of shown)
        if (!cards.has(name)) cards.set(name, new FigureCard(name === 'heat-map' ? pair.element : undefined));
      fill(element, ...shown.map(({ name }) => cards.get(name)?.element));
    }
    for (const figure of shown) cards.get(figure.name)?.show(figure);
  }
  function figuresIn(
    { live }: Context,
    searched: Searched,
    { pruned, importances, done: columns, ...recorded }: FiguresAnswer,
  ): Figure[] {
    const { done } = searched;
    const trials = new Map<number, TimedTrial>(done.map((trial) => [trial.id, trial]));
    const [winner] = done;
    const { final } = live.experiments.find(({ id }) => id === experiment.id) ?? experiment;
    if (final && winner) trials.set(final.id, { ...winner, role: 'final', number: 1 });
    return [
      bestSoFarFigure(searched),
      paretoFigure(searched),
      rungsFigure({ done: columns.lastStep, pruned }, tried.step),
      importancesFigure(searched, importances),
      heatMapFigure(searched, pair.chosen()),
      parallelFigure(searched),
      effectsFigure(searched),
      scatterMatrixFigure(
        searched,
        importances.map(({ name }) => name),
      ),
      timeLineFigure(trials, recorded, searched),
    ].filter((figure) => figure !== undefined);
  }
  return {
    element,
    update: () => kept.want(`experiments/${experiment.id}/figures`, revisionOf(context)),
    close() {
      kept.close();
      for (const card of cards.values()) card.close();
    },
  };
}

/** As the report's figures take them. */
const doneTrials = (columns: DoneColumns): DoneTrial[] =>
  columns.id.map((id, i) => {
    const best = { step: columns.step[i] ?? 0, values: columns.values[i] ?? [] };
    return {
      ...{ id, number: columns.number[i] ?? 0, role: 'search', replicate: columns.replicate[i] ?? 0 },
      ...{ params: columns.params[i] as DoneTrial['params'], attempts: 1, seconds: columns.seconds[i] ?? 0 },
      ...{ state: 'done', best, last: best, key: '', artifacts: {} },
    };
  });
