/**
 * The experiments of the database side by side: what each has come to, and the curves of their winners.
 * Not here: one experiment (experiment.ts).
 */
import { ComparedTable } from './compared-table.ts';
import { h } from './dom.ts';
import type { Live } from './live.ts';
import type { View } from './view.ts';
import { WinnerCurves } from './winner-curves.ts';

export function compare(live: Live): View {
  const table = new ComparedTable();
  const curves = new WinnerCurves();
  let shown = '';
  return {
    element: h(
      'article',
      { class: 'page' },
      h('header', { class: 'head' }, h('h1', {}, 'Experiments side by side')),
      h(
        'section',
        { class: 'card', 'aria-label': 'Results' },
        h(
          'p',
          { class: 'quiet' },
          'Results of networks can be compared where the data is the same: it then has the same letter.',
        ),
        table.element,
      ),
      curves.element,
    ),
    update() {
      const mark = JSON.stringify(live.experiments.map(({ id, state, revision }) => [id, state, revision]));
      if (mark === shown) return;
      shown = mark;
      table.show(live.experiments);
      curves.show(live.experiments);
    },
    close: () => curves.close(),
  };
}
