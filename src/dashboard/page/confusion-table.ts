/** How often which class is read as which, as a table whose numbers can be chosen. Not here: the counts (mistakes.ts). */
import { h, scrolling } from './dom.ts';
import type { Reading } from './mistakes.ts';
import { counted, countText } from './words.ts';

/** @param show gets the chosen cell; without it no cell can be chosen */
export function confusionTable(
  { counts }: Reading,
  name: (label: number) => string,
  show?: (label: number, read: number) => void,
): HTMLElement {
  const most = Math.max(1, ...counts.flatMap((row, label) => row.filter((_, read) => read !== label)));
  const cell = (label: number, read: number, count: number) => {
    const element = h('td', { class: label === read ? 'right' : 'wrong' });
    element.style.setProperty('--share', String(label === read ? 1 : Math.sqrt(count / most)));
    if (label === read) element.append(countText(count));
    else if (count > 0 && show === undefined) element.append(countText(count));
    else if (count > 0)
      element.append(
        h(
          'button',
          {
            type: 'button',
            'aria-label': `${counted(count, 'picture')} of ${name(label)} predicted as ${name(read)}`,
            onclick: () => show?.(label, read),
          },
          count,
        ),
      );
    return element;
  };
  const heads = counts.map((_, read) => h('th', { scope: 'col' }, name(read)));
  const body = counts.map((row, label) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name(label)),
      ...row.map((count, read) => cell(label, read, count)),
    ),
  );
  return scrolling(
    'Confusion matrix',
    h(
      'table',
      { class: 'confusion' },
      h(
        'caption',
        {},
        `True classes (rows) and predicted classes (columns)${show ? '; choose a number to see its pictures' : ''}.`,
      ),
      h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
      h('tbody', {}, ...body),
    ),
  );
}
