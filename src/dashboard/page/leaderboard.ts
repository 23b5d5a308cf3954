/** All trials of the search as a table, to sort and to filter; the server does both, a page of rows at a time. */
import { isLikeWinner, likenessText, markExplained } from '../../words/likeness.ts';
import { countedStep, deciding, type Measure, measureText } from '../../words/measures.ts';
import { intervalText, secondsText } from '../../words/units.ts';
import type { ExperimentAnswer, SureLine, TrialsAnswer } from '../answers.ts';
import { combinations } from './combinations.ts';
import { badge, bar, fill, h } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Context, revisionOf, stateNow, triedIn, type View } from './view.ts';
import { countText, parameterName, valueText } from './words.ts';

const pageSize = 100;
/** More values than this are a range: nobody looks for one of them. */
const mostChoices = 60;

interface Column {
  /** What the server calls it: a heading to sort by. */
  readonly sort?: string;
  readonly title: string;
  /** Whether more is better: the first click then sorts from the top. */
  readonly isDescending?: boolean;
  /** Left out on narrow screens. */
  readonly isMinor?: boolean;
  readonly cell: (line: SureLine) => Node | string;
}

export function leaderboard(context: Context): View {
  const { experiment } = context;
  const columns = columnsOf(context);
  let sort = { by: 'rank', isDescending: false };
  let from = 0;
  const filters = filtersOf(context, () => {
    from = 0;
    update();
  });
  const body = h('tbody', {});
  const explained = h('p', { class: 'quiet minor' }, markExplained);
  const count = h('p', { class: 'quiet', role: 'status' });
  const heads = columns.map((column) => {
    const { sort: by } = column;
    const press = () => {
      if (by === undefined) return;
      const again = sort.by === by;
      sort = { by, isDescending: again ? !sort.isDescending : column.isDescending === true };
      from = 0;
      update();
    };
    return h(
      'th',
      { scope: 'col', class: column.isMinor ? 'minor' : undefined },
      by === undefined ? column.title : h('button', { type: 'button', onclick: press }, column.title),
    );
  });
  const turn = (by: number) => () => {
    from = Math.max(0, from + by);
    update();
  };
  const before = h('button', { type: 'button', onclick: turn(-pageSize) }, 'Previous');
  const after = h('button', { type: 'button', onclick: turn(pageSize) }, 'Next');
  const kept = new Kept<TrialsAnswer>(
    ({ total, lines }) => {
      explained.hidden = !lines.some(({ p }) => isLikeWinner({ p: p ?? undefined }));
      fill(body, ...lines.map((line) => row(context, columns, line)));
      fill(
        count,
        total === 0
          ? 'No trial matches.'
          : `${countText(from + 1)} to ${countText(from + lines.length)} of ${countText(total)} trials`,
      );
      before.disabled = from === 0;
      after.disabled = from + lines.length >= total;
      for (const [index, head] of heads.entries()) {
        if (columns[index]?.sort === sort.by)
          head.setAttribute('aria-sort', sort.isDescending ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      }
    },
    (reason) => {
      fill(body);
      fill(count, reason);
    },
  );
  function update(): void {
    const order = sort.isDescending ? 'descending' : 'ascending';
    const query = new URLSearchParams({ sort: sort.by, order, from: String(from), count: String(pageSize) });
    for (const [name, value] of filters.values()) query.set(name, value);
    kept.want(`experiments/${experiment.id}/trials?${query}`, revisionOf(context));
  }
  const combined = combinations(context);
  const trials = h(
    'section',
    { class: 'card', 'aria-label': 'Leaderboard' },
    filters.element,
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Trials' },
      h('table', { class: 'board' }, h('thead', {}, h('tr', {}, ...heads)), body),
    ),
    explained,
    h('div', { class: 'pager' }, count, before, after),
  );
  const element = h('div', { class: 'page' }, combined?.element, trials);
  return {
    element,
    update() {
      combined?.update();
      update();
    },
    close() {
      combined?.close();
      kept.close();
    },
  };
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
  const isMinor = isTraining || (place !== deciding(tried).place && tried.kind === 'objective');
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

function columnsOf(context: Context): Column[] {
  const { experiment } = context;
  const tried = triedIn(context);
  const state: Column = {
    sort: 'state',
    title: 'state',
    cell: ({ state, remark }) =>
      h(
        'span',
        { title: remark ?? undefined },
        badge(stateNow(context, state), stateText(stateNow(context, state), remark)),
      ),
  };
  // Many parameters would push it out of sight, as they would what decides.
  const isEarly = tried.kind === 'objective';
  const measured = tried.measures.flatMap((measure) => measureColumns(measure, context));
  const early = isEarly ? [state, ...measured.slice(0, 1)] : [];
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
    ...shownParameters(experiment).map((name) => ({
      sort: `parameter.${name}`,
      title: parameterName(name),
      cell: ({ params }: SureLine) => valueText(params[name]),
    })),
    ...(experiment.isReplicated
      ? [{ title: tried.replicateName, cell: ({ replicate }: SureLine) => String(replicate) }]
      : []),
    ...measured.slice(isEarly ? 1 : 0),
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
      cell: ({ seconds }) => (seconds === null ? '' : secondsText(seconds)),
    },
    ...(isEarly ? [] : [state]),
  ];
}

