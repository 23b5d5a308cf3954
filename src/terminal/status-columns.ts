/** The columns of the trials that run now or have finished last. */
import type { StatusRow } from '../findings/status.ts';
import { type Column, withDistinctKeys } from '../words/column.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import { deciding, type Measure, measureText, shortTitle, type Tried, valueIn } from '../words/measures.ts';
import { parameterColumns } from '../words/parameters.ts';
import { sparkline } from '../words/sparkline.ts';
import { printable } from '../words/text.ts';
import { stateColour, stateLine } from '../words/trial-state.ts';
import { durationText, timeText } from '../words/units.ts';

export const statusColumns = (tried: Tried, rows: readonly StatusRow[]): readonly Column<StatusRow>[] =>
  withDistinctKeys([
    {
      ...{ key: 'role', title: 'role', align: 'left', value: ({ trial }) => trial.role },
      visible: (rows) => rows.some(({ trial }) => trial.role === 'final'),
    },
    { key: 'trial', title: 'trial', align: 'right', value: ({ trial }) => trial.number },
    ...parameterColumns(rows, ({ trial }) => trial.params),
    {
      ...{ key: 'replicate', align: 'right', value: ({ trial }) => trial.replicate },
      title: tried.replicateName,
      visible: (rows) => rows.some(({ trial }) => trial.replicate > 0),
    },
    {
      ...{ key: 'state', title: 'state', align: 'left', value: ({ state }) => state },
      text: ({ trial, state }) => stateLine(trial, tried.step, state),
      paint: ({ trial }) => stateColour(trial),
    },
    {
      ...{ key: tried.step, title: tried.step, align: 'right', value: ({ report }) => report?.step ?? null },
      text: ({ report, live }) =>
        report === undefined
          ? ''
          : `${report.step}${live === undefined || live.epochs === 0 ? '' : `/${live.epochs}`}`,
      visible: (rows) => tried.kind === 'network' || rows.some(({ curve }) => curve.length > 1),
    },
    ...measureColumns(tried),
    {
      ...{ key: 'machine', title: 'machine', align: 'left', importance: 6 },
      value: ({ machine }) => machine ?? null,
      text: ({ machine }) => printable(machine ?? ''),
      visible: (rows) => rows.some(({ machine }) => machine !== undefined),
    },
    {
      ...{ key: 'rows', title: 'on', align: 'left', importance: 1 },
      value: ({ trial }) => (tried.kind === 'network' ? evaluationName(trial.role) : null),
      visible: () => tried.kind === 'network',
    },
    {
      ...{ key: 'seconds', title: 'time', align: 'right', importance: 4 },
      value: ({ trial }) => ('seconds' in trial ? trial.seconds : null),
      text: ({ trial, live }) =>
        'seconds' in trial ? timeText(trial.seconds) : live ? durationText(live.elapsed) : '',
      visible: (rows) =>
        rows.some(({ trial, live }) => live !== undefined || ('seconds' in trial && trial.seconds > 0)),
    },
    {
      ...{ key: 'secondsLeft', title: 'left', align: 'right', importance: 5 },
      value: ({ live }) => live?.left ?? null,
      text: ({ live }) => (typeof live?.left === 'number' ? durationText(live.left) : ''),
      visible: (rows) => rows.some(({ live }) => typeof live?.left === 'number'),
    },
    {
      ...{ key: 'curve', title: `${nameOf(tried, deciding(tried))} by ${tried.step}`, align: 'left' },
      ...{ importance: 2, forPeople: true, value: () => null },
      text: ({ curve }) =>
        sparkline(
          curve.map((report) => valueIn(deciding(tried), report)),
          16,
        ),
      visible: (rows) => rows.some(({ curve }) => curve.length > 1),
    },
  ]);

/** The one that decides first, which is never left out; of a network those of its evaluation rows, whichever these are. */
const measureColumns = (tried: Tried): Column<StatusRow>[] =>
  tried.measures.slice(0, tried.kind === 'network' ? 2 : undefined).map((measure) => ({
    ...{ key: nameOf(tried, measure, 'key'), title: nameOf(tried, measure), align: 'right' },
    ...(measure === deciding(tried) ? {} : { importance: 3 }),
    value: ({ report }) => (report === undefined ? null : valueIn(measure, report)),
    text: ({ report }) => (report === undefined ? '' : measureText(measure, valueIn(measure, report))),
  }));

const nameOf = (tried: Tried, measure: Measure, what: 'key' | 'title' = 'title'): string => {
  if (what === 'title') return shortTitle(tried, measure);
  return tried.kind === 'network' ? measure.written : measure.key;
};
