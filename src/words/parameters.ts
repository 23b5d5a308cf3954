/**
 * The parameters that trials differ in: their names, the values that came up, and the columns of tables that show them.
 * Not here: how one value is written (units.ts).
 */
import type { Space } from '../space/space.ts';
import { identityOf } from '../space/value-identity.ts';
import type { Params, Value } from '../trial.ts';
import type { Cell, Column } from './column.ts';
import { cut } from './display-width.ts';
import { absent, parameterTitle, paramsText, valueText } from './units.ts';

export interface Parameter {
  readonly name: string;
  /** As people say it: `learning rate`. */
  readonly title: string;
  /** Each once: numbers ascending, anything else in the order of the space, or in which it first came up. */
  readonly values: readonly Value[];
  /** Whether all of them are numbers. */
  readonly isNumeric: boolean;
  /** Whether it does not apply to some of the trials. */
  readonly isConditional: boolean;
}

export interface WithParams {
  readonly params: Params;
}

/** The names of all parameters, in the order in which trials name them: one that stands after another stays behind it. */
export function parameterNames(trials: readonly WithParams[]): string[] {
  const names: string[] = [];
  const known = new Set<string>();
  for (const { params } of trials) {
    let place = 0;
    for (const name of Object.keys(params)) {
      if (known.has(name)) place = names.indexOf(name) + 1;
      else {
        names.splice(place++, 0, name);
        known.add(name);
      }
    }
  }
  return names;
}

/** The parameters of some trials, in the order in which trials name them. @param space where it is known */
export function parametersOf(trials: readonly WithParams[], space?: Space): Parameter[] {
  return parameterNames(trials).map((name) => {
    const found = new Map<unknown, Value>();
    let isConditional = false;
    for (const { params } of trials) {
      const value = params[name];
      if (value === undefined) isConditional = true;
      else found.set(identityOf(value), value);
    }
    const listed = listOf(space, name).filter((value) => found.has(identityOf(value)));
    const values = ascending(listed.length === found.size ? listed : [...found.values()]);
    return { name, title: parameterTitle(name), values, isNumeric: areNumbers(values), isConditional };
  });
}

const areNumbers = (values: readonly Value[]): values is readonly number[] =>
  values.every((value) => typeof value === 'number');

const ascending = (values: readonly Value[]): readonly Value[] =>
  areNumbers(values) ? values.toSorted((a, b) => a - b) : values;

/** The values that the space lists for a parameter; none of a range, and where nothing is known of it. */
function listOf(space: Space | undefined, name: string): readonly Value[] {
  const parameter = space?.find((one) => one.name === name)?.parameter;
  return parameter?.kind === 'choice' ? parameter.values : [];
}

/** The place of a trial's value among a parameter's values; undefined where it does not apply. */
export function placeIn({ name, values, isNumeric }: Parameter, { params }: WithParams): number | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (isNumeric) return values.indexOf(value);
  return values.findIndex((own) => identityOf(own) === identityOf(value));
}

/**
 * The columns that show the parameters of a table's rows: people see those in which rows differ, and commonText() says the
 * others once.
 */
export const parameterColumns = <Row>(rows: readonly Row[], paramsOf: (row: Row) => Params): Column<Row>[] =>
  parametersOf(rows.map((row) => ({ params: paramsOf(row) }))).map((parameter) => ({
    ...{ key: parameter.name, title: parameter.title, align: parameter.isNumeric ? 'right' : 'left' },
    visible: (shown) => shown.length < 2 || isVaried(parameter),
    value: (row) => cellOf(paramsOf(row)[parameter.name]),
    json: (row) => paramsOf(row)[parameter.name] ?? null,
    text: (row) => {
      const value = paramsOf(row)[parameter.name];
      return value === undefined ? absent : textAmong(parameter, value);
    },
  }));

/** What all of several trials have in common, which columns do not say: `all with solver qr, scale true`; empty where nothing. */
export function commonText(trials: readonly WithParams[]): string {
  const common = trials.length < 2 ? [] : parametersOf(trials).filter((parameter) => !isVaried(parameter));
  if (common.length === 0) return '';
  return `all with ${paramsText(Object.fromEntries(common.map(({ name, values }) => [name, values[0] as Value])))}`;
}

/** A value as tables of data hold it; lists as JSON. */
export const cellOf = (value: Value | undefined): Cell => {
  if (value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
};

/** More values than this are a range and no longer a choice: they share a colour, and their axis has ticks of its own. */
export const mostChoices = 12;

/** Its values in words, and last a place for trials to which it does not apply. */
export const labelsOf = (parameter: Parameter): string[] => [
  ...parameter.values.map((value) => textAmong(parameter, value)),
  ...(parameter.isConditional ? [absent] : []),
];

/** One of its values in words: a text that looks like another value of it, as "1" beside 1, stands in quotes. */
export function textAmong({ values }: Pick<Parameter, 'values'>, value: Value): string {
  const text = valueText(value);
  const isLikeAnother =
    typeof value === 'string' && values.some((one) => one !== value && valueText(one) === text);
  return isLikeAnother ? JSON.stringify(value) : text;
}

/** Whether trials differ in it. */
export const isVaried = (parameter: Parameter): boolean => labelsOf(parameter).length > 1;

/**
 * Groups of trials that share a colour: the values of the first parameter that has two to six of them, one of which several came
 * up where there is one. Where the space is known, a value has one colour in every figure, whichever trials that shows and in
 * whatever order.
 */
export class Groups {
  readonly #parameter: Parameter | undefined;

  constructor(trials: readonly WithParams[], space?: Space, colours = 6) {
    const eligible = parametersOf(trials, space)
      .map((parameter) => {
        // Also those that none of these trials has.
        const listed = listOf(space, parameter.name);
        const whole =
          listed.length === 0
            ? parameter
            : { ...parameter, values: ascending(listed), isNumeric: areNumbers(listed) };
        return { parameter: whole, cameUp: parameter.values.length };
      })
      .filter(({ parameter: { values } }) => values.length > 1 && values.length <= colours);
    this.#parameter = (eligible.find(({ cameUp }) => cameUp > 1) ?? eligible[0])?.parameter;
  }

  /** Whether trials are told apart at all. */
  get areTold(): boolean {
    return this.#parameter !== undefined;
  }

  /** `; a colour a value of solver`, to be said where the colours are explained by nothing else; empty where trials are not grouped. */
  get text(): string {
    return this.#parameter === undefined ? '' : `; a colour a value of ${this.#parameter.title}`;
  }

  /** Its place among the groups, undefined where trials are not grouped. */
  indexOf(trial: WithParams): number | undefined {
    return this.#parameter && placeIn(this.#parameter, trial);
  }

  /** A long title is cut, as it is the value that tells one group from another. */
  nameOf({ params }: WithParams): string {
    const value = this.#parameter && params[this.#parameter.name];
    return this.#parameter === undefined || value === undefined
      ? 'other trials'
      : `${cut(this.#parameter.title, 24)} ${textAmong(this.#parameter, value)}`;
  }
}
