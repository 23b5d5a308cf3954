/**
 * Learning curves of one metric: what trials had come to at each step.
 * Not here: the lines (curve-lines.ts), their axes (curve-panels.ts), drawing (chart.ts), and which trial has won.
 */
import type { Space } from '../space/space.ts';
import { type Params, phaseOf, type Report, type Role, type Trial } from '../trial.ts';
import {
  type Measure,
  measureText,
  onTrainingRows,
  shortTitle,
  type Tried,
  titleIn,
  valueIn,
} from '../words/measures.ts';
import { cut, printable } from '../words/text.ts';
import { countText, settingsText } from '../words/units.ts';
import { zoomedAccuracyAxis } from './axes.ts';
import { drawnLines, leadOf } from './curve-lines.ts';
import { curveOption, plotHeight, zoomOf } from './curve-panels.ts';
import { toldApart, zoomHeight } from './curve-zoom.ts';
import type { Figure, Tip } from './figure.ts';
import { curveLegend } from './legend.ts';
import { lightTheme } from './theme.ts';

/** A trial with what it has reported, the first first. */
export interface CurveTrial {
  readonly number: number;
  readonly params: Params;
  readonly replicate: number;
  readonly state: Trial['state'];
  readonly reports: readonly Report[];
}

export interface Curves {
  /** The experiment's name. */
  readonly name: string;
  readonly role: Role;
  readonly tried: Tried;
  readonly measure: Measure;
  /** Where the definition can be read. */
  readonly space?: Space | undefined;
  /** Every trial of the role that is to be drawn, the best first; one of the final training. */
  readonly trials: readonly CurveTrial[];
  /** How many there are beside them. */
  readonly notDrawn?: number;
  /** The trial drawn in ink with its training curve, and the step of its model; none while nothing has won. */
  readonly winner?: { readonly number: number; readonly bestStep: number } | undefined;
  /** Numbers of the next best trials, drawn broader and named. */
  readonly runnersUp?: readonly number[];
}

/** The figure of some curves. */
export function curveFigure(curves: Curves): Figure {
  return {
    name: nameOf(curves),
    title: title(curves),
    subtitle: subtitle(curves),
    height: (width) =>
      plotHeight(width) +
      70 +
      legendHeight(curves, width) +
      (zoomOf(curves) === undefined ? 0 : zoomHeight(width, plotHeight(width))),
    option: (look) => curveOption(curves, look),
    tips: tipsOf(curves),
    ...tableOf(curves),
  };
}

/** A file's name: those of the network's are of the first version. */
function nameOf({ role, tried, measure }: Curves): string {
  if (tried.kind === 'network')
    return `phase${phaseOf[role]}-${measure.written === 'loss' ? 'learning' : measure.written}-curve`;
  const word = measure.key.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  // Names of other letters than these may become equal.
  return `${role}-${word.replace(/^-|-$/g, '') || 'metric'}-${measure.place + 1}-curve`;
}

/** Does not depend on colours, so any theme will do. */
const legendHeight = (curves: Curves, width: number): number => {
  const look = { theme: lightTheme, width };
  return curveLegend(drawnLines(curves, look), look).height;
};

function title({ name, role, tried, measure }: Curves): string {
  const of = role === 'search' ? 'search' : 'final training';
  const kind = measure.written === 'loss' ? 'learning curve' : `${shortTitle(tried, measure)} curve`;
  return `${cut(printable(name), 50)}: ${kind} of the ${of}`;
}

/** The result in one sentence, so that no label has to stand among the lines. */
function subtitle(curves: Curves): string {
  const { role, tried, measure, trials, winner, notDrawn } = curves;
  const { step } = tried;
  const lead = leadOf(curves);
  const last = lead?.reports.at(-1);
  if (trials.length === 0) return `no trial has finished ${step === 'epoch' ? 'an epoch' : 'a step'}`;
  if (lead === undefined || last === undefined) return `${countText(trials.length)} trials, no winner`;
  const what = titleIn(tried, measure, role);
  const text = (report: Report) => measureText(measure, valueIn(measure, report));
  if (role === 'final')
    return `${settingsText(lead, tried, 'final')}: ${what} ${text(last)} after ${step} ${last.step}`;
  const best = lead.reports.find((report) => report.step === winner?.bestStep) ?? last;
  const all = trials.length;
  const drawn = notDrawn ? `; ${countText(all)} of ${countText(all + notDrawn)} trials are drawn` : '';
  const pruned = trials.some(({ state }) => state === 'pruned')
    ? '; pruned trials are faint and end where they were pruned'
    : '';
  return `winner: trial ${lead.number} (${settingsText(lead, tried)}), ${what} ${text(best)} at ${tried.kind === 'network' ? 'its best epoch,' : step} ${best.step}${drawn}${pruned}`;
}

/** The leading trial, some twenty of its steps. */
function tableOf(curves: Curves): Pick<Figure, 'table'> {
  const { role, tried, measure } = curves;
  const lead = leadOf(curves);
  if (lead === undefined) return {};
  const columns = [onTrainingRows(tried, measure), measure].filter((one) => one !== undefined);
  const every = Math.ceil(lead.reports.length / 20);
  const shown = lead.reports.filter((_, i) => i % every === 0 || i === lead.reports.length - 1);
  return {
    table: {
      head: [tried.step, ...columns.map((column) => titleIn(tried, column, role))],
      rows: shown.map((report) => [
        String(report.step),
        ...columns.map((column) => measureText(column, valueIn(column, report))),
      ]),
    },
  };
}

/** More lines than this cannot be told apart by pointing at them. */
const mostTipped = 16;

function tipsOf(curves: Curves): Tip[] {
  const { trials, role, tried, measure } = curves;
  const tips = (of: readonly CurveTrial[], series: number, isShown: (value: number) => boolean): Tip[] =>
    of.flatMap((trial) =>
      trial.reports.flatMap((report) => {
        const value = valueIn(measure, report);
        if (!Number.isFinite(value) || !isShown(value)) return [];
        const who =
          role === 'search' ? `trial ${trial.number}, ${settingsText(trial, tried)}` : 'final training';
        const text = `${who}\n${tried.step} ${report.step}: ${titleIn(tried, measure, role)} ${measureText(measure, value)}`;
        return [{ series, at: [report.step, value] as const, text }];
      }),
    );
  // All lines of a panel share the same two axes: any series will do.
  const whole = tips(trials.slice(0, mostTipped), 0, () => true);
  const zoom = zoomOf(curves);
  if (zoom === undefined) return whole;
  const { min, max } = zoomedAccuracyAxis(zoom);
  const drawn = drawnLines(curves, { theme: lightTheme, width: 0 }).length;
  const isInside = (value: number) => min <= value && value <= max;
  return [...whole, ...tips(trials.slice(0, toldApart), drawn, isInside)];
}
