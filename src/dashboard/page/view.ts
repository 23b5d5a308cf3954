/** What a part of the page is: an element that follows the state until it is closed. */

import { figureMeasures } from '../../figures/searched.ts';
import { stateNow as stateOf } from '../../findings/live.ts';
import type { Trial, Value } from '../../trial.ts';
import { type Measure, type Tried, triedBy } from '../../words/measures.ts';
import { textAmong } from '../../words/parameters.ts';
import type { StateNow } from '../../words/trial-state.ts';
import { absent } from '../../words/units.ts';
import type { ExperimentAnswer, ExperimentNow } from '../answers.ts';
import type { Live } from './live.ts';

export interface View {
  readonly element: HTMLElement;
  /** Called after every change of the state. */
  update(): void;
  /** Ends requests, charts and timers. */
  close(): void;
}

/** What a view of one experiment is given. */
export interface Context {
  readonly live: Live;
  readonly experiment: ExperimentAnswer;
}

/** What its trials are and what they measured. */
export const triedIn = ({ experiment }: Context): Tried => triedBy(experiment);

/** The metrics that its curves show. */
export const measuresIn = (context: Context): readonly Measure[] => figureMeasures(triedIn(context));

/** The values that the space lists for a parameter, or else those that had come up when the page was opened. */
export const valuesOf = ({ experiment }: Context, name: string): readonly Value[] => {
  const domain = experiment.space?.find((one) => one.name === name)?.parameter;
  const cameUp = () => experiment.parameters.find((one) => one.name === name)?.values ?? [];
  return domain?.kind === 'choice' ? domain.values : cameUp();
};

/** A parameter's value, distinct from its other values, or a dash where it does not apply. */
export const valueText = (context: Context, name: string, value: Value | undefined): string =>
  value === undefined ? absent : textAmong({ values: valuesOf(context, name) }, value);

/** The experiment as the newest state tells of it; undefined in the moment before there is one. */
export const experimentNow = ({ live, experiment }: Context): ExperimentNow | undefined =>
  live.experiments.find(({ id }) => id === experiment.id);

/** A trial's state. @param id absent for what is said of all trials of that state */
export function stateNow(
  context: Context,
  { id, state }: { readonly id?: number; readonly state: Trial['state'] },
): StateNow {
  const now = experimentNow(context);
  return now === undefined ? state : stateOf(state, now.state, id !== undefined && now.ready.includes(id));
}

/** The mark of all that is stored of an experiment's trials; it differs when any of that has changed. */
export const revisionOf = (context: Context): string => {
  const { state, revision } = experimentNow(context) ?? context.experiment;
  return `${state} ${revision}`;
};
