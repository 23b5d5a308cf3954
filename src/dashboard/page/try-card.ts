/** A network read on one picture: a digit of one's own where it reads digits, or one from the data. Not here: a table's rows. */
import { digitOfInk } from '../../data/digit.ts';
import { classOf } from '../../evidence/classified-rows.ts';
import type { PicturesAnswer } from '../answers.ts';
import { bar, fill, h } from './dom.ts';
import { drawingBoard } from './draw.ts';
import { getBytes } from './fetching.ts';
import { networkInput, picturesIn } from './mistakes.ts';
import { type Network, outputsOf } from './network.ts';
import { paint } from './picture.ts';
import { nameIn } from './reading-card.ts';
import type { Context } from './view.ts';

export interface TryCard {
  readonly element: HTMLElement;
  /** Reads by this network from now on. */
  readBy(network: Network): void;
}

export function tryCard(context: Context, data: PicturesAnswer, signal: AbortSignal): TryCard {
  const { id, pixels, rows: kind } = context.experiment;
  let network: Network | undefined;
  const outputsList = h('ol', { class: 'outputs', start: 0 });
  const answer = h('p', { class: 'read', role: 'status' });
  const seen = h('canvas', {
    class: 'picture',
    role: 'img',
    'aria-label': 'The picture as the network sees it',
  });
  const board = kind === 'digits' ? drawingBoard(readDrawn) : undefined;

  function size(): { rows: number; columns: number } {
    if (data.available) return data;
    const side = Math.round(Math.sqrt(network?.sizes[0] ?? 784));
    return { rows: side, columns: side };
  }

  function readDrawn(): void {
    show(board && digitOfInk(board.ink(), size()));
  }

  function show(picture: Uint8Array | undefined): void {
    const { rows, columns } = size();
    paint(seen, picture ?? new Uint8Array(rows * columns), columns, rows);
    if (network === undefined || network.sizes[0] !== rows * columns) return;
    const classes = network.sizes.at(-1) ?? 0;
    const outputs = picture && outputsOf(network, networkInput(picture, pixels));
    const read = outputs && classOf(outputs);
    fill(
      answer,
      ...(read === undefined
        ? [board ? 'Nothing drawn yet' : 'Nothing chosen yet']
        : ['predicted as ', h('strong', {}, nameIn(context, read))]),
    );
    fill(
      outputsList,
      ...Array.from({ length: classes }, (_, label) =>
        h(
          'li',
          { class: label === read ? 'chosen' : undefined },
          h('span', { class: 'digit' }, nameIn(context, label)),
          bar(outputs?.[label] ?? 0),
          h('span', { class: 'figure' }, outputs ? (outputs[label] ?? 0).toFixed(3) : ''),
        ),
      ),
    );
  }

  async function takeOne(): Promise<void> {
    if (!data.available) return;
    const rows = data.test > 0 ? 'test' : 'validation';
    const from = Math.floor(Math.random() * data[rows]);
    const [one] = picturesIn(
      await getBytes(`experiments/${id}/pictures?rows=${rows}&from=${from}&count=1`, signal),
      data,
    );
    board?.clear();
    if (!(one?.pixels instanceof Uint8Array)) return;
    show(one.pixels);
    answer.append(` (it is ${nameIn(context, one.label)})`);
  }

  const take = h('button', { type: 'button', onclick: () => void takeOne() }, 'Take one from the data');
  take.disabled = !data.available;
  const clear = board && h('button', { type: 'button', onclick: () => board.clear() }, 'Clear');
  const element = h(
    'div',
    { class: 'drawing' },
    h('div', {}, board?.element, h('div', { class: 'buttons' }, clear, take)),
    h(
      'div',
      { class: 'seen' },
      seen,
      answer,
      kind === 'digits' && h('p', { class: 'quiet' }, "Cropped, scaled and centred as MNIST's digits are."),
    ),
    outputsList,
  );
  return {
    element,
    readBy(chosen) {
      network = chosen;
      readDrawn();
    },
  };
}
