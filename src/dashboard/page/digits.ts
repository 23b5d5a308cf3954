/** A model to try: on a digit of one's own where it reads digits, and on the rows it was measured on, with those it misreads. */
import type { PicturesAnswer, TrialAnswer } from '../answers.ts';
import { card, fill, h } from './dom.ts';
import { getBytes, getJson } from './fetching.ts';
import { type Reading, readRows } from './mistakes.ts';
import { type Model, modelsOf } from './models.ts';
import type { Network } from './network.ts';
import { nameIn, showReading, titleOf } from './reading-card.ts';
import { ReadingFigures } from './reading-figures.ts';
import { type TryCard, tryCard } from './try-card.ts';
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
  readonly #reading = h('section', { class: 'card', 'aria-label': 'Mistakes' });
  readonly #figures = new ReadingFigures();
  #card: TryCard | undefined;
  #data: PicturesAnswer = { available: false, reason: '' };
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
    if (rows === 'digits' || (rows === 'pictures' && data.available))
      this.#card = tryCard(this.#context, data, this.#signal);
    const heading = { digits: 'Draw a digit', pictures: 'Try the model', table: 'The model' }[rows];
    fill(
      this.#element,
      card(heading, h('label', { class: 'model' }, 'model', choice), this.#card?.element),
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
    this.#card?.readBy(network);
    await this.#readAll(network, role === 'search' ? 'validation' : 'test', trial.replicate, turn);
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
      Array.from({ length: data.classes }, (_, label) => nameIn(this.#context, label)),
    );
  }
}
