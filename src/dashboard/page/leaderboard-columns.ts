/** The columns of the table of trials: what each shows, and what the server calls it to sort by. */
import { likenessText } from '../../words/likeness.ts';
import { countedStep, deciding, type Measure, measureText } from '../../words/measures.ts';
import { intervalText, timeText } from '../../words/units.ts';
import type { SureLine } from '../answers.ts';
import { badge, bar, cut, h } from './dom.ts';
import { type Context, stateNow, triedIn, valuesOf, valueText } from './view.ts';
import { parameterName } from './words.ts';

export interface Column {
  /** What the server calls it: a heading to sort by. */
  readonly sort?: string;
  readonly title: string;
  /** Whether more is better: the first click then sorts from the top. */
  readonly isDescending?: boolean;
  /** Left out on narrow screens. */
  readonly isMinor?: boolean;
  /** Whether it holds words, which begin at the left. */
  readonly isText?: boolean;
  readonly cell: (line: SureLine) => Node | string;
}

function measureColumns(measure: Measure, context: Context): Column[] {
  const tried = triedIn(context);
  const { key, title, written, place, goal } = measure;
  const isTraining = tried.kind === 'network' && key.startsWith('training');
  if (isTraining && written !== 'accuracy') return [];
  const cell = ({ values }: SureLine) => {
    const value = values?.[place];
    if (value === undefined) return '';
    const text = measureText(measure, value);
    return written === 'accuracy' && !isTraining ? h('span', { class: 'measured' }, bar(value), text) : text;
  };
  const { front } = context.experiment;
  const isJudged = front === null ? place === deciding(tried).place : front.metrics.includes(title);
  const isMinor = isTraining || (tried.kind === 'objective' && !isJudged);
  const isDescending = goal === 'maximise' || isTraining;
  const own: Column = { sort: `metric.${place}`, title, isDescending, isMinor, cell };
  return key === 'validationAccuracy' && tried.kind === 'network' ? [own, ...sureColumns] : [own];
}

const sureColumns: readonly Column[] = [
  {
    title: '95 % interval',
    isMinor: true,
    cell: ({ interval }) => (interval === null ? '' : intervalText(interval)),
  },
  { title: 'p against winner', isMinor: true, cell: ({ p }) => likenessText(p ?? undefined) },
];

export function columnsOf(context: Context): Column[] {
  const { experiment } = context;
  const tried = triedIn(context);
  const state: Column = {
    sort: 'state',
    title: 'state',
    isText: true,
    cell: (line) => {
      const state = stateNow(context, line);
      const reason = line.state === 'failed' && line.remark?.split('\n')[0];
      const told = reason && h('div', { class: 'quiet' }, cut(reason));
      return h('div', {}, badge(state, stateText(state, line)), told);
    },
  };
  // Many parameters would push it out of sight, as they would what decides.
  const isEarly = tried.kind === 'objective';
  const measured = tried.measures.flatMap((measure) => measureColumns(measure, context));
  const judged = measured.filter(({ isMinor }) => !isMinor);
  const early = isEarly ? [state, ...judged] : [];
  return [
    experiment.front === null
      ? { sort: 'rank', title: 'rank', cell: ({ rank }) => String(rank ?? '') }
      : { sort: 'rank', title: 'front', cell: ({ front }) => String(front ?? '') },
    {
      sort: 'number',
      title: 'trial',
      cell: ({ id, number }) => h('a', { href: `#/${experiment.id}/trial/${id}` }, String(number)),
    },
    ...early,
    ...shownParameters(context).map((name) => ({
      sort: `parameter.${name}`,
      title: parameterName(name),
      isText: valuesOf(context, name).some((value) => typeof value !== 'number'),
      cell: ({ params }: SureLine) => cut(valueText(context, name, params[name])),
    })),
    ...(experiment.isReplicated
      ? [{ title: tried.replicateName, cell: ({ replicate }: SureLine) => String(replicate) }]
      : []),
    ...(isEarly ? measured.filter(({ isMinor }) => isMinor) : measured),
    {
      sort: 'step',
      title: countedStep(tried),
      isMinor: true,
      cell: ({ step }) => String(step ?? ''),
    },
    {
      sort: 'seconds',
      title: 'time',
      isMinor: true,
      cell: ({ seconds }) => (seconds === null ? '' : timeText(seconds)),
    },
    ...(isEarly ? [] : [state]),
  ];
}

/** Those in which trials may differ, also where the first ones do not; all where none does. */
function shownParameters(context: Context): string[] {
  const { space, parameters } = context.experiment;
  // In the order in which trials name them, which the recorded space does not keep.
  const names = [...new Set([...parameters, ...(space ?? [])].map(({ name }) => name))];
  const varied = names.filter((name) => {
    const domain = space?.find((one) => one.name === name)?.parameter;
    return valuesOf(context, name).length !== 1 || (domain !== undefined && domain.kind !== 'choice');
  });
  return varied.length > 0 ? varied : names;
}

/** Of a pruned trial with its step, of a copy with the trial whose result it has. */
function stateText(state: string, { remark, copyOf }: SureLine): string {
  const text = state === 'pruned' && remark !== null ? `${state} ${remark}` : state;
  return copyOf === null ? text : `${text}, copy of ${copyOf}`;
}
