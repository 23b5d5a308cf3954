/** What a chart of curves shows: which metric, of which rows, and the lines with their names. Not here: how it is drawn. */
import type { Params, Role } from '../../trial.ts';
import { evaluationName } from '../../words/evaluation-name.ts';
import type { Measure, Tried } from '../../words/measures.ts';
import type { CurvePoint } from '../answers.ts';
import type { RunningColour } from './curve-colours.ts';
import { parametersText } from './words.ts';

/** What a chart shows: one of the metrics that are drawn, which is at `place` of them. */
export interface Plotted {
  readonly tried: Tried;
  readonly measures: readonly Measure[];
  readonly place: number;
  readonly role: Role;
}

export const measureIn = ({ measures, place }: Plotted): Measure => measures[place] as Measure;

/** What a trial's own line is called: after a network's rows, else after the metric. */
export const rowsOf = (plotted: Plotted): string =>
  plotted.tried.kind === 'network' ? evaluationName(plotted.role) : measureIn(plotted).title;

export interface Line {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  /** What it is called where that is not its number and parameters. */
  readonly name?: string;
  readonly points: readonly CurvePoint[];
  readonly kind: 'best' | 'other' | RunningColour;
}

export const nameOf = ({ number, params, name }: Line, role: Role): string =>
  name !== undefined
    ? name
    : role === 'final'
      ? 'final training'
      : `trial ${number}: ${parametersText(params)}`;
