import t from 'tap';
import { Curve } from '../../src/objective/curve.ts';

const metrics = [
  { name: 'seconds', goal: 'none' },
  { name: 'loss', goal: 'minimise' },
  { name: 'accuracy', goal: 'maximise' },
] as const;

t.test('the first metric with a goal decides, then the next one', async (t) => {
  const best = (...given: (readonly number[])[]) =>
    new Curve(
      metrics,
      given.map((values, at) => ({ step: at + 1, values })),
    ).best?.step;
  t.equal(best([1, 2, 1], [9, 1, 0]), 2);
  t.equal(best([1, 1, 0], [9, 1, 1]), 2);
  t.equal(best([9, 1, 1], [1, 1, 1]), 1, 'without a goal nothing decides');
});

t.test('of equals the earlier is the best', async (t) => {
  const curve = new Curve(metrics.slice(1, 2));
  for (const [step, loss] of [
    [1, 3],
    [2, 1],
    [3, 1],
    [4, 2],
  ] as const)
    curve.add({ step, values: [loss] });
  t.equal(curve.best?.step, 2);
  t.equal(curve.last?.step, 4);
  t.same(
    curve.reports().map(({ step }) => step),
    [1, 2, 3, 4],
  );
});

t.test('of very many reports some are kept, in order, the first, best and last among them', async (t) => {
  for (const count of [8_192, 8_193, 100_001, 1_000_000]) {
    const curve = new Curve(metrics.slice(1, 2));
    const best = 77_777 % count;
    for (let step = 1; step <= count; step++) curve.add({ step, values: [step === best ? -1 : step % 10] });
    const steps = curve.reports().map(({ step }) => step);
    t.ok(steps.length <= 8_194 && steps.length >= Math.min(count, 4_000), `${steps.length} of ${count}`);
    t.same(
      steps,
      [...new Set(steps)].sort((one, other) => one - other),
    );
    t.equal(steps[0], 1);
    t.equal(steps.at(-1), count);
    t.ok(steps.includes(best));
  }
});

t.test(
  'what a trial was judged by is kept of very many reports: those at rungs, and the best until then',
  async (t) => {
    const rungs = [6, 100, 12_345];
    // The best before the second rung is far below it, and not the best in the end.
    const valueAt = (step: number) => (step === 8 ? 0 : step > 15_000 ? -step : step);
    const curve = new Curve(metrics.slice(1, 2), [], rungs);
    for (let step = 2; step <= 20_000; step += 2) curve.add({ step, values: [valueAt(step)] });
    const kept = curve.reports();
    const steps = kept.map(({ step }) => step);
    for (const step of [2, 6, 8, 100, 12_346]) t.ok(steps.includes(step), `step ${step}`);
    const wanted = new Curve(metrics.slice(1, 2), kept, rungs).copy().reports();
    for (const step of [2, 6, 8, 100, 12_346])
      t.ok(
        wanted.some((report) => report.step === step),
        `step ${step}, once more`,
      );
  },
);

t.test('a copy goes its own way', async (t) => {
  const curve = new Curve(metrics.slice(1, 2), [{ step: 1, values: [1] }]);
  const copy = curve.copy();
  curve.add({ step: 2, values: [0] });
  t.same(copy.reports(), [{ step: 1, values: [1] }]);
  t.equal(copy.best?.step, 1);
});
