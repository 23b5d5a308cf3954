/** The paper's run gives the bits that it gave at the end of the first stage; `npm run check:paper` runs all 100 epochs. */
import t from 'tap';
import { paperHashes } from './paper-hashes.ts';

t.test('two epochs of the paper give the weights of the first stage, bit by bit', async (t) => {
  const { found, wanted } = await paperHashes(2, t.testdir());
  t.same(found, wanted);
});
