import t from 'tap';
import { learningRateAt, power, type Schedule } from '../../src/train/schedule.ts';

const rates = (schedule: Schedule, epochs: number, warmup = 0): number[] =>
  Array.from({ length: epochs }, (_, index) =>
    learningRateAt(index + 1, { learningRate: 0.8, schedule, warmup, epochs }),
  );

t.test('each schedule gives the rates that PyTorch gives', async (t) => {
  t.same(rates({ kind: 'constant' }, 3), [0.8, 0.8, 0.8]);
  t.same(rates({ kind: 'step', every: 2, gamma: 0.5 }, 5), [0.8, 0.8, 0.4, 0.4, 0.2]);
  t.same(rates({ kind: 'exponential', gamma: 0.5 }, 4), [0.8, 0.4, 0.2, 0.1]);
  for (const [index, rate] of rates({ kind: 'cosine' }, 50).entries())
    t.ok(Math.abs(rate - (0.8 * (1 + Math.cos((Math.PI * index) / 50))) / 2) < 1e-15, `epoch ${index + 1}`);
});

t.test('a warmup rises in equal steps, and the schedule begins behind it', async (t) => {
  const found = rates({ kind: 'step', every: 2, gamma: 0.5 }, 7, 3);
  t.same(found, [0.2, 0.4, (0.8 * 3) / 4, 0.8, 0.8, 0.4, 0.4]);
  const cosine = rates({ kind: 'cosine' }, 6, 2).slice(2);
  t.same(cosine, rates({ kind: 'cosine' }, 4), 'over the epochs that are left');
});

t.test('powers are products, and end at what decides nothing any more', async (t) => {
  t.equal(power(0.7, 0), 1);
  t.equal(power(0.7, 3), 0.7 * 0.7 * 0.7);
  t.ok(power(0.5, 100_000) > 0);
  t.ok(power(0.5, 100_000) < 1e-299);
});
