/** Which two parameters a map shows. Not here: the map (figures/heat-map.ts). */
import type { ParameterValues } from '../answers.ts';
import { fill, h } from './dom.ts';
import { parameterName } from './words.ts';

export class PairChoice {
  readonly element: HTMLElement;
  readonly #selects: readonly [HTMLSelectElement, HTMLSelectElement];
  #shown: readonly [string, string] = ['', ''];
  #isChosen = false;

  /** @param changed called when a person has chosen */
  constructor(changed: () => void) {
    const choose = () => {
      this.#isChosen = true;
      const [x, y] = this.#shown;
      // A parameter has no map with itself: choosing the other axis's parameter swaps the axes.
      if (across.value === down.value) this.#show(y, x);
      else this.#show(across.value, down.value);
      changed();
    };
    const [across, down] = [h('select', { onchange: choose }), h('select', { onchange: choose })];
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
  }

  /** Those in which trials differ can be chosen, more as more trials are done. */
  offer(parameters: readonly ParameterValues[]): void {
    const varied = parameters.filter(({ values }) => values.length > 1);
    // Of two there is nothing to choose.
    this.element.hidden = varied.length < 3;
    if (varied.length === this.#selects[0].length) return;
    for (const select of this.#selects)
      fill(select, ...varied.map(({ name }) => h('option', { value: name }, parameterName(name))));
    // Until it is known which matter most, those with the most values.
    const [first, second] = varied.toSorted((a, b) => b.values.length - a.values.length);
    if (this.#isChosen) this.#show(...this.#shown);
    else if (first !== undefined && second !== undefined) this.#show(first.name, second.name);
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
