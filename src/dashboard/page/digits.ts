/** A model to try: on a digit of one's own where it reads digits, and on the rows it was measured on, with those it misreads. */

import { digitOfInk } from '../../data/digit.ts';
import { classOf } from '../../evidence/classified-rows.ts';
import type { PicturesAnswer, TrialAnswer } from '../answers.ts';
import { bar, fill, h } from './dom.ts';
import { type DrawingBoard, drawingBoard } from './draw.ts';
import { getBytes, getJson } from './fetching.ts';
import { networkInput, picturesIn, type Reading, readRows } from './mistakes.ts';
import { type Model, modelsOf } from './models.ts';
import { type Network, outputsOf } from './network.ts';
import { paint } from './picture.ts';
import { nameIn, showReading, titleOf } from './reading-card.ts';
import { ReadingFigures } from './reading-figures.ts';
import type { Context, View } from './view.ts';

export function digits(context: Context, trialId: number | undefined): View {
  const closing = new AbortController();
  const element = h('div', { class: 'page' }, h('p', { class: 'quiet' }, 'Loading the models ...'));
  const page = new Digits(context, closing.signal, element);
  page.open(trialId).catch((error: unknown) => {
    if (closing.signal.aborted) return;
    fill(
      element,
      h('p', { class: 'card fault', role: 'alert' }, error instanceof Error ? error.message : String(error)),
    );
  });
  return {
    element,
    update() {},
    close() {
      closing.abort();
      page.close();
    },
  };
}

