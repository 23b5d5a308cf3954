/** The parameters that trials differ in, with their values in numeric order. */
import type { Params } from '../trial.ts';
import { parameterText } from './units.ts';

export interface Parameter {
  readonly name: keyof Params;
  /** As people say it: `learning rate`. */
  readonly title: string;
  /** Ascending, each once. */
  readonly values: readonly number[];
}

interface WithParams {
  readonly params: Params;
}

/** The parameters of some trials, in the order in which trials name them. */
export function parametersOf(trials: readonly WithParams[]): Parameter[] {
  const names = Object.keys(trials[0]?.params ?? {}) as (keyof Params)[];
  return names.map((name) => ({
    name,
    title: name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    values: [...new Set(trials.map(({ params }) => params[name]))].sort((a, b) => a - b),
  }));
}

/** More values than this are a range and no longer a choice: they share a colour, and their axis has ticks of its own. */
export const mostChoices = 12;

/** Groups of trials that share a colour: the values of the first parameter that has two to six of them. */
export class Groups {
  readonly #parameter: Parameter | undefined;

  constructor(parameters: readonly Parameter[], colours = 6) {
    this.#parameter = parameters.find(({ values }) => values.length > 1 && values.length <= colours);
  }

  /** Its place among the groups, undefined where trials are not grouped. */
  indexOf({ params }: WithParams): number | undefined {
    return this.#parameter?.values.indexOf(params[this.#parameter.name]);
  }

  nameOf({ params }: WithParams): string {
    return this.#parameter === undefined
      ? 'other trials'
      : `${this.#parameter.title} ${parameterText(params[this.#parameter.name])}`;
  }
}
