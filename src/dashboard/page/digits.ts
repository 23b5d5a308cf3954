/** A model to try: on a digit of one's own where it reads digits, and on the rows it was measured on, with those it misreads. */

import { digitOfInk } from '../../data/digit.ts';
import type { Role } from '../../trial.ts';
import { percent } from '../../words/units.ts';
import type { PicturesAnswer, TrialAnswer, TrialsAnswer } from '../answers.ts';
import { bar, fill, h } from './dom.ts';
import { type DrawingBoard, drawingBoard } from './draw.ts';
import { getBytes, getJson } from './fetching.ts';
import {
  type Available,
  type Misread,
  networkInput,
  picturesIn,
  type Reading,
  readRows,
} from './mistakes.ts';
import { classOf, type Network, outputsOf } from './network.ts';
import { type Context, measuresIn, type View } from './view.ts';
import { counted, countText, parametersText } from './words.ts';

/** Misread pictures that are shown at once. */
const shownMisread = 48;

interface Model {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

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
  return { element, update() {}, close: () => closing.abort() };
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
      this.#models(trialId),
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
    );
    await this.#choose(chosen);
  }

  /** The final model, the one asked for, and the best ten of the search. */
  async #models(trialId: number | undefined): Promise<Model[]> {
    const { experiment } = this.#context;
    const path = `experiments/${experiment.id}/trials?state=done&sort=rank&count=10`;
    const { lines } = await getJson<TrialsAnswer>(path, this.#signal);
    const best = lines.map(({ id, number, values, params }): Model => {
      const name = `trial ${number}: ${accuracyIn(this.#context, values)}, ${parametersText(params)}`;
      return { id, name, role: 'search' };
    });
    const last: Model[] =
      experiment.final?.state === 'done'
        ? [
            {
              id: experiment.final.id,
              name: `final training: ${accuracyIn(this.#context, experiment.final.last?.values ?? null)} on test rows`,
              role: 'final',
            },
          ]
        : [];
    const known = [...last, ...best];
    if (trialId === undefined || known.some(({ id }) => id === trialId)) return known;
    const { trial } = await getJson<TrialAnswer>(`trials/${trialId}`, this.#signal);
    return [
      ...known,
      { id: trialId, name: `trial ${trial.number}: ${parametersText(trial.params)}`, role: trial.role },
    ];
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
    if (last) showReading(this.#reading, last, rows, data, this.#context);
  }
}

/** What a class is called. */
const nameIn = ({ experiment }: Context, label: number): string =>
  experiment.classNames?.[label] ?? String(label);

const titleOf = ({ experiment }: Context): string =>
  ({ digits: 'Misread digits', pictures: 'Misread pictures', table: 'Confusion matrix' })[experiment.rows];

function showReading(
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
    const which = label === undefined ? 'misread' : `${name(label)} read as ${name(read ?? 0)}`;
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
  const canvas = h('canvas', { class: 'picture', role: 'img', 'aria-label': `${is} read as ${taken}` });
  if (pixels instanceof Uint8Array) paint(canvas, pixels, columns, rows);
  return h(
    'li',
    { title: `row ${row}, output ${certainty.toFixed(3)}` },
    canvas,
    h('span', { 'aria-hidden': 'true' }, `${is} → `, h('strong', {}, taken)),
  );
}

function confusionTable(
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
            'aria-label': `${counted(count, 'picture')} of ${name(label)} read as ${name(read)}`,
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
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Confusion matrix' },
    h(
      'table',
      { class: 'confusion' },
      h(
        'caption',
        {},
        `True classes (rows) and what they are read as (columns)${show ? '; choose a number to see its pictures' : ''}.`,
      ),
      h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
      h('tbody', {}, ...body),
    ),
  );
}

/** Draws a picture, a canvas pixel a pixel; the style sheet makes it larger. */
function paint(canvas: HTMLCanvasElement, pixels: Uint8Array, columns: number, rows: number): void {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  for (const [at, value] of pixels.entries()) image.data.set([value, value, value, 255], 4 * at);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** A network's accuracy among the values of its report. */
function accuracyIn(context: Context, values: readonly number[] | null): string {
  const measure = measuresIn(context).find(({ written }) => written === 'accuracy');
  return percent(values?.[measure?.place ?? 0] ?? Number.NaN);
}
