import t from 'tap';
import type { Random } from '../../src/random.ts';
import { type CmaState, cmaConstants, cmaSample, cmaStart, cmaTold } from '../../src/search/cma.ts';
import { eigenvectors } from '../../src/search/eigenvectors.ts';
import { fixture } from './fixtures.ts';

interface Generation {
  readonly B: readonly (readonly number[])[];
  readonly D: readonly number[];
  readonly z: readonly (readonly number[])[];
  readonly x: readonly (readonly number[])[];
  readonly f: readonly number[];
  readonly mean: readonly number[];
  readonly sigma: number;
  readonly C: readonly (readonly number[])[];
  readonly p_sigma: readonly number[];
  readonly p_c: readonly number[];
  readonly draws_used_by_candidate?: readonly number[];
}

interface Case {
  readonly name: string;
  readonly mean: readonly number[];
  readonly sigma: number;
  readonly n_max_resampling: number;
  readonly bounds: unknown;
  readonly constants: Readonly<Record<string, number>> & { readonly weights: readonly number[] };
  readonly generations: readonly Generation[];
}

const far = (a: number, b: number) => Math.abs(a - b) > 1e-8 * Math.max(1e-6, Math.abs(b));
const covariance = ({ b, d }: CmaState): number[][] =>
  b.map((row) =>
    b.map((other) => row.reduce((sum, x, k) => sum + x * (d[k] as number) ** 2 * (other[k] as number), 0)),
  );

for (const one of fixture('cma').cases as Case[]) {
  const population = one.constants['popsize'] as number;
  const constants = cmaConstants(one.mean.length, population);

  t.test(`the constants of ${one.name} are those of the package cmaes`, async (t) => {
    const { mu_eff, c_c, c_1, c_mu, c_sigma, d_sigma, chi_n, mu } = one.constants;
    const wanted = [mu_eff, c_c, c_1, c_mu, c_sigma, d_sigma, chi_n, mu];
    const { muEff, cC, c1, cMu, cSigma, dSigma, chiN } = constants;
    const found = [muEff, cC, c1, cMu, cSigma, dSigma, chiN, constants.mu];
    t.equal(
      found.findIndex((value, index) => far(value, wanted[index] as number)),
      -1,
    );
    t.equal(constants.weights.length, one.constants.weights.length);
    t.equal(
      constants.weights.findIndex((value, index) => far(value, one.constants.weights[index] as number)),
      -1,
    );
  });

  t.test(`${one.name} goes generation by generation as with the package cmaes`, async (t) => {
    let state = cmaStart(Float64Array.from(one.mean), one.sigma);
    for (const [number, wanted] of one.generations.entries()) {
      const order = [...wanted.f.keys()].sort((a, b) => (wanted.f[a] as number) - (wanted.f[b] as number));
      state = cmaTold(
        constants,
        state,
        order.map((index) => Float64Array.from(wanted.x[index] as number[])),
      );
      const found = [
        state.sigma,
        ...state.mean,
        ...state.pathSigma,
        ...state.pathC,
        ...covariance(state).flat(),
      ];
      const all = [wanted.sigma, ...wanted.mean, ...wanted.p_sigma, ...wanted.p_c, ...wanted.C.flat()];
      const off = found.findIndex((value, index) => far(value, all[index] as number));
      t.equal(off, -1, `generation ${number + 1}: ${found[off]} is not ${all[off]}`);
    }
  });

  if (one.bounds !== null)
    t.test(`${one.name} draws again what lies outside, as the package cmaes does`, async (t) => {
      let [mean, sigma] = [one.mean, one.sigma];
      for (const { B, D, z, x, draws_used_by_candidate, ...after } of one.generations) {
        const tape = z.flat();
        let used = 0;
        const random = { normal: () => tape[used++] as number } as Random;
        const state = {
          ...cmaStart(Float64Array.from(mean), sigma),
          b: B.map((row) => Float64Array.from(row)),
          d: Float64Array.from(D),
        };
        for (const [index, wanted] of x.entries()) {
          const before = used;
          const point = cmaSample(state, random, one.n_max_resampling);
          t.equal(
            wanted.findIndex((value, axis) => far(point[axis] as number, value)),
            -1,
          );
          t.equal((used - before) / mean.length, draws_used_by_candidate?.[index]);
        }
        ({ mean, sigma } = after);
      }
    });
}

t.test('eigenvectors of a symmetric matrix are orthonormal and give it back', async (t) => {
  const n = 7;
  const matrix = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => 1 / (i + j + 1) + (i === j ? i : 0)),
  );
  const { values, vectors } = eigenvectors(matrix);
  const dot = (a: (k: number) => number, b: (k: number) => number) =>
    Array.from({ length: n }, (_, k) => a(k) * b(k)).reduce((sum, x) => sum + x, 0);
  const entry = (row: number, column: number) => vectors[row]?.[column] as number;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const product = dot(
        (k) => entry(k, i),
        (k) => entry(k, j),
      );
      const back = dot(
        (k) => entry(i, k) * (values[k] as number),
        (k) => entry(j, k),
      );
      t.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-14);
      t.ok(Math.abs(back - (matrix[i]?.[j] as number)) < 1e-14);
    }
});
