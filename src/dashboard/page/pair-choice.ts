/** Which two parameters a map shows. Not here: the map (figures/heat-map.ts). */
import type { ParameterValues } from '../answers.ts';
import { h } from './dom.ts';
import { parameterName } from './words.ts';

export class PairChoice {
  readonly element: HTMLElement;
  readonly #selects: readonly [HTMLSelectElement, HTMLSelectElement];
  #shown: readonly [string, string] = ['', ''];
  #isChosen = false;

  /** @param changed called when a person has chosen */
  constructor(parameters: readonly ParameterValues[], changed: () => void) {
    const varied = parameters.filter(({ values }) => values.length > 1);
    const choose = () => {
      this.#isChosen = true;
      const [x, y] = this.#shown;
      // A parameter has no map with itself: whoever asks for the other axis's one turns the map.
      if (across.value === down.value) this.#show(y, x);
      else this.#show(across.value, down.value);
      changed();
    };
    const select = () =>
      h(
        'select',
        { onchange: choose },
        ...varied.map(({ name }) => h('option', { value: name }, parameterName(name))),
      );
    const [across, down] = [select(), select()];
    this.#selects = [across, down];
    this.element = h(
      'form',
      {
        class: 'filters',
        'aria-label': 'Parameters of the map',
        onsubmit: (event) => event.preventDefault(),
      },
      h('label', {}, 'across', across),
      h('label', {}, 'upwards', down),
    );
    // Until it is known which matter most, those with the most values.
    const [first, second] = varied.toSorted((a, b) => b.values.length - a.values.length);
    if (first !== undefined && second !== undefined) this.#show(first.name, second.name);
    // Of two there is nothing to choose.
    this.element.hidden = varied.length < 3;
  }

  /** The two that matter most, until a person has chosen. @param names of parameters, the most important first */
  suggest([first, second]: readonly string[]): void {
    if (this.#isChosen || first === undefined || second === undefined) return;
    this.#show(first, second);
    this.#isChosen = true;
  }

  #show(first: string, second: string): void {
    const [across, down] = this.#selects;
    this.#shown = [first, second];
    [across.value, down.value] = this.#shown;
  }

  /** Undefined where there is nothing to choose. */
  chosen(): readonly [string, string] | undefined {
    return this.element.hidden ? undefined : this.#shown;
  }
}
