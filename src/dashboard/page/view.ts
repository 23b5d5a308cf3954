/** What a part of the page is: an element that follows the state until it is closed. */
import type { ExperimentAnswer } from '../answers.ts';
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

/** The mark of all that is stored of an experiment's trials; it differs when any of that has changed. */
export const revisionOf = ({ live, experiment }: Context): string =>
  live.experiments.find(({ id }) => id === experiment.id)?.revision ?? experiment.revision;
