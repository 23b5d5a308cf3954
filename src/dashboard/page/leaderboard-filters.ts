/** The filters above the table of trials: their state, and the values of their parameters. */
import { h } from './dom.ts';
import { type Context, stateNow } from './view.ts';
import { parameterName, valueText } from './words.ts';

/** More values than this are a range: nobody looks for one of them. */
const mostChoices = 60;

const states = ['done', 'pruned', 'running', 'paused', 'waiting', 'diverged', 'failed', 'stopped'] as const;

export function filtersOf(context: Context, changed: () => void) {
  const { experiment } = context;
  const select = (name: string, title: string, values: readonly (readonly [string, string])[]) => {
    const options = values.map(([value, text]) => h('option', { value }, text));
    const element = h('select', { name, onchange: changed }, ...options);
    return { name, element, label: h('label', {}, title, element) };
  };
  const isRange = (name: string) => {
    const domain = experiment.space?.find((one) => one.name === name)?.parameter;
    return domain?.kind === 'float' && domain.step === undefined;
  };
  const selects = [
    select(
      'state',
      'state',
      // What is recorded as running was interrupted where the process is gone.
      [['any', 'any'], ...states.map((state) => [state, stateNow(context, { state })] as const)],
    ),
    ...experiment.parameters
      .filter(({ name, values }) => values.length > 1 && values.length <= mostChoices && !isRange(name))
      .map(({ name, values }) =>
        select(`is.${name}`, parameterName(name), [
          ['', 'any'],
          ...values.map((value) => [JSON.stringify(value), valueText(value)] as const),
        ]),
      ),
  ];
  return {
    element: h(
      'form',
      { class: 'filters', 'aria-label': 'Filter', onsubmit: (event) => event.preventDefault() },
      ...selects.map(({ label }) => label),
    ),
    values: () =>
      selects
        .filter(({ element }) => element.value !== '')
        .map(({ name, element }) => [name, element.value] as const),
  };
}
