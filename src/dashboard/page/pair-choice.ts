/** Which two parameters a map shows. Not here: the map (figures/heat-map.ts). */
import type { ParameterValues } from '../answers.ts';
import { h } from './dom.ts';
import { parameterName } from './words.ts';

export class PairChoice {
  readonly element: HTMLElement;
  readonly #selects: readonly [HTMLSelectElement, HTMLSelectElement];
  #isChosen = false;

  /** @param changed called when a person has chosen */
  constructor(parameters: readonly ParameterValues[], changed: () => void) {
    const varied = parameters.filter(({ values }) => values.length > 1);
    const choose = () => {
      this.#isChosen = true;
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
    // Of two there is nothing to choose.
    this.element.hidden = varied.length < 3;
  }

  /** The two that matter most, until a person has chosen. @param names of parameters, the most important first */
  suggest([first, second]: readonly string[]): void {
    if (this.#isChosen || first === undefined || second === undefined) return;
    const [across, down] = this.#selects;
    across.value = first;
    down.value = second;
    this.#isChosen = true;
  }

  /** Undefined where nobody has chosen: the map shows the two with the most values. */
  chosen(): readonly [string, string] | undefined {
    const [across, down] = this.#selects;
    return this.#isChosen && !this.element.hidden && across.value !== down.value
      ? [across.value, down.value]
      : undefined;
  }
}
