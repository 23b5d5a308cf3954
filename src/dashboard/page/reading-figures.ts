/** The report's figures of what a model made of all rows: ROC curves, and how far its outputs can be trusted. */
import { reliabilityFigure } from '../../figures/reliability.ts';
import { rocFigure } from '../../figures/roc.ts';
import { fill, h } from './dom.ts';
import { FigureCard } from './figure-card.ts';
import type { Reading } from './mistakes.ts';

export class ReadingFigures {
  readonly element = h('div', { class: 'page' });
  readonly #roc = new FigureCard();
  readonly #reliability = new FigureCard();

  /** @param classes their names, by label */
  show(reading: Reading, classes: readonly string[]): void {
    const classified = { ...reading.said, labels: reading.labels, classes };
    const roc = rocFigure(classified);
    // In the page first: a chart is as wide as where it stands.
    fill(this.element, roc && this.#roc.element, this.#reliability.element);
    if (roc) this.#roc.show(roc);
    this.#reliability.show(reliabilityFigure(classified));
  }

  /** While another model's rows are read. */
  clear(): void {
    fill(this.element);
  }

  close(): void {
    this.#roc.close();
    this.#reliability.close();
  }
}
