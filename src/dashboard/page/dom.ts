/**
 * Elements made in one call. Texts are always text, never markup: names come from the author of the database, who need not be trusted.
 * Not here: what any element means.
 */

type Child = Node | string | number | null | undefined | false;
type Properties = Readonly<Record<string, string | number | boolean | EventListener | undefined>>;

/** An element with attributes (on... are listeners, undefined and false are left out) and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...shownChildren(children));
  return element;
}

/** Puts `children` in the place of all that `parent` holds; a link that had the focus has it again. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  const focused = parent.contains(document.activeElement) && document.activeElement?.getAttribute('href');
  parent.replaceChildren(...shownChildren(children));
  if (focused) parent.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

const shownChildren = (children: readonly Child[]): (Node | string)[] =>
  children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : child));

/** A bar as long as its share (0 to 1) of the whole; for the eye alone, the number stands beside it. */
export function bar(share: number, kind = ''): HTMLElement {
  const element = h('span', { class: `bar ${kind}`, 'aria-hidden': 'true' }, h('span', {}));
  element.style.setProperty('--share', String(Math.max(0, Math.min(1, share))));
  return element;
}

/** A value with its name, as a tile. */
export function tile(name: string, value: Child, ...remarks: readonly Child[]): HTMLElement {
  return h('div', { class: 'tile' }, h('dt', {}, name), h('dd', {}, h('strong', {}, value), ...remarks));
}

/** A state as a word in its colour. */
export const badge = (state: string, text = state): HTMLElement =>
  h('span', { class: `badge ${state}` }, text);

/** A text in one line, of which a pointer shows the rest where it is cut. */
export const cut = (text: string): HTMLElement => h('span', { class: 'cut', title: text }, text);

/** A part of the page under a heading of its own. */
export const card = (heading: string, ...children: readonly Child[]): HTMLElement =>
  h('section', { class: 'card', 'aria-label': heading }, h('h2', {}, heading), ...children);

/** A table that scrolls by itself where it is wider than the page, by keyboard too. */
export const scrolling = (label: string, table: HTMLTableElement): HTMLElement =>
  h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, table);

/** A table with a line of heads (th) above its body (tbody). */
export const headed = (kind: string, heads: readonly HTMLElement[], body: HTMLElement): HTMLTableElement =>
  h('table', { class: kind }, h('thead', {}, h('tr', {}, ...heads)), body);
