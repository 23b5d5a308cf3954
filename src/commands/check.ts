/** Names what is damaged in a database. */
import { exitCodes } from '../errors.ts';
import { checkDatabase } from '../store/check-database.ts';
import { printable } from '../words/text.ts';
import { defineCommand } from './command.ts';
import { databaseOption } from './options.ts';

export const check = defineCommand({
  usage: 'check',
  summary: 'Read the whole database, and name every record that is damaged',
  examples: [
    ['check', 'all experiments of results/results.db'],
    ['check --db results/other.db', 'of another database'],
  ],
  positionals: [],
  options: { db: databaseOption },
  async run({ db }, { out }) {
    const { experiments, trials, hasDigests, damage } = checkDatabase(db);
    const counts = `${experiments} ${experiments === 1 ? 'experiment' : 'experiments'} with ${trials} ${trials === 1 ? 'trial' : 'trials'}`;
    for (const fault of damage) out.write(`${printable(fault)}\n`);
    if (damage.length > 0) {
      out.write(
        `${damage.length} ${damage.length === 1 ? 'fault' : 'faults'} in ${counts}. Restore the file from a copy, or run the experiments again in a new database.\n`,
      );
      return exitCodes.badData;
    }
    out.write(
      hasDigests
        ? `${counts}: every record is what was written.\n`
        : `${counts}: nothing is damaged that can be seen. An older coresweep wrote this database, without digests; the next run adds them.\n`,
    );
    return exitCodes.done;
  },
});
