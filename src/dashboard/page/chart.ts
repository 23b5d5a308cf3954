/**
 * Charts on the page: ECharts on a canvas, in the page's own colours, light or dark.
 * Not here: what a chart shows.
 */
import type { ECharts, EChartsOption } from 'echarts';
import { h } from './dom.ts';

/** Colours as the style sheet has them, read when a chart is drawn: they follow the system's light or dark. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const dark = matchMedia('(prefers-color-scheme: dark)');

export class Chart {
  readonly element: HTMLElement;
  #chart: ECharts | undefined;
  #option: (() => EChartsOption) | undefined;
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
    });
    void this.#open(onClick);
  }

  /** Shows what `option` gives, now and after a change of colours; `label` says it to whoever cannot see it. */
  show(label: string, option: () => EChartsOption): void {
    this.element.setAttribute('aria-label', label);
    const isFirst = this.#option === undefined;
    this.#option = option;
    this.#draw(isFirst);
  }

  close(): void {
    this.#isClosed = true;
    this.#resized.disconnect();
    dark.removeEventListener('change', this.#redraw);
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
    const option = themed(this.#option()) as EChartsOption;
    this.#chart.setOption(
      { animation: false, ...option },
      anew ? { notMerge: true } : { replaceMerge: ['series'] },
    );
    this.element.dataset['points'] = String(pointsIn(option));
  }
}

/** How much a chart shows, for whoever wants to see it grow without seeing it. */
function pointsIn({ series = [] }: EChartsOption): number {
  const list = Array.isArray(series) ? series : [series];
  return list.reduce((sum, { data }) => sum + (Array.isArray(data) ? data.length : 0), 0);
}

/** A chart of accuracy or loss under its name and unit. */
export const figure = (rows: string, metric: 'accuracy' | 'loss', { element }: Chart): HTMLElement =>
  h(
    'figure',
    {},
    h(
      'figcaption',
      {},
      `${rows} ${metric === 'accuracy' ? 'accuracy (%)' : 'loss (mean per row)'} over epochs`.trim(),
    ),
    element,
  );

/** The report draws on white paper; on the page its ink, greys and paper are the page's. */
function themed(value: unknown): unknown {
  const colours = new Map([
    ['#1a1a1a', colour('ink')],
    ['#444444', colour('quiet')],
    ['#9aa3ad', colour('faint')],
    ['#e3e6ea', colour('line')],
    ['#ffffff', colour('surface')],
  ]);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return colours.get(part) ?? part;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype)
      return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [
        key,
        key === 'data' && isNumbers(inner) ? inner : walk(inner),
      ]),
    );
  };
  return walk(value);
}

/** The points of a curve hold no colours, and there are many. */
const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && Array.isArray(value[0]) && typeof value[0][0] === 'number';
