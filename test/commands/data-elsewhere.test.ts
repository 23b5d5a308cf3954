/** Verbs that look for the rows of a run whose database lies apart from the definition. */
import { join } from 'node:path';
import t from 'tap';
import { typed } from './command-line.ts';

const rows = (target: (i: number) => string | number) =>
  ['a,b,y', ...Array.from({ length: 120 }, (_, i) => `${i % 7},${i % 11},${target(i)}`)].join('\n');
const trained = {
  training: { epochs: 2 },
  space: { learningRate: [0.01, 0.1], batchSize: [8] },
  final: { epochs: 1 },
};
const split = { validation: 0.3, test: 0.3 };
const base = t.testdir({
  data: {
    'classes.csv': rows((i) => (i % 7 > 3 ? 'more' : 'less')),
    'numbers.csv': rows((i) => (i % 7) - (i % 11)),
  },
  'classes.json': JSON.stringify({
    ...{ name: 'classes', data: { source: 'csv', file: 'data/classes.csv', label: 'y', split } },
    ...{ model: { hidden: [2] }, ...trained },
  }),
  'numbers.json': JSON.stringify({
    ...{ name: 'numbers', data: { source: 'csv', file: 'data/numbers.csv', targets: ['y'], split } },
    ...{ model: { hidden: [2], output: 'linear' }, ...trained },
  }),
  away: {},
});

for (const name of ['classes', 'numbers']) {
  const db = join(base, 'away', name, 'results.db');
  t.equal((await typed('run', join(base, `${name}.json`), '--db', db, '--threads', '1')).exitCode, 0);
}
const classes = ['--db', join(base, 'away/classes/results.db')];
const numbers = ['--db', join(base, 'away/numbers/results.db')];

t.test(
  'show finds the rows in the folder that --base names, and without it says where it has looked',
  async (t) => {
    const { out, exitCode } = await typed('show', 'final', '--classes', ...classes, '--base', base);
    t.equal(exitCode, 0);
    t.match(out, /│ more +│/);
    const lost = await typed('show', 'final', '--classes', ...classes, '--base', join(base, 'away'));
    t.equal(lost.exitCode, 2);
    t.match(lost.err.replaceAll(/\s+/g, ''), `"${join(base, 'away/data/classes.csv')}"`);
    t.match(lost.err, /--base/);
  },
);

t.test('compare tests the errors of two models of numbers on the rows below --base', async (t) => {
  t.match((await typed('compare', '1', '2', ...numbers, '--base', base)).out, /squared errors/i);
  t.match((await typed('compare', '1', '2', ...numbers)).out, /No paired test/);
});

t.test('the report and the figures have what the final model says of the rows below --base', async (t) => {
  const page = async (...words: string[]) =>
    (await typed('report', ...classes, '--output', '-', ...words)).out;
  t.match(await page('--base', base), /Confusion matrix/);
  t.notMatch(await page(), /Confusion matrix/);
  t.match((await typed('plot', ...classes, '--base', base)).out, /confusion/);
  t.notMatch((await typed('plot', ...classes)).out, /confusion/);
});
