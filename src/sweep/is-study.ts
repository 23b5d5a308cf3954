/** By what a study is known among the runs of a database. Not here: asking and telling (study.ts). */
import { type ObjectiveIngredients, sha256 } from './identity.ts';

/** A result that a person or program tells is no function of the point, whatever code the definition names. */
export const studyIngredients: ObjectiveIngredients = { objectiveHash: sha256('ask and tell') };

/** Whether the trials of a run came from ask and tell, and were not run by coresweep. */
export const isStudy = ({ objectiveHash }: { readonly objectiveHash: string | null }): boolean =>
  objectiveHash === studyIngredients.objectiveHash;
