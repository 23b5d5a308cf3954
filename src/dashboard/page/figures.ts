/** The report's figures, drawn on the page. */
import { h } from './dom.ts';
import type { Context, View } from './view.ts';

export function figures(_context: Context): View {
  return { element: h('section', { class: 'page card' }, 'soon'), update() {}, close() {} };
}
