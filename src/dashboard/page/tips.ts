/**
 * What a figure has to say where it is pointed at: the nearest of its tips, as text beside the pointer.
 * Not here: the figure.
 */
import type { ECharts } from 'echarts';
import type { Tip } from '../../report/figures/figure.ts';
import { h } from './dom.ts';

/** Pixels from the pointer within which a tip is meant. */
const reach = 36;

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export class Tips {
  readonly #box = h('p', { class: 'tip', 'aria-hidden': 'true' });
  readonly #element: HTMLElement;
  #tips: readonly Tip[] = [];
  #placed: readonly Placed[] = [];

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#box.hidden = true;
    element.addEventListener('pointermove', (event) => this.#point(event));
    element.addEventListener('pointerleave', () => {
      this.#box.hidden = true;
    });
  }

  tell(tips: readonly Tip[]): void {
    this.#tips = tips;
  }

  /** Works out where each tip lies, after the chart has been drawn. */
  place(chart: ECharts): void {
    this.#element.append(this.#box);
    this.#placed = this.#tips.flatMap(({ series, at, text }) => {
      const [x, y] = chart.convertToPixel({ seriesIndex: series }, [...at]) ?? [];
      return x === undefined || y === undefined ? [] : [{ x, y, text }];
    });
  }

  #point({ clientX, clientY }: PointerEvent): void {
    const { left, top, width } = this.#element.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const nearest = this.#placed.reduce<{ tip: Placed | undefined; distance: number }>(
      (best, tip) => {
        const distance = Math.hypot(tip.x - x, tip.y - y);
        return distance < best.distance ? { tip, distance } : best;
      },
      { tip: undefined, distance: reach },
    ).tip;
    this.#box.hidden = nearest === undefined;
    if (nearest === undefined) return;
    this.#box.textContent = nearest.text;
    this.#box.style.setProperty(
      'left',
      `${Math.max(0, Math.min(nearest.x, width - this.#box.offsetWidth))}px`,
    );
    this.#box.style.setProperty('top', `${nearest.y + 14}px`);
  }
}
