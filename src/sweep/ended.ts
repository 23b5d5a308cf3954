/** Whether a trial has ended. Not here: how (trial.ts). */
import type { Trial } from '../trial.ts';

export function isEnded({ state }: Pick<Trial, 'state'>): boolean {
  switch (state) {
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return false;
    case 'done':
    case 'pruned':
    case 'diverged':
    case 'failed':
      return true;
    default:
      return state satisfies never;
  }
}

/** Whether there is something left to do for a trial. @param retriesFailed whether failed ones are tried again */
export const isOpen = (trial: Trial, retriesFailed: boolean): boolean =>
  !isEnded(trial) || (retriesFailed && trial.state === 'failed');
