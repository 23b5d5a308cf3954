import { PassThrough } from 'node:stream';
import t from 'tap';
import type { ErrorTests } from '../../src/findings/error-tests.ts';
import { comparisonText } from '../../src/terminal/comparison.ts';
import { networksBy } from '../../src/words/measures.ts';
import { trial } from '../findings/example-results.ts';

t.test('the rows that one of two trials alone has right are counted in words', async (t) => {
  const side = (number: number) => ({
    ...{ trial: trial(number), state: 'done' as const, curve: [], rows: 1_000, replicates: undefined },
  });
  const test = { onlyFirst: 1, onlySecond: 0, p: 1 };
  const comparison = { tried: networksBy('validationLoss'), first: side(1), second: side(2), test } as const;
  const text = comparisonText('markdown', comparison, { stream: new PassThrough(), width: 80 });
  t.match(text, 'On the same 1,000 rows, 1 is right with trial 1 alone and 0 are right with trial 2 alone.');
});

t.test('of networks that learn numbers it says which is nearer, or why there is no test', async (t) => {
  const side = (number: number) => ({
    ...{ trial: trial(number), state: 'done' as const, curve: [], rows: 200, replicates: undefined },
  });
  const sides = { tried: networksBy('validationRmse'), first: side(1), second: side(2), test: undefined };
  const textOf = (errorTests: ErrorTests) =>
    comparisonText('markdown', { ...sides, errorTests }, { stream: new PassThrough(), width: 80 });
  const found = textOf([{ target: 'y', rows: 200, firstNearer: 89, secondNearer: 111, p: 0.092 }]);
  t.match(found, 'On the same 200 rows, trial 1 is nearer to y at 89 and trial 2 at 111.');
  t.match(
    found,
    'Paired test of their squared errors (normal approximation), p = 0.092: ≈ not distinguishable',
  );
  t.match(textOf({ reason: 'the rows are gone.' }), 'No paired test: the rows are gone.');
});
