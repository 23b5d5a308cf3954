/** The filters above the table of trials: their state, and the values of their parameters, new ones too as they come up. */
import type { ParameterValues } from '../answers.ts';
import { fill, h } from './dom.ts';
import { type Context, stateNow, valuesOf, valueText } from './view.ts';
import { parameterName } from './words.ts';

const states = ['done', 'pruned', 'running', 'paused', 'waiting', 'diverged', 'failed', 'stopped'] as const;

/** What is sent to the server, and what a person reads. */
type Option = readonly [value: string, text: string];

export class Filters {
  readonly element = h('form', {
    class: 'filters',
    'aria-label': 'Filter',
    onsubmit: (event) => event.preventDefault(),
  });
  readonly #context: Context;
  readonly #changed: () => void;
  readonly #selects = new Map<string, HTMLSelectElement>();

  constructor(context: Context, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
    this.show([]);
  }

  /** @param parameters those with so few values that one may look for one of them */
  show(parameters: readonly ParameterValues[]): void {
    const stateOptions = states.map((state): Option => [state, stateNow(this.#context, { state })]);
    this.#offer('state', 'state', [['any', 'any'], ...stateOptions]);
    for (const { name, values } of parameters) {
      if (values.length < 2 || this.#isRange(name)) continue;
      // In the order of the space, where that lists them.
      const listed = valuesOf(this.#context, name).map((value) => JSON.stringify(value));
      const placed = values.toSorted(
        (a, b) => listed.indexOf(JSON.stringify(a)) - listed.indexOf(JSON.stringify(b)),
      );
      const options = placed.map(
        (value): Option => [JSON.stringify(value), valueText(this.#context, name, value)],
      );
      this.#offer(`is.${name}`, parameterName(name), [['', 'any'], ...options]);
    }
  }

  values(): [name: string, value: string][] {
    return [...this.#selects]
      .filter(([, { value }]) => value !== '')
      .map(([name, { value }]) => [name, value]);
  }

  /** Touched only where something has changed: it may be open in this moment. */
  #offer(name: string, title: string, options: readonly Option[]): void {
    const select = this.#selects.get(name) ?? h('select', { name, onchange: this.#changed });
    if (!this.#selects.has(name)) {
      this.#selects.set(name, select);
      this.element.append(h('label', {}, title, select));
    }
    const shown = [...select.options].map(({ value, text }): Option => [value, text]);
    if (JSON.stringify(shown) === JSON.stringify(options)) return;
    const chosen = select.value;
    fill(select, ...options.map(([value, text]) => h('option', { value }, text)));
    if (options.some(([value]) => value === chosen)) select.value = chosen;
  }

  #isRange(name: string): boolean {
    const domain = this.#context.experiment.space?.find((one) => one.name === name)?.parameter;
    return domain?.kind === 'float' && domain.step === undefined;
  }
}
