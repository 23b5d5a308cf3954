import t from 'tap';
import { firstIndex } from '../../src/exact/first-index.ts';

t.test('the first index is found wherever it is, in as few looks as halving takes', async (t) => {
  for (const count of [0, 1, 2, 3, 7, 8, 1000])
    for (let first = 0; first <= count; first += count < 10 ? 1 : 37) {
      let looks = 0;
      const found = firstIndex(count, (index) => {
        looks++;
        return index >= first;
      });
      t.equal(found, first, `of ${count}`);
      t.ok(looks <= Math.ceil(Math.log2(count + 1)), `${looks} looks at ${count}`);
    }
});
