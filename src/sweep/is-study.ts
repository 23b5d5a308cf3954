/** By what a study is known among the runs of a database. Not here: asking and telling (study.ts). */
import { type ObjectiveIngredients, sha256 } from './identity.ts';

/** What is told of is no function of the point, whatever code the definition names. */
export const studyIngredients: ObjectiveIngredients = { objectiveHash: sha256('ask and tell') };

/** Whether the trials of a run were told of, and not run. */
export const isStudy = ({ objectiveHash }: { readonly objectiveHash: string | null }): boolean =>
  objectiveHash === studyIngredients.objectiveHash;
