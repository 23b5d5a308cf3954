/** All trials of the search as a table, to sort and to filter; the server does both, a page of rows at a time. */
import { isLikeWinner, markExplained } from '../../words/likeness.ts';
import type { SureLine, TrialsAnswer } from '../answers.ts';
import { combinations } from './combinations.ts';
import { fill, h, headed, scrolling } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Column, columnsOf } from './leaderboard-columns.ts';
import { filtersOf } from './leaderboard-filters.ts';
import { type Context, revisionOf, type View } from './view.ts';
import { countText } from './words.ts';

const pageSize = 100;
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
    scrolling('Trials', headed('board', heads, body)),
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

function row({ experiment }: Context, columns: readonly Column[], line: SureLine): HTMLElement {
  const cells = columns.map(({ cell, isMinor, sort }) =>
    h('td', { class: `${isMinor ? 'minor ' : ''}${sort ?? ''}` }, cell(line)),
  );
  const isWinner = experiment.front === null ? line.rank === 1 : line.front === 1;
  return h('tr', { class: isWinner ? 'winner' : undefined }, ...cells);
}
