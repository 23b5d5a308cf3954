/** Finds the experiment that a reading verb is about. */
import { errors } from '../errors.ts';
import { openReadOnly, type ReadOnlyResults } from '../store/open-results.ts';
import type { Experiment } from '../store/results.ts';

/** The experiment asked for by number, or the one begun last. */
export function experimentOf(
  results: ReadOnlyResults,
  database: string,
  number: number | undefined,
): Experiment {
  const experiments = results.experiments();
  const found = number === undefined ? experiments.at(-1) : experiments.find(({ id }) => id === number);
  if (found !== undefined) return found;
  throw errors.noExperiment(
    database,
    number,
    experiments.map(({ id, name }) => `${id} (${name})`),
  );
}

/** Opens a database to read one experiment from it, and closes it again. */
export async function withExperiment<Answer>(
  { db, experiment }: { db: string; experiment: number | undefined },
  read: (results: ReadOnlyResults, experiment: Experiment) => Answer | Promise<Answer>,
): Promise<Answer> {
  const results = openReadOnly(db);
  try {
    return await read(results, experimentOf(results, db, experiment));
  } finally {
    results.close();
  }
}
