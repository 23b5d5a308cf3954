import t from 'tap';
import { simulatedBusyShare } from '../../../bench/busy.ts';
import { capacity, nextWaiting, yieldAt } from '../../../src/execute/network/schedule.ts';

const load = (epochsLeft: number, epochCost = 1) => ({ epochsLeft, epochs: 100, epochCost });

t.test('trials share threads only when fewer are left than would fill another round', async (t) => {
  t.equal(capacity(4, 9), 4);
  t.equal(capacity(4, 4), 4);
  t.equal(capacity(4, 3), 7);
  t.equal(capacity(4, 0), 7);
  t.equal(capacity(1, 0), 1, 'one thread has nobody to share with');
});

t.test('the trial with most left to do comes first, the first among equals', async (t) => {
  t.equal(nextWaiting([]), undefined);
  t.equal(nextWaiting([load(10), load(30), load(30)]), 1);
  t.equal(nextWaiting([load(10, 5), load(30, 1)]), 0, 'an epoch may cost more than another');
});

t.test('a running trial makes room when it is a slice ahead of the longest waiting one', async (t) => {
  t.equal(yieldAt(load(100), []), 0, 'nobody waits');
  t.equal(yieldAt(load(100), [load(100), load(50)]), 96);
  t.equal(yieldAt(load(20), [load(50)]), 46, 'at once, if it is further ahead already');
  t.equal(yieldAt({ ...load(1), epochs: 1 }, [{ ...load(1), epochs: 1 }]), 0, 'one epoch cannot be divided');
});

t.test('nine trials keep 2, 4, 8 and 16 threads busy for at least 97 % of the time', async (t) => {
  // Whole trials, one to a thread, would reach 90 %, 75 %, 56 % and 56 %.
  const nine = Array.from({ length: 9 }, () => ({ train: 0.002, measure: 0.004 }));
  for (const threads of [2, 4, 8, 16]) {
    const share = simulatedBusyShare(nine, 100, threads);
    t.ok(share >= 0.97 && share <= 1, `${threads} threads: ${share.toFixed(3)}`);
  }
});

t.test('trials of uneven speed keep the threads as busy', async (t) => {
  // Measured on the paper's trials: epochs differ by 5 % in training, by 1 % in measuring.
  const uneven = [1, -0.4, 0.3, -1, 0.8, 0.1, -0.7, 0.5, -0.2].map((part, at, all) => ({
    train: 0.0019 * (1 + 0.05 * part),
    measure: 0.0033 * (1 + 0.01 * (all.at(-at - 1) as number)),
  }));
  for (const threads of [2, 4, 8, 16]) {
    const share = simulatedBusyShare(uneven, 100, threads);
    t.ok(share >= 0.97 && share <= 1, `${threads} threads: ${share.toFixed(3)}`);
  }
});
