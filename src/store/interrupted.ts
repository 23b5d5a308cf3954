/** Puts right what a process that was killed has left as running. Not here: what that process had begun to write, which SQLite undoes. */
import type Database from 'better-sqlite3';
import type { Seals } from './seals.ts';

/** A trial that ended the process this often in a row, without getting further, is set aside. */
export const maxCrashes = 3;

/** @returns does it, within a transaction of its caller's */
export function interruptedOn(db: Database.Database, seals: Seals): () => void {
  const runningTrials = db.prepare<[], number>("SELECT id FROM trial WHERE state = 'running'").pluck();
  const runningExperiments = db
    .prepare<[], number>("SELECT id FROM experiment WHERE state = 'running'")
    .pluck();
  const interrupted = db.prepare<object>(
    `UPDATE trial SET
       crashes = crashes + 1,
       state = iif(crashes + 1 < @maxCrashes, 'waiting', 'failed'),
       seconds = iif(crashes + 1 < @maxCrashes, NULL, coalesce((SELECT seconds FROM checkpoint WHERE trial_id = trial.id), 0)),
       error_code = iif(crashes + 1 < @maxCrashes, NULL, 'ERR_TRIAL_CRASHES'),
       error = iif(crashes + 1 < @maxCrashes, NULL, @reason)
     WHERE id = @id`,
  );
  const ended = db.prepare<[number]>(
    "UPDATE experiment SET state = 'stopped', seconds = coalesce(seconds, 0) WHERE id = ?",
  );
  return () => {
    const reason = `The process ended ${maxCrashes} times in a row while this trial ran, and it got no further in between.`;
    for (const id of runningTrials.all())
      seals.change('trial', id, () => interrupted.run({ id, maxCrashes, reason }).changes);
    db.prepare(
      `DELETE FROM checkpoint WHERE trial_id IN (SELECT id FROM trial WHERE state IN ('done', 'pruned', 'diverged', 'failed'))`,
    ).run();
    for (const id of runningExperiments.all()) seals.change('experiment', id, () => ended.run(id).changes);
  };
}
