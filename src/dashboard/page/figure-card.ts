/** A figure of the report as a card of the page, drawn for its width in its colours. */
import type { Figure } from '../../figures/figure.ts';
import { darkTheme, lightTheme, type Theme } from '../../figures/theme.ts';
import { Chart, colour, isDark } from './chart.ts';
import { fill, h } from './dom.ts';

export class FigureCard {
  readonly #title = h('h2', {});
  readonly #subtitle = h('p', { class: 'quiet' });
  readonly #chart = new Chart('figure');
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
    );
  }

  show({ title, subtitle, height, option, tips }: Figure): void {
    fill(this.#title, title);
    fill(this.#subtitle, subtitle);
    this.element.setAttribute('aria-label', title);
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

/** The report's colours on the page's own paper. */
const theme = (): Theme => ({ ...(isDark() ? darkTheme : lightTheme), paper: colour('surface') });