class Digits {
  readonly #context: Context;
  readonly #signal: AbortSignal;
  readonly #element: HTMLElement;
  readonly #outputs = h('ol', { class: 'outputs', start: 0 });
  readonly #answer = h('p', { class: 'read', role: 'status' });
  readonly #seen = h('canvas', {
    class: 'picture',
    role: 'img',
    'aria-label': 'The picture as the network sees it',
  });
  readonly #reading = h('section', { class: 'card', 'aria-label': 'Mistakes' });
  readonly #figures = new ReadingFigures();
  #board: DrawingBoard | undefined;
  #data: PicturesAnswer = { available: false, reason: '' };
  #network: Network | undefined;
  /** Counts the models that were chosen: what belongs to an earlier one is dropped. */
  #turn = 0;

  constructor(context: Context, signal: AbortSignal, element: HTMLElement) {
    this.#context = context;
    this.#signal = signal;
    this.#element = element;
  }

  async open(trialId: number | undefined): Promise<void> {
    const { experiment } = this.#context;
    const [data, models] = await Promise.all([
      getJson<PicturesAnswer>(`experiments/${experiment.id}/data`, this.#signal),
      modelsOf(this.#context, trialId, this.#signal),
    ]);
    this.#data = data;
    const chosen = models.find(({ id }) => id === trialId) ?? models[0];
    if (chosen === undefined) {
      fill(
        this.#element,
        h('p', { class: 'card quiet' }, 'No trial is done yet, so there is no model to try.'),
      );
      return;
    }
    const options = models.map(({ id, name }) =>
      h('option', { value: id, selected: id === chosen.id }, name),
    );
    const choice = h('select', { id: 'model' }, ...options);
    choice.addEventListener('change', () => {
      const model = models.find(({ id }) => id === Number(choice.value));
      if (model) void this.#choose(model);
    });
    const { rows } = experiment;
    if (rows === 'digits') this.#board = drawingBoard(() => this.#classify());
    const take = h(
      'button',
      { type: 'button', onclick: () => void this.#takeOne() },
      'Take one from the data',
    );
    take.disabled = !data.available;
    const heading = { digits: 'Draw a digit', pictures: 'Try the model', table: 'The model' }[rows];
    const clear = h('button', { type: 'button', onclick: () => this.#board?.clear() }, 'Clear');
    const trying = h(
      'div',
      { class: 'drawing' },
      h(
        'div',
        {},
        this.#board ? this.#board.element : false,
        h('div', { class: 'buttons' }, this.#board !== undefined && clear, take),
      ),
      h(
        'div',
        { class: 'seen' },
        this.#seen,
        this.#answer,
        rows === 'digits' && h('p', { class: 'quiet' }, "Cropped, scaled and centred as MNIST's digits are."),
      ),
      this.#outputs,
    );
    fill(
      this.#element,
      h(
        'section',
        { class: 'card', 'aria-label': heading },
        h('h2', {}, heading),
        h('label', { class: 'model' }, 'model', choice),
        (rows === 'digits' || (rows === 'pictures' && data.available)) && trying,
      ),
      this.#reading,
      this.#figures.element,
    );
    await this.#choose(chosen);
  }

  close(): void {
    this.#figures.close();
  }

  async #choose({ id, role }: Model): Promise<void> {
    const turn = ++this.#turn;
    const kind = role === 'search' ? 'best' : 'last';
    const [{ trial, sizes, functions }, weights] = await Promise.all([
      getJson<TrialAnswer>(`trials/${id}`, this.#signal),
      getBytes(`trials/${id}/weights?kind=${kind}`, this.#signal),
    ]);
    if (turn !== this.#turn || sizes === null) return;
    const network = { ...functions, sizes, parameters: new Float32Array(weights) };
    this.#network = network;
    this.#classify();
    await this.#readAll(network, role === 'search' ? 'validation' : 'test', trial.replicate, turn);
  }

  #name(label: number): string {
    return nameIn(this.#context, label);
  }

  #size(): { rows: number; columns: number } {
    if (this.#data.available) return this.#data;
    const side = Math.round(Math.sqrt(this.#network?.sizes[0] ?? 784));
    return { rows: side, columns: side };
  }

  #classify(): void {
    this.#show(this.#board && digitOfInk(this.#board.ink(), this.#size()));
  }

  #show(picture: Uint8Array | undefined): void {
    const network = this.#network;
    if (this.#context.experiment.rows === 'table') return;
    const { rows, columns } = this.#size();
    paint(this.#seen, picture ?? new Uint8Array(rows * columns), columns, rows);
    if (network === undefined || network.sizes[0] !== rows * columns) return;
    const classes = network.sizes.at(-1) ?? 0;
    const outputs = picture && outputsOf(network, networkInput(picture, this.#context.experiment.pixels));
    const read = outputs && classOf(outputs);
    fill(
      this.#answer,
      ...(read === undefined
        ? [this.#board ? 'Nothing drawn yet' : 'Nothing chosen yet']
        : ['read as ', h('strong', {}, this.#name(read))]),
    );
    fill(
      this.#outputs,
      ...Array.from({ length: classes }, (_, digit) =>
        h(
          'li',
          { class: digit === read ? 'chosen' : undefined },
          h('span', { class: 'digit' }, this.#name(digit)),
          bar(outputs?.[digit] ?? 0),
          h('span', { class: 'figure' }, outputs ? (outputs[digit] ?? 0).toFixed(3) : ''),
        ),
      ),
    );
  }

  async #takeOne(): Promise<void> {
    const data = this.#data;
    if (!data.available) return;
    const rows = data.test > 0 ? 'test' : 'validation';
    const from = Math.floor(Math.random() * data[rows]);
    const path = `experiments/${this.#context.experiment.id}/pictures?rows=${rows}&from=${from}&count=1`;
    const [one] = picturesIn(await getBytes(path, this.#signal), data);
    this.#board?.clear();
    if (!(one?.pixels instanceof Uint8Array)) return;
    this.#show(one.pixels);
    this.#answer.append(` (it is ${this.#name(one.label)})`);
  }

  async #readAll(
    network: Network,
    rows: 'validation' | 'test',
    replicate: number,
    turn: number,
  ): Promise<void> {
    const data = this.#data;
    if (!data.available) {
      fill(this.#reading, h('h2', {}, titleOf(this.#context)), h('p', { class: 'quiet' }, data.reason));
      return;
    }
    let last: Reading | undefined;
    this.#figures.clear();
    for await (const reading of readRows(
      this.#context.experiment.id,
      ...([network, data, rows, replicate, this.#signal] as const),
    )) {
      if (turn !== this.#turn) return;
      last = reading;
      if (reading.rows < data[rows])
        fill(
          this.#reading,
          h('h2', {}, titleOf(this.#context)),
          h('progress', { max: data[rows], value: reading.rows, 'aria-label': 'Rows read' }),
        );
    }
    if (last === undefined) return;
    showReading(this.#reading, last, rows, data, this.#context);
    this.#figures.show(
      last,
      Array.from({ length: data.classes }, (_, label) => this.#name(label)),
    );
  }
}
