import { PassThrough } from 'node:stream';
import t from 'tap';
import { comparisonText } from '../../src/terminal/comparison.ts';
import { networksBy } from '../../src/words/measures.ts';
import { trial } from '../findings/example-results.ts';

t.test('the rows that one of two trials alone has right are counted in words', async (t) => {
  const side = (number: number) => ({ trial: trial(number), curve: [], rows: 1_000, replicates: undefined });
  const test = { onlyFirst: 1, onlySecond: 0, p: 1 };
  const comparison = { tried: networksBy('validationLoss'), first: side(1), second: side(2), test } as const;
  const text = comparisonText('markdown', comparison, { stream: new PassThrough(), width: 80 });
  t.match(text, 'On the same 1,000 rows, 1 is right with trial 1 alone and 0 are right with trial 2 alone.');
});