/** Those in which trials may differ, also where the first ones do not; all where none does. */
function shownParameters({ space, parameters }: ExperimentAnswer): string[] {
  // In the order in which trials name them, which the recorded space does not keep.
  const names = [...new Set([...parameters, ...(space ?? [])].map(({ name }) => name))];
  const varied = names.filter((name) => {
    const domain = space?.find((one) => one.name === name)?.parameter;
    const values =
      domain?.kind === 'choice' ? domain.values : parameters.find((one) => one.name === name)?.values;
    return values === undefined || values.length > 1 || (domain !== undefined && domain.kind !== 'choice');
  });
  return varied.length > 0 ? varied : names;
}

/** Of a pruned trial with its step. */
const stateText = (state: string, remark: string | null): string =>
  state === 'pruned' && remark !== null ? `${state} ${remark}` : state;

function row({ experiment }: Context, columns: readonly Column[], line: SureLine): HTMLElement {
  const cells = columns.map(({ cell, isMinor, sort }) =>
    h('td', { class: `${isMinor ? 'minor ' : ''}${sort ?? ''}` }, cell(line)),
  );
  const isWinner = experiment.front === null ? line.rank === 1 : line.front === 1;
  return h('tr', { class: isWinner ? 'winner' : undefined }, ...cells);
}

function filtersOf({ experiment }: Context, changed: () => void) {
  const select = (name: string, title: string, values: readonly (readonly [string, string])[]) => {
    const options = values.map(([value, text]) => h('option', { value }, text));
    const element = h('select', { name, onchange: changed }, ...options);
    return { name, element, label: h('label', {}, title, element) };
  };
  const isRange = (name: string) => {
    const domain = experiment.space?.find((one) => one.name === name)?.parameter;
    return domain?.kind === 'float' && domain.step === undefined;
  };
  const states = [
    ...['any', 'done', 'pruned', 'running', 'paused', 'waiting', 'diverged', 'failed', 'stopped'],
  ].map((s) => [s, s] as const);
  const selects = [
    select('state', 'state', states),
    ...experiment.parameters
      .filter(({ name, values }) => values.length > 1 && values.length <= mostChoices && !isRange(name))
      .map(({ name, values }) =>
        select(`is.${name}`, parameterName(name), [
          ['', 'any'],
          ...values.map((value) => [JSON.stringify(value), valueText(value)] as const),
        ]),
      ),
  ];
  return {
    element: h(
      'form',
      { class: 'filters', 'aria-label': 'Filter', onsubmit: (event) => event.preventDefault() },
      ...selects.map(({ label }) => label),
    ),
    values: () =>
      selects
        .filter(({ element }) => element.value !== '')
        .map(({ name, element }) => [name, element.value] as const),
  };
}
