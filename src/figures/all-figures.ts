/** The figures of an experiment, in the order in which a person wants them; those with nothing to show are left out. */

import { type Findings, hasCurve, knownNumbers, knownPredictions } from '../findings/findings.ts';
import { importancesOf } from '../findings/importances.ts';
import { spaceOf } from '../space/definition.ts';
import type { DoneTrial, Role } from '../trial.ts';
import type { Measure } from '../words/measures.ts';
import { bestSoFarFigure } from './best-so-far.ts';
import { confusionFigure } from './confusion.ts';
import { toldApart } from './curve-zoom.ts';
import { curveFigure } from './curves.ts';
import { effectsFigure } from './effects.ts';
import type { Figure } from './figure.ts';
import { heatMapFigure } from './heat-map.ts';
import { importancesFigure } from './importances.ts';
import { type MisreadPictures, misreadPictures } from './misread-pictures.ts';
import { parallelFigure } from './parallel.ts';
import { paretoFigure } from './pareto.ts';
import { predictedFigure } from './predicted.ts';
import { prunersFigure } from './pruners.ts';
import { comparisonsOf, publishedFigure } from './published.ts';
import { reliabilityFigure } from './reliability.ts';
import { residualsFigure } from './residuals.ts';
import { rocFigure } from './roc.ts';
import { endsOf, rungsFigure } from './rungs.ts';
import { scatterMatrixFigure } from './scatter-matrix.ts';
import { figureMeasures, type Searched } from './searched.ts';
import { timeLineFigure } from './time-line.ts';

export interface Figures {
  /** Of the search, one a metric, what decides first. */
  readonly curves: readonly Figure[];
  /** How the search went, beside its curves. */
  readonly search: readonly Figure[];
  /** What parameters do. */
  readonly parameters: readonly Figure[];
  readonly published: Figure | undefined;
  readonly finalCurves: readonly Figure[];
  /** What the final model makes of the test rows. */
  readonly predictions: readonly Figure[];
  readonly misread: MisreadPictures | undefined;
  readonly timeLine: Figure | undefined;
}

/** More targets than that are pictures that nobody looks at: the report's table has them all. */
const drawnTargets = 4;

export function figuresOf(findings: Findings): Figures {
  const { standings, trials, tried, replay } = findings;
  const searched = searchedOf(findings);
  const importances = importancesOf(searched);
  const order = importances.map(({ name }) => name);
  const known = knownPredictions(findings);
  const shown = (figures: readonly (Figure | undefined)[]) =>
    figures.filter((figure) => figure !== undefined);
  return {
    curves: curvesOf(findings, 'search'),
    search: shown([
      bestSoFarFigure(searched),
      paretoFigure(searched),
      rungsFigure(endsOf(standings.map(({ trial }) => trial)), tried.step),
      replay && prunersFigure(replay),
    ]),
    parameters: shown([
      importancesFigure(searched, importances),
      heatMapFigure(searched, pairOf(order)),
      effectsFigure(searched),
      parallelFigure(searched),
      scatterMatrixFigure(searched, order),
    ]),
    published: findings.kind === 'network' ? publishedFigure(comparisonsOf(findings)) : undefined,
    finalCurves: curvesOf(findings, 'final'),
    predictions: [
      ...(known === undefined
        ? []
        : shown([confusionFigure(known), rocFigure(known), reliabilityFigure(known)])),
      ...knownNumbers(findings)
        .slice(0, drawnTargets)
        .flatMap((target, place) => [predictedFigure(target, place), residualsFigure(target, place)]),
    ],
    misread: known && misreadPictures(known),
    timeLine: timeLineFigure(trials, findings, searched),
  };
}

const searchedOf = ({ done, tried, definition }: Findings): Searched => ({
  ...{ done, tried },
  space: spaceIn(definition),
});

const spaceIn = (definition: Findings['definition']) => definition && spaceOf(definition.space);

/** The two that matter most, where more than two are told apart. */
const pairOf = (order: readonly string[]): readonly [string, string] | undefined =>
  order.length > 2 ? [order[0] as string, order[1] as string] : undefined;

const curvesOf = (findings: Findings, role: Role): Figure[] =>
  figureMeasures(findings.tried)
    .map((measure) => curvesFigure(findings, role, measure))
    .filter((figure) => figure !== undefined);

/** The curves of a role; undefined where no step is finished, and for objectives where none has a second one. */
function curvesFigure(findings: Findings, role: Role, measure: Measure): Figure | undefined {
  const { reports, standings, final, done, experiment, tried, definition } = findings;
  const of = role === 'search' ? standings.map(({ trial }) => trial) : final === undefined ? [] : [final];
  const stepsOf = ({ id }: { readonly id: number }) => reports.get(id) ?? [];
  const drawn = of.filter((trial) => stepsOf(trial).length > 0);
  const fewest = tried.kind === 'network' ? 1 : 2;
  if (!drawn.some((trial) => stepsOf(trial).length >= fewest)) return undefined;
  const lead: DoneTrial | undefined = role === 'search' ? done[0] : undefined;
  const withCurve = of.filter(hasCurve);
  return curveFigure({
    ...{ name: experiment.name, role, tried, measure, space: spaceIn(definition) },
    trials: drawn.map((trial) => ({ ...trial, reports: stepsOf(trial) })),
    notDrawn: withCurve.length - drawn.length,
    winner: lead && { number: lead.number, bestStep: lead.best.step },
    runnersUp: role === 'search' ? done.slice(1, toldApart).map(({ number }) => number) : [],
  });
}
