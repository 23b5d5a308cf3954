/**
 * Which recorded run a definition continues.
 * Not here: reading or changing anything; it is a function of what is recorded.
 */
import { errors } from '../errors.ts';
import { recordedDefinition } from '../experiment/recorded.ts';
import type { Experiment } from '../experiment/schema.ts';
import { parameterOf } from '../space/definition.ts';
import { indexOfValue } from '../space/parameter.ts';
import type { Experiment as RecordedRun } from '../store/results.ts';
import { definitionHash, familyHash, type Ingredients, type ObjectiveIngredients } from './identity.ts';

/**
 * The run of the same definition, or else the latest whose every combination is also one of this definition's, of the same
 * objective, or trained on the same data by the same arithmetic; undefined where there is none.
 * @param runs oldest first
 * @throws ERR_DATA_CHANGED where there is one, but on other data
 */
export function runToResume(
  experiment: Experiment,
  ingredients: Ingredients,
  runs: readonly RecordedRun[],
): RecordedRun | undefined {
  const family = familyHash(experiment);
  const related = runs
    .toReversed()
    .filter((run) => isSameWork(run, ingredients))
    .flatMap((run) => {
      const definition = recordedDefinition(run);
      const fits = definition && familyHash(definition) === family && isWithin(definition, experiment);
      return fits ? [{ run, hash: definitionHash(definition) }] : [];
    });
  const dataHash = 'dataHash' in ingredients ? ingredients.dataHash : null;
  const ours = related.filter(({ run }) => run.dataHash === dataHash);
  const wanted = definitionHash(experiment);
  const found = ours.find(({ hash }) => hash === wanted) ?? ours[0];
  if (found !== undefined) return found.run;
  const [other] = related;
  if (other !== undefined)
    throw errors.dataChanged(other.run.id, String(other.run.dataHash), String(dataHash));
  return undefined;
}

/** Whether equal trials would come out equal, but for the data. */
const isSameWork = (run: RecordedRun, ingredients: Ingredients): boolean =>
  'kernelHash' in ingredients
    ? run.kernelHash === ingredients.kernelHash
    : run.objectiveHash === ingredients.objectiveHash;

/** Whether each choice of one space is among those of the other, whose other axes are equal: they are of one family. */
function isWithin({ space: inner }: Experiment, { space: outer }: Experiment): boolean {
  return Object.entries(inner).every(([name, axis]) => {
    const own = parameterOf(axis);
    const others = outer[name] && parameterOf(outer[name]);
    if (own.kind !== 'choice' || others?.kind !== 'choice') return true;
    const known = indexOfValue(others);
    return own.values.every((value) => known(value) >= 0);
  });
}

/** The latest run that the definition would go on with, were it not that its objective had other code then. */
export function runOfOtherCode(
  experiment: Experiment,
  { objectiveHash }: ObjectiveIngredients,
  runs: readonly RecordedRun[],
): (RecordedRun & ObjectiveIngredients) | undefined {
  for (const run of runs.toReversed()) {
    const { objectiveHash: other } = run;
    if (other === null || other === objectiveHash) continue;
    if (runToResume(experiment, { objectiveHash: other }, [run]) !== undefined)
      return { ...run, objectiveHash: other };
  }
  return undefined;
}
