import t from 'tap';
import { databaseOption, wholeNumber } from '../../src/commands/options.ts';

t.test('a whole number is read from its digits', async (t) => {
  const read = wholeNumber('--threads', 1, 1024);
  t.equal(read('1'), 1);
  t.equal(read(' 1024 '), 1024);
  t.equal(read('+007'), 7);
  t.equal(read(undefined), undefined);
});

t.test('anything else is refused with the option, its limits and what came', async (t) => {
  for (const given of [
    '',
    ' ',
    '0',
    '1025',
    '1.0',
    '1e2',
    '0x10',
    'NaN',
    '--5',
    '9'.repeat(400),
    true,
    ['1', '2'],
  ]) {
    t.throws(() => wholeNumber('--threads', 1, 1024)(given), {
      code: 'ERR_OPTION_VALUE',
      message: /^--threads must be a whole number from 1 to 1024, but got /,
    });
  }
});

t.test(
  'a database must be a file: SQLite would take two of these names for one that is gone at the end',
  async (t) => {
    t.equal(databaseOption.coerce('a.db'), 'a.db');
    for (const name of ['', ':memory:', 'a\0.db']) {
      t.throws(() => databaseOption.coerce(name), {
        code: 'ERR_OPTION_VALUE',
        message: /^The database \(--db\) must be the path of a file, /,
      });
    }
  },
);
