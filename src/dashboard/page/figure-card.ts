/** A figure of the report as a card of the page, drawn for its width in its colours. */
import type { Figure, FigureTable } from '../../figures/figure.ts';
import { darkTheme, lightTheme, type Theme } from '../../figures/theme.ts';
import { Chart, colour, isDark } from './chart.ts';
import { fill, h, headed, scrolling } from './dom.ts';

export class FigureCard {
  readonly #title = h('h2', {});
  readonly #subtitle = h('p', { class: 'quiet' });
  readonly #chart = new Chart('figure');
  readonly #table = h('details', {});
  readonly element: HTMLElement;

  /** @param controls what a person can choose of it */
  constructor(controls?: HTMLElement) {
    this.element = h(
      'section',
      { class: 'card' },
      this.#title,
      this.#subtitle,
      controls,
      this.#chart.element,
      this.#table,
    );
  }

  show({ title, subtitle, height, option, tips, table }: Figure): void {
    fill(this.#title, title);
    fill(this.#subtitle, subtitle);
    this.element.setAttribute('aria-label', title);
    this.#table.hidden = table === undefined;
    if (table !== undefined) fill(this.#table, h('summary', {}, 'As a table'), tableOf(table, title));
    const { element } = this.#chart;
    this.#chart.show(
      `${title}: ${subtitle}`,
      (width) => {
        element.style.setProperty('height', `${height(width)}px`);
        return option({ theme: theme(), width });
      },
      () => tips,
    );
  }

  close(): void {
    this.#chart.close();
  }
}

/** The figure's numbers, for those who would rather read them or cannot see it. */
function tableOf({ head, rows }: FigureTable, title: string): HTMLElement {
  const heads = head.map((name) => h('th', { scope: 'col' }, name));
  const lines = rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell))));
  return scrolling(`${title}, as a table`, headed('board', heads, h('tbody', {}, ...lines)));
}

/** The report's colours on the page's own paper. */
const theme = (): Theme => ({ ...(isDark() ? darkTheme : lightTheme), paper: colour('surface') });
