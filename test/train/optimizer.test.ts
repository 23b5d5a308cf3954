import t from 'tap';
import type { Kernels } from '../../src/kernel/kernels.ts';
import {
  decayedAfter,
  decayedOnce,
  descend,
  momentsOf,
  type Optimizer,
  plainDescent,
} from '../../src/train/optimizer.ts';
import { onReference, onSimd, planFor, prepare, randomRows, run } from './in-process.ts';

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 } as const;

/** Each as PyTorch's documentation writes it, in float64: the parameter after each gradient. */
const formulas: Record<
  string,
  { readonly optimizer: Optimizer; readonly path: (gradients: number[]) => number[] }
> = {
  momentum: {
    optimizer: { ...plainDescent, momentum: 0.9 },
    path: pathOf((state, g) => {
      state.first = 0.9 * state.first + g;
      return state.w - 0.1 * state.first;
    }),
  },
  nesterov: {
    optimizer: { ...plainDescent, momentum: 0.8, nesterov: true, weightDecay: 0.05 },
    path: pathOf((state, raw) => {
      const g = raw + 0.05 * state.w;
      state.first = 0.8 * state.first + g;
      return state.w - 0.1 * (g + 0.8 * state.first);
    }),
  },
  'weight decay alone': {
    optimizer: { ...plainDescent, weightDecay: 0.05 },
    path: pathOf(({ w }, g) => w - 0.1 * (g + 0.05 * w)),
  },
  adam: {
    optimizer: { ...adam, weightDecay: 0.05 },
    path: pathOf((state, g) => adamStep(state, g + 0.05 * state.w)),
  },
  adamw: {
    optimizer: { ...adam, kind: 'adamw', weightDecay: 0.05 },
    path: pathOf((state, g) => {
      state.w -= 0.1 * 0.05 * state.w;
      return adamStep(state, g);
    }),
  },
};

interface State {
  w: number;
  first: number;
  second: number;
  step: number;
}

function pathOf(next: (state: State, gradient: number) => number) {
  return (gradients: number[]): number[] => {
    const state = { w: 1, first: 0, second: 0, step: 0 };
    return gradients.map((gradient) => {
      state.step += 1;
      state.w = next(state, gradient);
      return state.w;
    });
  };
}

function adamStep(state: State, g: number): number {
  state.first = 0.9 * state.first + 0.1 * g;
  state.second = 0.99 * state.second + 0.01 * g ** 2;
  const [mean, square] = [state.first / (1 - 0.9 ** state.step), state.second / (1 - 0.99 ** state.step)];
  return state.w - (0.1 * mean) / (Math.sqrt(square) + 1e-8);
}

for (const [name, { optimizer, path }] of Object.entries(formulas)) {
  t.test(`${name} takes the steps of its formula in float64, also after gradients of 0`, async (t) => {
    const gradients = [0.5, -0.25, 0, 0, 2, 1e-3, 0, 0.75];
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const kernels = onSimd(memory);
    const [parameters, gradient] = [64, 128].map((at) => new Float32Array(memory.buffer, at, 4)) as [
      Float32Array,
      Float32Array,
    ];
    parameters.fill(1);
    let decayed = decayedAfter(optimizer, 0);
    for (const [index, wanted] of path(gradients).entries()) {
      gradient.fill(2 * (gradients[index] as number));
      decayed = decayedOnce(optimizer, decayed);
      descend(
        kernels,
        { parameters: 64, gradient: 128, moments: [192, 256], floats: 4 },
        { optimizer, learningRate: 0.1, divisor: 2, penalty: 'none', lambda: 0, decayed },
      );
      t.ok(
        Math.abs((parameters[0] as number) - wanted) < 1e-6,
        `step ${index + 1}: ${parameters[0]}, ${wanted}`,
      );
      t.same([...gradient], [0, 0, 0, 0]);
    }
  });
}

t.test("the betas' powers are the same whether they are taken at once or step by step", async (t) => {
  let decayed = decayedAfter(adam, 0);
  for (let step = 1; step <= 1_000; step++) {
    decayed = decayedOnce(adam, decayed);
    t.same(decayed, decayedAfter(adam, step));
  }
});

t.test(
  'inputs that are blank in most rows move by their moments too: rows as lists and whole give the same',
  async (t) => {
    for (const [kind, optimizer] of Object.entries({ momentum: { ...plainDescent, momentum: 0.9 }, adam })) {
      const data = randomRows({ density: 0.3, training: 60 });
      const plan = planFor(data, { optimizer, params: { learningRate: 0.01, batchSize: 4 } });
      const sparse = run(prepare(data, plan));
      const dense = run(prepare({ ...data, density: 1 }, plan));
      const reference = run(prepare(data, plan, undefined, onReference));
      t.equal(dense.last.sha256, sparse.last.sha256, kind);
      t.equal(reference.last.sha256, sparse.last.sha256, kind);
    }
  },
);

t.test('plain descent keeps no moments, momentum one and adam two', async (t) => {
  t.equal(momentsOf(plainDescent), 0);
  t.equal(momentsOf({ ...plainDescent, momentum: 0.1 }), 1);
  t.equal(momentsOf(adam), 2);
});

t.test('a moment that decays becomes 0 before it is denormal', async (t) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const kernels = onSimd(memory);
  const moments = new Float32Array(memory.buffer, 192, 4).fill(2 ** -99);
  const step = { scale: 1, l1: 0, l2: 0, learningRate: 0.1, momentum: 0.5, nesterov: false };
  kernels.momentum(64, 128, 192, 4, step);
  t.equal(moments[0], 2 ** -100);
  kernels.momentum(64, 128, 192, 4, step);
  t.equal(moments[0], 0);
});

t.test('the steps of Adam are counted on from one epoch to the next', async (t) => {
  const data = randomRows({ training: 40 });
  const plan = {
    ...planFor(data, { epochs: 2, params: { learningRate: 0.1, batchSize: 8 } }),
    optimizer: adam,
  };
  const sizes: number[] = [];
  const watched = (memory: WebAssembly.Memory): Kernels => {
    const kernels = onSimd(memory);
    return {
      ...kernels,
      adam(...given) {
        sizes.push(given[5].stepSize);
        kernels.adam(...given);
      },
    };
  };
  run(prepare(data, plan, undefined, watched));
  const wanted = Array.from({ length: 10 }, (_, index) => 0.1 / (1 - decayedAfter(adam, index + 1).beta1));
  t.same(sizes, wanted);
});
