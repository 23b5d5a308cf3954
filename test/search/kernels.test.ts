/** What the kernels of each kind of dimension promise the estimator. Their densities are Optuna's in parzen.test.ts. */
import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { choiceKernels } from '../../src/search/choice-kernels.ts';
import { type Kernels, kernelsOnAxis, type WidthOptions } from '../../src/search/kernels.ts';
import { smoothKernels } from '../../src/search/smooth-kernels.ts';
import { steppedKernels } from '../../src/search/stepped-kernels.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import { axisOf, valuesOf } from '../../src/space/unit.ts';
import { observed } from './fixtures.ts';

const options: WidthOptions = { considerMagicClip: true, considerEndpoints: false };

const parameters: readonly Exclude<Parameter, { kind: 'choice' }>[] = [
  { kind: 'float', min: -1, max: 2, scale: 'linear' },
  { kind: 'float', min: 1e-6, max: 10, scale: 'log' },
  { kind: 'float', min: 0, max: 1, scale: 'linear', step: 0.05 },
  { kind: 'int', min: 1, max: 8, scale: 'linear', step: 1 },
  { kind: 'int', min: 1, max: 4096, scale: 'log', step: 1 },
];

/** Kernels around 200 random points, and those points. */
function someKernels(parameter: (typeof parameters)[number], seed: number) {
  const axis = axisOf(parameter);
  const random = randomStream(seed, 'search', 1, 0);
  const valueAt = valuesOf(parameter);
  const column = Float64Array.from({ length: 200 }, () =>
    axis.coordinateOf(valueAt(random.uniform() ** 3) as number),
  );
  const order = observed([column]).orders[0] as Uint32Array;
  const found = kernelsOnAxis(column, order, axis, options, undefined);
  const kernels = Number.isFinite(axis.count)
    ? steppedKernels(found, order, axis, false)
    : smoothKernels(found, axis);
  return { kernels, column };
}

function overBound(kernels: Kernels, column: Float64Array): number {
  const near = Uint32Array.from({ length: column.length + 1 }, (_, k) => k);
  let most = Number.NEGATIVE_INFINITY;
  for (const x of column.subarray(0, 20)) {
    const [bounds, found] = [new Float64Array(near.length), new Float64Array(near.length)];
    kernels.addBound(x, near, near.length, bounds);
    kernels.addLogPdf(x, near, near.length, found);
    for (const [k, value] of found.entries()) {
      most = Math.max(most, value - (bounds[k] as number), (bounds[k] as number) - kernels.most);
    }
  }
  return most;
}

t.test('no density is greater than its bound, and no bound than the greatest', async (t) => {
  for (const [index, parameter] of parameters.entries()) {
    const { kernels, column } = someKernels(parameter, index);
    const over = overBound(kernels, column);
    t.ok(over < 1e-9, `parameter ${index}: by ${over}`);
  }
  const column = Float64Array.from({ length: 60 }, (_, k) => k % 4);
  t.ok(overBound(choiceKernels(column, 5, 1), column) < 1e-9);
});
