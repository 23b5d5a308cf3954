/** What a model made of all rows: how many are right, which classes it confuses, and the pictures that it misreads. */
import { percent } from '../../words/units.ts';
import { confusionTable } from './confusion-table.ts';
import { fill, h } from './dom.ts';
import type { Available, Misread, Reading } from './mistakes.ts';
import { paint } from './picture.ts';
import type { Context } from './view.ts';
import { counted, countText } from './words.ts';

/** Misread pictures that are shown at once. */
const shownMisread = 48;

/** What a class is called. */
export const nameIn = ({ experiment }: Context, label: number): string =>
  experiment.classNames?.[label] ?? String(label);

export const titleOf = ({ experiment }: Context): string =>
  ({ digits: 'Misread digits', pictures: 'Misread pictures', table: 'Confusion matrix' })[experiment.rows];

export function showReading(
  section: HTMLElement,
  reading: Reading,
  rows: string,
  data: Available,
  context: Context,
): void {
  const name = (label: number) => nameIn(context, label);
  const share = percent(reading.right / reading.rows);
  const heading = [
    h('h2', {}, titleOf(context)),
    h(
      'p',
      {},
      `${countText(reading.right)} of ${countText(reading.rows)} ${rows} rows are read right: ${share}.`,
    ),
  ];
  if (context.experiment.rows === 'table') {
    fill(section, ...heading, confusionTable(reading, name));
    return;
  }
  const pictures = h('ul', { class: 'pictures' });
  const caption = h('p', { class: 'quiet', role: 'status' });
  const show = (label?: number, read?: number) => {
    const chosen = reading.misread.filter(
      (one) => label === undefined || (one.label === label && one.read === read),
    );
    // The surest mistakes first: they say most about the model.
    const sorted = [...chosen].sort((a, b) => b.certainty - a.certainty).slice(0, shownMisread);
    fill(pictures, ...sorted.map((one) => misreadItem(one, data, name)));
    const which = label === undefined ? 'misclassified' : `${name(label)} predicted as ${name(read ?? 0)}`;
    fill(
      caption,
      `${counted(chosen.length, 'picture')} ${which}, ${sorted.length < chosen.length ? `the ${sorted.length} surest` : 'the surest'} first.`,
      label === undefined ? false : ' ',
      label !== undefined && h('button', { type: 'button', onclick: () => show() }, 'Show all'),
    );
  };
  fill(
    section,
    ...heading,
    h('div', { class: 'misreading' }, confusionTable(reading, name, show), h('div', {}, caption, pictures)),
  );
  show();
}

function misreadItem(
  { row, label, read, certainty, pixels }: Misread,
  { rows, columns }: Available,
  name: (label: number) => string,
): HTMLElement {
  const [is, taken] = [name(label), name(read)];
  const canvas = h('canvas', { class: 'picture', role: 'img', 'aria-label': `${is} predicted as ${taken}` });
  if (pixels instanceof Uint8Array) paint(canvas, pixels, columns, rows);
  return h(
    'li',
    { title: `row ${row}, output ${certainty.toFixed(3)}` },
    canvas,
    h('span', { 'aria-hidden': 'true' }, `${is} → `, h('strong', {}, taken)),
  );
}
