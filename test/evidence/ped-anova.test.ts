import t from 'tap';
import { type PedAnovaOptions, pedAnova } from '../../src/evidence/ped-anova.ts';
import { columnsOfStudy, named, studies } from './importance-truth.ts';

const cases: readonly [keyof (typeof studies)[number]['importances'], PedAnovaOptions][] = [
  ['ped_anova_q0.1_raw', {}],
  ['ped_anova_q0.25_raw', { quantile: 0.25 }],
  ['ped_anova_q0.1', {}],
  ['ped_anova_q0.1_global', { baseline: 'space' }],
];

for (const study of studies)
  for (const [key, options] of cases)
    t.test(`${study.name}: as Optuna 5.0 has it, ${key}`, async (t) => {
      const columns = columnsOfStudy(study);
      const raw = pedAnova(columns, study.values, options);
      const sum = key.endsWith('_raw') ? 1 : raw.reduce((total, one) => total + one, 0);
      const found = named(columns, raw);
      // The file has ten digits.
      for (const [name, expected] of Object.entries(study.importances[key]))
        t.ok(
          Math.abs((found[name] as number) / sum - (expected as number)) <= 1e-9 * (expected as number),
          `${name}: ${found[name]} for ${expected}`,
        );
    });

t.test('what is constant, and trials that are too few, say nothing', async (t) => {
  const choice = { name: 'x', kind: 'choice', count: 1, values: [0, 0, 0] } as const;
  t.same(pedAnova([choice], [1, 2, 3]), [0]);
  for (const baseline of ['tried', 'space'] as const)
    t.same(pedAnova([{ ...choice, count: 2, values: [1] }], [1], { baseline }), [0], baseline);
  const number = { name: 'x', kind: 'number', low: 0, high: 9, scale: 'linear', isWhole: true } as const;
  t.same(pedAnova([{ ...number, low: 3, high: 3, count: 1, values: [3, 3, 3] }], [1, 2, 3]), [0]);
  t.same(pedAnova([{ ...number, count: 10, values: [Number.NaN, 1, 5] }], [1, 2, 3]), [0]);
  t.same(
    pedAnova([{ ...number, count: 10, values: [4, Number.NaN, Number.NaN] }], [1, 2, 3]),
    [0],
    'one alone',
  );
  t.same(
    pedAnova(
      [number].map((of) => ({ ...of, count: 10, values: [] })),
      [],
    ),
    [0],
  );
  t.same(
    pedAnova([{ ...choice, count: 2, values: [Number.NaN, 1, 0] }], [1, 2, 3]),
    [0],
    'not among the best',
  );
});

t.test('a kernel is never narrower than a cell: nine tenths of it lie in its own', async (t) => {
  const values = [4, ...Array.from({ length: 9 }, (_, trial) => trial)];
  const column = { name: 'x', kind: 'number', low: 0, high: 8, scale: 'linear', isWhole: true } as const;
  const losses = values.map((_, trial) => trial);
  // The best alone, without spread. Of a normal distribution 0.899 lie within 1.64 deviations, and 0.050 in the cell on either
  // side; the prior's kernel, as wide as the range, leaves 0.116 in the middle cell, 0.115 beside it and 0.109 in each of the others.
  const densities = [(0.899 + 0.116) / 2, ...Array(2).fill((0.05 + 0.115) / 2), ...Array(6).fill(0.109 / 2)];
  const divergence = 9 * densities.reduce((sum, density) => sum + density ** 2, 0) - 1;
  const [found = 0] = pedAnova([{ ...column, count: 9, values }], losses, { baseline: 'space' });
  t.ok(Math.abs(found / 0.1 ** 2 - divergence) < 0.01, `${found / 0.1 ** 2} for ${divergence}`);
});
