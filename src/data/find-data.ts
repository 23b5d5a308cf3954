/** The rows that an experiment was run on, found again later, when nobody knows where its definition lay. */
import { CoresweepError } from '../errors.ts';
import { type DataOptions, type LoadedData, loadData } from './dataset.ts';

export type FoundData = { readonly data: LoadedData } | { readonly reason: string };

/**
 * Loads the data set that `options` names and that has `hash`; where it is elsewhere or has changed, says so in a sentence.
 * @param folders what a relative data folder may start from
 */
export async function findData(
  options: DataOptions,
  hash: string,
  folders: readonly string[],
): Promise<FoundData> {
  let reason = 'The data of this experiment has changed since it was run.';
  for (const folder of folders) {
    try {
      const data = await loadData(options, folder);
      if (data.hash === hash) return { data };
    } catch (error) {
      if (!(error instanceof CoresweepError)) throw error;
      reason = error.message;
    }
  }
  return { reason };
}
