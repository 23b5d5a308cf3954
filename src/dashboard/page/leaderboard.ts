/** All trials of the search as a table, to sort and to filter; the server does both, a page of rows at a time. */
import { isLikeWinner, markExplained } from '../../words/likeness.ts';
import type { SureLine, TrialsAnswer } from '../answers.ts';
import { combinations } from './combinations.ts';
import { fill, h, headed, scrolling } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Column, columnsOf } from './leaderboard-columns.ts';
import { Filters } from './leaderboard-filters.ts';
import { type Context, experimentNow, revisionOf, type View } from './view.ts';
import { countText } from './words.ts';

const pageSize = 100;

export class LeaderboardView implements View {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #columns: readonly Column[];
  readonly #heads: readonly HTMLElement[];
  readonly #filters: Filters;
  readonly #combinations: View | undefined;
  readonly #body = h('tbody', {});
  readonly #explained = h('p', { class: 'quiet minor' }, markExplained);
  readonly #count = h('p', { class: 'quiet', role: 'status' });
  readonly #before = h('button', { type: 'button', onclick: () => this.#turn(-pageSize) }, 'Previous');
  readonly #after = h('button', { type: 'button', onclick: () => this.#turn(pageSize) }, 'Next');
  readonly #kept: Kept<TrialsAnswer>;
  #sort = { by: 'rank', isDescending: false };
  /** The first row that is shown, counted from 0. */
  #from = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#columns = columnsOf(context);
    this.#heads = this.#columns.map((column) => this.#headOf(column));
    this.#filters = new Filters(context, () => this.#fromStart());
    this.#combinations = combinations(context);
    this.#kept = new Kept<TrialsAnswer>(
      (answer) => this.#show(answer),
      (reason) => {
        fill(this.#body);
        fill(this.#count, reason);
      },
    );
    const trials = h(
      'section',
      { class: 'card', 'aria-label': 'Leaderboard' },
      this.#filters.element,
      scrolling('Trials', headed('board', this.#heads, this.#body)),
      this.#explained,
      h('div', { class: 'pager' }, this.#count, this.#before, this.#after),
    );
    this.element = h('div', { class: 'page' }, this.#combinations?.element, trials);
  }

  update(): void {
    this.#combinations?.update();
    this.#ask();
  }

  close(): void {
    this.#combinations?.close();
    this.#kept.close();
  }

  #headOf(column: Column): HTMLElement {
    const { title, sort, isDescending = false } = column;
    const press = () => {
      if (sort === undefined) return;
      const isAgain = this.#sort.by === sort;
      this.#sort = { by: sort, isDescending: isAgain ? !this.#sort.isDescending : isDescending };
      this.#fromStart();
    };
    return h(
      'th',
      { scope: 'col', class: classOf(column) },
      sort === undefined ? title : h('button', { type: 'button', onclick: press }, title),
    );
  }

  #turn(by: number): void {
    this.#from = Math.max(0, this.#from + by);
    this.#ask();
  }

  #fromStart(): void {
    this.#from = 0;
    this.#ask();
  }

  #ask(): void {
    const { by, isDescending } = this.#sort;
    const query = new URLSearchParams({
      ...{ sort: by, order: isDescending ? 'descending' : 'ascending' },
      ...{ from: String(this.#from), count: String(pageSize) },
    });
    for (const [name, value] of this.#filters.values()) query.set(name, value);
    const { id } = this.#context.experiment;
    this.#kept.want(
      `experiments/${id}/trials?${query}`,
      `${revisionOf(this.#context)} ${experimentNow(this.#context)?.ready}`,
    );
  }

  #show({ total, lines, parameters }: TrialsAnswer): void {
    this.#filters.show(parameters);
    const [first, last] = [this.#from + 1, this.#from + lines.length];
    this.#explained.hidden = !lines.some(({ p }) => isLikeWinner({ p: p ?? undefined }));
    fill(this.#body, ...lines.map((line) => row(this.#context, this.#columns, line)));
    const shown = `${countText(first)} to ${countText(last)} of ${countText(total)} trials`;
    fill(this.#count, total === 0 ? 'No trial matches.' : shown);
    this.#before.disabled = this.#from === 0;
    this.#after.disabled = last >= total;
    const order = this.#sort.isDescending ? 'descending' : 'ascending';
    for (const [index, head] of this.#heads.entries()) {
      if (this.#columns[index]?.sort === this.#sort.by) head.setAttribute('aria-sort', order);
      else head.removeAttribute('aria-sort');
    }
  }
}

const classOf = ({ isMinor = false, isText = false }: Column): string =>
  `${isMinor ? 'minor' : ''} ${isText ? 'text' : ''}`;

function row({ experiment }: Context, columns: readonly Column[], line: SureLine): HTMLElement {
  const cells = columns.map((column) =>
    h('td', { class: `${classOf(column)} ${column.sort ?? ''}` }, column.cell(line)),
  );
  const isWinner = experiment.front === null ? line.rank === 1 : line.front === 1;
  return h('tr', { class: isWinner ? 'winner' : undefined }, ...cells);
}
