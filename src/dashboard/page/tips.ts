/**
 * What a figure has to say where it is pointed at: the nearest of its points, marked, with its text beside it.
 * Not here: the figure.
 */
import type { ECharts } from 'echarts';
import type { Tip } from '../../figures/figure.ts';
import { h } from './dom.ts';

/** Pixels from the pointer within which a tip is meant. */
const reach = 36;

/** The tips that may be meant by a place in the chart, in pixels; the nearest is shown. */
export type TipsAt = (chart: ECharts, x: number, y: number) => readonly Tip[];

export class Tips {
  readonly #box = h('p', { class: 'tip', 'aria-hidden': 'true' });
  readonly #dot = h('span', { class: 'tip-dot', 'aria-hidden': 'true' });
  readonly #element: HTMLElement;
  #at: TipsAt = () => [];
  #chart: ECharts | undefined;

  readonly #escape = ({ key }: KeyboardEvent) => key === 'Escape' && this.#hide(true);

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#hide(true);
    element.addEventListener('pointermove', (event) => this.#point(event));
    element.addEventListener('pointerdown', (event) => this.#point(event));
    element.addEventListener('pointerleave', () => this.#hide(true));
    // What lies below can be seen without moving the pointer away.
    addEventListener('keydown', this.#escape);
  }

  close(): void {
    removeEventListener('keydown', this.#escape);
  }

  tell(at: TipsAt): void {
    this.#at = at;
  }

  /** Stands over the chart once it has been drawn. */
  place(chart: ECharts): void {
    this.#chart = chart;
    this.#element.append(this.#dot, this.#box);
  }

  #hide(isHidden: boolean): void {
    this.#box.hidden = isHidden;
    this.#dot.hidden = isHidden;
  }

  #point({ clientX, clientY }: PointerEvent): void {
    const chart = this.#chart;
    if (chart === undefined) return;
    const { left, top, width } = this.#element.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    let nearest: { readonly x: number; readonly y: number; readonly text: string } | undefined;
    let least = reach;
    for (const { series, at, text } of this.#at(chart, x, y)) {
      const [atX = Number.NaN, atY = Number.NaN] =
        chart.convertToPixel({ seriesIndex: series }, [...at]) ?? [];
      const distance = Math.hypot(atX - x, atY - y);
      if (!(distance < least)) continue;
      least = distance;
      nearest = { x: atX, y: atY, text };
    }
    this.#hide(nearest === undefined);
    if (nearest === undefined) return;
    this.#box.textContent = nearest.text;
    const put = (element: HTMLElement, atX: number, atY: number) => {
      element.style.setProperty('left', `${atX}px`);
      element.style.setProperty('top', `${atY}px`);
    };
    put(this.#dot, nearest.x, nearest.y);
    put(this.#box, Math.max(0, Math.min(nearest.x, width - this.#box.offsetWidth)), nearest.y + 14);
  }
}
