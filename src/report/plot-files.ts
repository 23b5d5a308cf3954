/** The pictures of one experiment by file name: learning curve and accuracy curve of each phase that has trials. */
import type { Results } from '../store/results.ts';
import type { Phase } from '../trial.ts';
import { type CurveFigure, curveSvg } from './curves.ts';

export interface PlotFile {
  readonly name: string;
  readonly svg: string;
}

const metrics = [
  { metric: 'loss', file: 'learning-curve' },
  { metric: 'accuracy', file: 'accuracy-curve' },
] as const;

/** Draws every picture of the experiment; none for a phase without a finished epoch. */
export async function plotFiles(
  results: Results,
  experiment: { id: number; name: string },
): Promise<PlotFile[]> {
  const files: PlotFile[] = [];
  for (const phase of [1, 2] as const) {
    const figure = figureOf(results, experiment, phase);
    if (figure.trials.every(({ curve }) => curve.length === 0)) continue;
    for (const { metric, file } of metrics) {
      files.push({ name: `phase${phase}-${file}.svg`, svg: await curveSvg({ ...figure, metric }) });
    }
  }
  return files;
}

function figureOf(
  results: Results,
  { id, name }: { id: number; name: string },
  phase: Phase,
): Omit<CurveFigure, 'metric'> {
  const trials = results.trials(id).filter((trial) => trial.phase === phase);
  const lead = phase === 1 ? results.ranked(id)[0] : trials.at(-1);
  return {
    name,
    phase,
    trials: trials.map((trial) => ({ ...trial, curve: results.curve(trial.id) })),
    winner: lead?.state === 'done' ? { number: lead.number, bestEpoch: lead.best.epoch } : undefined,
  };
}
