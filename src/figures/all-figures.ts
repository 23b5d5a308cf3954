/** The figures of an experiment, in the order in which a person wants them; those with nothing to show are left out. */

import { wilsonInterval } from '../evidence/statistics.ts';
import { evaluationRows } from '../findings/definition.ts';
import type { NetworkFindings } from '../findings/findings.ts';
import { epochOf } from '../metric.ts';
import { spaceOf } from '../space/definition.ts';
import type { DoneTrial, Role } from '../trial.ts';
import { triedBy } from '../words/measures.ts';
import { confusionFigure } from './confusion.ts';
import { toldApart } from './curve-zoom.ts';
import { type Curves, curveFigure } from './curves.ts';
import { effectsFigure } from './effects.ts';
import type { Figure } from './figure.ts';
import { heatMapFigure } from './heat-map.ts';
import { type MisreadPictures, misreadPictures } from './misread-pictures.ts';
import { parallelFigure } from './parallel.ts';
import { type Comparison, publishedFigure } from './published.ts';
import type { Searched } from './searched.ts';
import { timeLineFigure } from './time-line.ts';

/** Undefined where there is nothing to show. */
export interface Figures {
  readonly accuracy: Figure | undefined;
  readonly loss: Figure | undefined;
  readonly heatMap: Figure | undefined;
  readonly effects: Figure | undefined;
  readonly parallel: Figure | undefined;
  readonly finalAccuracy: Figure | undefined;
  readonly finalLoss: Figure | undefined;
  readonly published: Figure | undefined;
  readonly confusion: Figure | undefined;
  readonly misread: MisreadPictures | undefined;
  readonly timeLine: Figure | undefined;
}

export function figuresOf(findings: NetworkFindings): Figures {
  const { done, experiment, trials, predictions } = findings;
  const known = predictions !== undefined && 'labels' in predictions ? predictions : undefined;
  const searched: Searched = {
    ...{ done, tried: triedBy(experiment) },
    space: findings.definition && spaceOf(findings.definition.space),
  };
  return {
    accuracy: curvesFigure(findings, 'search', 'accuracy'),
    loss: curvesFigure(findings, 'search', 'loss'),
    heatMap: heatMapFigure(searched),
    effects: effectsFigure(searched),
    parallel: parallelFigure(searched),
    finalAccuracy: curvesFigure(findings, 'final', 'accuracy'),
    finalLoss: curvesFigure(findings, 'final', 'loss'),
    published: publishedFigure(comparisonsOf(findings)),
    confusion: known && confusionFigure(known),
    misread: known && misreadPictures(known),
    timeLine: timeLineFigure(trials, findings),
  };
}

/** The curves of a phase; undefined where no epoch is finished. */
function curvesFigure(findings: NetworkFindings, role: Role, metric: Curves['metric']): Figure | undefined {
  const { curves, standings, final, done, experiment } = findings;
  const of = role === 'search' ? standings.map(({ trial }) => trial) : final === undefined ? [] : [final];
  const drawn = of.filter(({ id }) => (curves.get(id)?.length ?? 0) > 0);
  if (drawn.length === 0) return undefined;
  const lead: DoneTrial | undefined = role === 'search' ? done[0] : undefined;
  const withCurve = of.filter(({ state }) => state === 'done' || state === 'diverged').length;
  return curveFigure({
    name: experiment.name,
    role,
    metric,
    trials: drawn.map((trial) => ({ ...trial, curve: curves.get(trial.id) ?? [] })),
    notDrawn: withCurve - drawn.length,
    winner: lead && { number: lead.number, bestEpoch: lead.best.step },
    runnersUp: role === 'search' ? done.slice(1, toldApart).map(({ number }) => number) : [],
  });
}

function comparisonsOf({
  definition,
  done,
  final,
  finalInterval,
  experiment,
}: NetworkFindings): Comparison[] {
  const { validationAccuracy, testAccuracy } = definition?.published ?? {};
  const comparisons: Comparison[] = [];
  const rows = evaluationRows(definition, 'search');
  const [winner] = done;
  if (validationAccuracy !== undefined && winner !== undefined) {
    const ours = epochOf(experiment.metric, winner.best).evaluationAccuracy;
    const interval = rows === undefined ? undefined : wilsonInterval(ours, rows);
    comparisons.push({ what: 'validation accuracy', published: validationAccuracy, ours, interval });
  }
  if (testAccuracy !== undefined && final?.state === 'done') {
    const ours = epochOf(experiment.metric, final.last).evaluationAccuracy;
    comparisons.push({ what: 'test accuracy', published: testAccuracy, ours, interval: finalInterval });
  }
  return comparisons;
}
