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
