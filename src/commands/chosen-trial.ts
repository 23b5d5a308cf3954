import { errors } from '../errors.ts';
import type { Results } from '../store/results.ts';
import type { Trial } from '../trial.ts';

/** The trial of an experiment that is meant by a number, "winner" or "final". @throws ERR_NO_TRIAL */
export function chosenTrial(results: Results, experimentId: number, given: string): Trial {
  const trials = results.trials(experimentId);
  const winner = results.ranked(experimentId).find(({ state }) => state === 'done');
  // A forced model or a new winner has a final training of its own: the last one counts.
  const final = trials.findLast(({ phase }) => phase === 2);
  const searched = trials.filter(({ phase }) => phase === 1);
  const named = new Map<string, Trial | undefined>([
    ...searched.map((trial) => [String(trial.number), trial] as const),
    ['winner', winner],
    ['final', final],
  ]);
  const trial = named.get(given);
  if (trial !== undefined) return trial;
  const words = [...named].flatMap(([name, known]) => (known && !/\d/.test(name) ? [name] : []));
  throw errors.noTrial(given, searched.length, words);
}
