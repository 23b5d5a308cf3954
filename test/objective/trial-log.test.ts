import t from 'tap';
import { TrialLog } from '../../src/objective/trial-log.ts';

t.test('a short log is kept as it is', async (t) => {
  const log = new TrialLog();
  for (let line = 0; line < 1000; line++) log.add(`${line}\n`);
  t.equal(log.text(), Array.from({ length: 1000 }, (_, line) => `${line}\n`).join(''));
});

t.test('of a long one the beginning and the end are kept, and what is left out is counted', async (t) => {
  const all = Array.from({ length: 100_000 }, (_, line) => `${line}\n`).join('');
  for (const size of [7, 1000, all.length]) {
    const log = new TrialLog();
    for (let at = 0; at < all.length; at += size) log.add(all.slice(at, at + size));
    const [head = '', left = '', tail = ''] = log.text().split(/\n\[… (\d+) characters left out …\]\n/);
    t.ok(all.startsWith(head) && all.endsWith(tail));
    t.equal(head.length + Number(left) + tail.length, all.length);
    t.equal(head.length, 16_384);
    t.equal(tail.length, 49_152);
  }
});
