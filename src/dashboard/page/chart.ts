/**
 * Charts on the page: ECharts on a canvas, in the page's own colours, light or dark.
 * Not here: what a chart shows.
 */
import type { ECharts, EChartsOption } from 'echarts';
import type { Measure, Tried } from '../../words/measures.ts';
import { h } from './dom.ts';
import { Tips, type TipsAt } from './tips.ts';

/** Colours as the style sheet has them, read when a chart is drawn: they follow the system's light or dark. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const dark = matchMedia('(prefers-color-scheme: dark)');
export const isDark = (): boolean => dark.matches;

export class Chart {
  readonly element: HTMLElement;
  #chart: ECharts | undefined;
  #option: ((width: number) => EChartsOption) | undefined;
  #width = 0;
  #tips: Tips | undefined;
  #isClosed = false;
  readonly #resized: ResizeObserver;
  readonly #redraw = () => this.#draw(true);

  /** @param onClick is given the id of the series that was clicked */
  constructor(className: string, onClick?: (seriesId: string) => void) {
    this.element = document.createElement('div');
    this.element.className = `chart ${className}`;
    this.element.setAttribute('role', 'img');
    this.#resized = new ResizeObserver(() => {
      this.#chart?.resize();
      // A figure that is laid out for its width is laid out anew, also one that was drawn before it stood on the page.
      const { clientWidth } = this.element;
      if (clientWidth > 0 && clientWidth !== this.#width) this.#draw(true);
    });
    void this.#open(onClick);
  }

  /** Shows what `option` gives, now and after a change of colours; `label` describes it to a screen reader. */
  show(label: string, option: (width: number) => EChartsOption, tips?: TipsAt): void {
    this.element.setAttribute('aria-label', label);
    const isFirst = this.#option === undefined;
    this.#option = option;
    if (tips !== undefined) {
      this.#tips ??= new Tips(this.element);
      this.#tips.tell(tips);
    }
    this.#draw(isFirst);
  }

  close(): void {
    this.#isClosed = true;
    this.#resized.disconnect();
    dark.removeEventListener('change', this.#redraw);
    this.#tips?.close();
    this.#chart?.dispose();
  }

  /** ECharts is a megabyte: whatever is text has been painted by then. */
  async #open(onClick?: (seriesId: string) => void): Promise<void> {
    const { init } = await import('echarts/dist/echarts.esm.min.mjs');
    if (this.#isClosed) return;
    this.#chart = init(this.element, null, { renderer: 'canvas' });
    this.#chart.on('click', ({ seriesId }) => {
      if (seriesId !== undefined) onClick?.(seriesId);
    });
    dark.addEventListener('change', this.#redraw);
    this.#resized.observe(this.element);
    this.#draw(true);
  }

  #draw(anew: boolean): void {
    if (this.#chart === undefined || this.#option === undefined) return;
    this.#width = this.element.clientWidth;
    const option = this.#option(this.#width);
    this.#chart.setOption(
      { animation: false, ...option },
      anew ? { notMerge: true } : { replaceMerge: ['series'] },
    );
    this.#tips?.place(this.#chart);
    this.element.dataset['points'] = String(pointsIn(option));
  }
}

/** How much a chart shows, for tests that watch it grow. */
function pointsIn({ series = [] }: EChartsOption): number {
  const list = Array.isArray(series) ? series : [series];
  return list.reduce((sum, { data }) => sum + (Array.isArray(data) ? data.length : 0), 0);
}

/** A chart of a metric under its name and unit. */
export const figure = (caption: string, { element }: Chart): HTMLElement =>
  h('figure', {}, h('figcaption', {}, caption), element);

/** `validation accuracy (%) over epochs`; without rows of its own where a chart shows more than one kind. */
export function captionOf(tried: Tried, { written, title }: Measure, rows: string): string {
  const units = {
    accuracy: 'accuracy (%)',
    loss: 'loss (mean per row)',
    rmse: 'RMSE',
    r2: 'R²',
    number: title,
  };
  return `${tried.kind === 'network' ? rows : ''} ${units[written]} over ${tried.step}s`.trim();
}
