/** A trial's state in words and in colour. */
import type { Trial } from '../trial.ts';

/** As it is recorded, but where the process that ran a trial is gone. */
export type StateNow = Trial['state'] | 'interrupted';

/**
 * `done`, `diverged at epoch 7`, `pruned at step 3`, `failed: out of memory`.
 * @param step what a step is called
 */
export function stateText(
  trial: Trial,
  step: 'epoch' | 'step' = 'epoch',
  now: StateNow = trial.state,
): string {
  if (now !== trial.state) return now;
  switch (trial.state) {
    case 'diverged':
      return `diverged at ${step} ${trial.step}`;
    case 'failed':
      return `failed: ${trial.reason}`;
    case 'pruned':
      return `pruned at ${step} ${trial.last.step}`;
    case 'done':
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return trial.state;
    default:
      return trial satisfies never;
  }
}

/** The same where a table has one line for it: a reason without where it was thrown, which `show` has. */
export const stateLine = (...told: Parameters<typeof stateText>): string =>
  stateText(...told).replace(/\n.*/s, ' …');

/** Colours for what a person should not overlook. */
export const stateColour = ({ state }: Pick<Trial, 'state'>): 'red' | 'yellow' | undefined =>
  state === 'failed' ? 'red' : state === 'diverged' ? 'yellow' : undefined;
