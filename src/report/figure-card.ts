/** A figure on the page: drawn for wide and for narrow screens, with its numbers as a table and its tips. */
import { type Drawing, drawFigure, usualWidth } from '../figures/chart.ts';
import type { Figure } from '../figures/figure.ts';
import { type Html, html, none, trusted } from './html.ts';

/** CSS pixels of a figure on a wide page and on a telephone; in between, the wide one shrinks. */
const widths = { large: usualWidth, small: 332 };

/** What the points of one drawing have to say; the page's script reads it. */
export interface TipList {
  readonly drawing: string;
  readonly points: Drawing['points'];
  readonly texts: readonly string[];
}

/** The figure, drawn for each size of screen: labels keep their size, and only one drawing is shown. */
export async function figureCard(figure: Figure, tips: TipList[]): Promise<Html> {
  const texts = figure.tips.map(({ text }) => text);
  const draw = async (size: keyof typeof widths): Promise<Html> => {
    const id = `${figure.name}-${size}`;
    const { svg, points } = await drawFigure(figure, widths[size]);
    if (texts.length > 0) tips.push({ drawing: id, points, texts });
    return html`<div class="drawing ${size}" id="${id}">${trusted(svg)}</div>`;
  };
  const drawings = [await draw('large'), await draw('small')];
  return html`<figure class="card" id="${figure.name}"><figcaption><h3>${figure.title}</h3><p class="words">${figure.subtitle}</p></figcaption>
${drawings}${figureTable(figure)}</figure>`;
}

/** The figure's numbers, for those who would rather read them or cannot see it. */
function figureTable({ table, title }: Figure): Html {
  if (table === undefined) return none;
  const head = table.head.map((name) => html`<th scope="col">${name}</th>`);
  const rows = table.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<details><summary>As a table</summary><div class="scrolls" tabindex="0" role="region" aria-label="${title}, as a table"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
