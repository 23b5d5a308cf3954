import { join, resolve } from 'node:path';
import t from 'tap';
import { findData, foldersOfData } from '../../src/data/find-data.ts';

const options = {
  ...{ source: 'csv', file: 'rows.csv', label: 'y', scaling: 'standard', train: [0, 2], validation: [2, 4] },
} as unknown as Parameters<typeof findData>[0];
const csv = 'x,y\n1,a\n2,b\n3,a\n4,b\n';

t.test('data is looked for below the folder that is given first, and nowhere twice', async (t) => {
  t.strictSame(foldersOfData('/elsewhere/results.db', '/base'), [
    ...['/base', resolve('.'), resolve('experiments'), '/elsewhere'].map((folder) => resolve(folder)),
  ]);
  t.strictSame(foldersOfData('results.db'), [resolve('.'), resolve('experiments')]);
});

t.test(
  'of rows that are nowhere the first folder is told of, and of changed ones that they have changed',
  async (t) => {
    const folder = t.testdir({ first: {}, second: {}, changed: { 'rows.csv': csv } });
    const reasonIn = async (...names: string[]) => {
      const found = await findData(
        options,
        'another hash',
        names.map((name) => join(folder, name)),
      );
      return 'reason' in found ? found.reason : 'found';
    };
    t.match(await reasonIn('first', 'second'), `"${join(folder, 'first/rows.csv')}"`);
    t.match(await reasonIn('first', 'changed', 'second'), /has changed since it was run/);
  },
);
