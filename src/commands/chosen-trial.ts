/** The trial that a word or a number means. */
import { errors } from '../errors.ts';
import type { Results } from '../store/results.ts';
import type { Trial } from '../trial.ts';

/**
 * The trial of an experiment that is meant by a number, "winner" or "final".
 * @param others what else the caller knows by a word
 * @throws ERR_NO_TRIAL
 */
export function chosenTrial(
  results: Results,
  experimentId: number,
  given: string,
  others: readonly string[] = [],
): Trial {
  const trials = results.trials(experimentId);
  const searched = trials.filter(({ role }) => role === 'search');
  const named = new Map<string, Trial | undefined>([
    ...searched.map((trial) => [String(trial.number), trial] as const),
    ['winner', results.winner(experimentId)],
    ['final', results.finalTrial(experimentId)],
  ]);
  const trial = named.get(given);
  if (trial !== undefined) return trial;
  if (given === 'winner' || given === 'final') throw errors.noTrialYet(given);
  if (searched.length === 0) throw errors.noTrialYet('any');
  const words = [...named].flatMap(([name, known]) => (known && !/\d/.test(name) ? [name] : []));
  throw errors.noTrial(given, searched.length, [...words, ...others]);
}
