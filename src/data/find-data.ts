/** The rows that an experiment was run on, found again later, when nobody knows where its definition lay. */
import { dirname, resolve } from 'node:path';
import { CoresweepError } from '../errors.ts';
import { type DataOptions, type LoadedData, loadData } from './dataset.ts';

export type FoundData = { readonly data: LoadedData } | { readonly reason: string };

/** What a relative path of data may start from, as absolute paths, the likeliest first: a definition does not say where it lay. */
export function foldersOfData(database: string, baseFolder = '.'): string[] {
  const folders = [baseFolder, '.', 'experiments', dirname(database)];
  return [...new Set(folders.map((folder) => resolve(folder)))];
}

/**
 * Loads the data set that `options` names and that has `hash`; where it is elsewhere or has changed, says so in a sentence.
 * @param hash SHA-256 of the rows, as the experiment recorded it
 * @param folders what a relative path may start from, the likeliest first: what is wrong there is told, unless changed data lies in another
 */
export async function findData(
  options: DataOptions,
  hash: string,
  folders: readonly string[],
): Promise<FoundData> {
  const reasons: string[] = [];
  for (const folder of folders) {
    try {
      const data = await loadData(options, folder);
      if (data.hash === hash) return { data };
      reasons.unshift('The data of this experiment has changed since it was run.');
    } catch (error) {
      if (!(error instanceof CoresweepError)) throw error;
      reasons.push(error.message);
    }
  }
  return { reason: reasons[0] ?? 'The data of this experiment is not at hand.' };
}
