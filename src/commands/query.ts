/** Read-only SQL. */
import { errors } from '../errors.ts';
import { openReadOnly } from '../store/open-results.ts';
import { paperOf } from '../terminal/paper.ts';
import { columnsNamed, rowsAs } from '../terminal/rows.ts';
import { defineCommand } from './command.ts';
import { databaseOption, formatOption, wideOption } from './options.ts';

export const query = defineCommand({
  usage: 'query <sql>',
  summary: 'Query the database in SQL, read-only',
  examples: [
    ['query "SELECT * FROM leaderboard"', 'the view behind the leaderboard'],
    [
      'query "SELECT rank, trial, params, v1 FROM trials"',
      'the trials of runs of any kind, and what decides',
    ],
    [
      'query "SELECT batch_size, max(validation_accuracy) FROM leaderboard GROUP BY batch_size" --format csv',
      'the best accuracy of each batch size, as CSV',
    ],
  ],
  positionals: ['sql'],
  options: {
    sql: {
      type: 'string',
      demandOption: true,
      describe: 'One statement that only reads; results/README.md has more',
    },
    db: databaseOption,
    format: formatOption,
    wide: wideOption,
  },
  async run({ sql, db, format, wide }, { out }) {
    const results = openReadOnly(db);
    try {
      const { columns, rows } = results.query(sql);
      out.write(
        `${within(rows.length, () => rowsAs(format, columnsNamed(columns, rows), rows, paperOf(out, { wide })))}\n`,
      );
      return 0;
    } finally {
      results.close();
    }
  },
});

/** A text has an end too, and a table pads every cell to the widest of its column. */
function within(rows: number, print: () => string): string {
  try {
    return print();
  } catch (error) {
    throw error instanceof RangeError ? errors.queryTooLarge(rows, error) : error;
  }
}
