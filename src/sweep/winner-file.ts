/**
 * bestmodel.json of a run: made from the database, and trusted only while it agrees with it.
 * Not here: its format (model/model-file.ts), which trial is the winner.
 */
import { existsSync } from 'node:fs';
import { errors, shown } from '../errors.ts';
import { type Model, readModelFile, writeModelFile } from '../model/model-file.ts';
import type { Store } from '../store/store.ts';
import { canonicalJson } from './identity.ts';

export interface WinnerFile {
  readonly store: Store;
  readonly experimentId: number;
  readonly path: string;
  /** Called with what this run has replaced, in words. */
  remark(text: string): void;
}

/**
 * Returns the model that the file holds, once it is known to be the winner's: it is written where it is missing, or holds
 * another model of the database. A file that somebody else has put there after this run wrote its own is refused.
 * @param wanted the winner's model
 * @throws ERR_MODEL_NOT_WINNER, ERR_MODEL_FILE
 */
export function winnerFromFile({ store, experimentId, path, remark }: WinnerFile, wanted: Model): Model {
  const { sha256 } = wanted.weights;
  // Until the database says that the file was written, whatever lies there is left from before.
  const wasWritten = store.modelFileSha256(experimentId) === sha256;
  if (wasWritten && existsSync(path)) {
    const found = readModelFile(path);
    if (isSame(found, wanted)) return found;
    if (!store.holdsModel(found.weights.sha256)) {
      throw errors.modelNotWinner(path, found.weights.sha256, sha256);
    }
  }
  const left = wasWritten ? undefined : modelIn(path);
  writeModelFile(path, wanted);
  if (left !== undefined && !store.holdsModel(left.weights.sha256)) remark(replacedText(path, left));
  if (!wasWritten) store.recordModelFile(experimentId, sha256);
  return readModelFile(path);
}

/** Undefined where there is none that can be read. */
function modelIn(path: string): Model | undefined {
  try {
    return readModelFile(path);
  } catch {
    return undefined;
  }
}

function replacedText(path: string, { provenance }: Model): string {
  const whose = provenance === null ? '' : ` (of ${shown(provenance.experiment)}, trial ${provenance.trial})`;
  return `${path} held a model from another database${whose}, and this run's winner has replaced it. \`export\` writes the other one again from its own database; give each database its own folder to keep both.`;
}

const isSame = (one: Model, other: Model): boolean =>
  one.weights.sha256 === other.weights.sha256 &&
  canonicalJson({ ...one, weights: null }) === canonicalJson({ ...other, weights: null });
