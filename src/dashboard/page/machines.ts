/** The machines of a run, a row each; hidden where there is one. Not here: what is counted of them (findings/machines.ts). */
import { machineColumns } from '../../findings/machine-columns.ts';
import type { MachineLine } from '../../findings/machines.ts';
import { card, fill, h, scrolling } from './dom.ts';

export class MachinesCard {
  readonly #table = h('table', { class: 'board machines' });
  readonly element = card('Machines', scrolling('Machines as a table', this.#table));

  show(lines: readonly MachineLine[]): void {
    this.element.hidden = lines.length === 0;
    if (lines.length === 0) return;
    const columns = machineColumns.filter(({ visible }) => visible?.(lines) ?? true);
    const heads = columns.map(({ title, align }) => h('th', { scope: 'col', class: classOf(align) }, title));
    const rows = lines.map((line) =>
      h(
        'tr',
        {},
        ...columns.map(({ align, text, value }) =>
          h('td', { class: classOf(align) }, String(text?.(line) ?? value(line) ?? '')),
        ),
      ),
    );
    fill(this.#table, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows));
  }
}

const classOf = (align: 'left' | 'right'): string | undefined => (align === 'left' ? 'text' : undefined);
