/** A trial that has ended as one plain line. */

import type { ProgressState } from '../findings/progress-state.ts';
import type { Report, Role, TrialOutcome, TrialSpec } from '../trial.ts';
import { triedBy } from '../words/measures.ts';
import { resultText } from '../words/result-text.ts';
import { printable } from '../words/text.ts';
import { secondsText, settingsText } from '../words/units.ts';

type FinishedState = Pick<ProgressState, 'finished' | 'trials' | 'metric' | 'metrics' | 'folds'>;

/** One plain line for a trial that has ended; `finished` of `trials` counts it too. */
export function finishedLine(
  trial: Pick<TrialSpec, 'number' | 'role' | 'replicate' | 'params'>,
  outcome: TrialOutcome,
  { finished, trials, folds, ...measured }: FinishedState,
): string {
  const who = `trial ${trial.number} (${settingsText(trial, { folds }, trial.role)})`;
  const seconds = 'result' in outcome ? outcome.result.seconds : outcome.seconds;
  return `[${finished}/${trials}] ${who} ${outcomeText(outcome, trial.role, measured)}, ${secondsText(seconds)}`;
}

function outcomeText(
  outcome: TrialOutcome,
  role: Role,
  measured: Pick<ProgressState, 'metric' | 'metrics'>,
): string {
  const tried = triedBy(measured);
  switch (outcome.state) {
    case 'done': {
      const { best, last } = outcome.result;
      const result = (report: Report) => resultText(tried, role, report);
      if (tried.kind === 'objective')
        return `done: ${result(best)}${last.step > 1 ? ` at step ${best.step}` : ''}`;
      return role === 'search'
        ? `done: best ${result(best)} at epoch ${best.step}`
        : `done: ${result(last)} after epoch ${last.step}`;
    }
    case 'diverged':
      return `diverged at ${tried.step} ${outcome.step}`;
    case 'failed':
      return `failed: ${inOneLine(outcome.reason)}`;
    case 'pruned':
      return `pruned at ${tried.step} ${outcome.result.last.step}: ${resultText(tried, role, outcome.result.best)}`;
    case 'stopped':
      return 'stopped';
    default:
      return outcome satisfies never;
  }
}

/** A reason without where it was thrown and what was printed, which `show` has. */
function inOneLine(reason: string): string {
  const [first = '', ...more] = reason.split('\n');
  return more.length === 0 ? printable(first.replace(/\.$/, '')) : `${printable(first)} …`;
}
