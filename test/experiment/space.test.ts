import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { overridden } from '../../src/experiment/override.ts';
import { parseText } from '../../src/experiment/parse.ts';
import { experimentJsonSchema } from '../../src/experiment/schema.ts';
import { boolean, choice, float, int } from '../../src/space/builders.ts';
import { spaceOf } from '../../src/space/definition.ts';
import { definitionHash } from '../../src/sweep/identity.ts';
import { faultsOf, right } from './definition.ts';

const objective = { name: 'fit', objective: './fit.ts', metrics: ['error'] };
const fit = (space: unknown) => ({ ...objective, space, search: { trials: 100 } });

const faultsOfSpace = (space: unknown) => faultsOf(fit(space));

const spaceAfter = (space: unknown) => checkDefinition(fit(space), 'fit.yaml').space;

t.test('ranges, steps and conditions are written in YAML', async (t) => {
  const text = `
    alpha: { float: [0, 1], step: 0.25 }
    solver: [lu, qr]
    degree: { int: [1, 8], when: { solver: qr } }
    terms: { int: [1, 100], scale: log }
    centred: { choice: [false, true] }
    layers: [[20], [64, 32]]
  `;
  const written = parseText(text, (fault) => {
    throw new Error(fault);
  });
  t.same(spaceAfter(written), written);
});

t.test('float(), int(), choice() and boolean() say what YAML says', async (t) => {
  const written = {
    alpha: float(0, 1, { step: 0.25 }),
    solver: choice('lu', 'qr', 'svd'),
    degree: int(1, 8).when('solver', 'qr'),
    terms: int(1, 100, 'log').when('solver', 'lu', 'qr'),
    centred: boolean(),
    layers: choice([20], [64, 32]),
    rate: int(1, 3).when('layers', [20]),
  };
  t.same(JSON.parse(JSON.stringify(spaceAfter(written))), {
    alpha: { float: [0, 1], step: 0.25 },
    solver: { choice: ['lu', 'qr', 'svd'] },
    degree: { int: [1, 8], when: { solver: 'qr' } },
    terms: { int: [1, 100], scale: 'log', when: { solver: ['lu', 'qr'] } },
    centred: { choice: [false, true] },
    layers: { choice: [[20], [64, 32]] },
    rate: { int: [1, 3], when: { layers: [[20]] } },
  });
});

t.test('a condition whose values are lists means the lists', async (t) => {
  const space = spaceOf(spaceAfter({ layers: [[20], [64, 32]], rate: int(1, 3).when('layers', [20]) }));
  t.same(space[1]?.when, { parameter: 'layers', in: [[20]] });
});

t.test('what is said as it would be unsaid makes no other definition', async (t) => {
  const plain = checkDefinition({ ...right, space: { ...right.space, batchSize: { int: [8, 16] } } }, 'x');
  const wordy = checkDefinition(
    { ...right, space: { ...right.space, batchSize: { int: [8, 16], scale: 'linear', step: 1 } } },
    'x',
  );
  t.equal(definitionHash(wordy), definitionHash(plain));
  t.same(checkDefinition(JSON.parse(JSON.stringify(wordy)), 'again').space, plain.space);
});

t.test('everything that is wrong with a space is told at once', async (t) => {
  t.same(
    faultsOfSpace({
      alpha: { float: [0, 1], scale: 'log' },
      beta: { float: [1, 'x'] },
      gamma: { flaot: [0, 1] },
      delta: { int: [1, 8], when: { solvr: 'qr' } },
      epsilon: { int: [1.5, 8] },
      solver: { choice: ['lu', 'qr'], scale: 'log' },
      zeta: 5,
      eta: [],
    }).sort(),
    [
      'space.alpha.float must be above 0 where the scale is log, but got [0,1].',
      'space.beta.float[1] must be a finite number, but got "x".',
      'space.delta.when.solvr is no parameter of this space; did you mean "solver"?',
      'space.epsilon.int[0] must be a whole number, but got 1.5.',
      'space.eta must be a list of 1 to 1000000 values, but got [].',
      'space.gamma.flaot is not a known key; did you mean "float"?',
      'space.solver.scale is not a known key beside the others here.',
      'space.zeta must be a list of 1 to 1000000 values, { float: [min, max] } or { int: [min, max] }, but got 5.',
    ],
  );
});

t.test('a range is told what it must be', async (t) => {
  for (const [axis, fault] of [
    [{ float: [1, 1] }, '.float must be a range, but got [1,1]; one value is the list [1].'],
    [{ int: [8, 1] }, '.int must begin with the smaller number, but got [8,1].'],
    [{ float: [-1e308, 1e308] }, '.float must be shorter than 1.8e308, but got [-1e+308,1e+308].'],
    [{ int: [0, 9], scale: 'log' }, '.int must be above 0 where the scale is log, but got [0,9].'],
    [
      { int: [1, 9], scale: 'log', step: 2 },
      '.step must be less than twice the smallest number where the scale is log, but got 2 for [1,9].',
    ],
    [{ float: [0, 1], step: 2 }, '.step must be at most 1, the length of the range, but got 2.'],
    [{ float: [0, 1], step: 0 }, '.step must be a number greater than 0, but got 0.'],
    [{ int: [0, 9], step: 0.5 }, '.step must be a whole number greater than 0, but got 0.5.'],
    [{ float: [0, 1], scale: 'lin' }, '.scale must be "linear" or "log", but got "lin".'],
    [{ float: 3 }, '.float must be a pair of numbers, such as [1, 10], but got 3.'],
  ] as const)
    t.same(faultsOfSpace({ x: axis }), [`space.x${fault}`], fault);
});

t.test('a condition is told what it can be', async (t) => {
  const solver = ['lu', 'qr'];
  for (const [space, fault] of [
    [{ solver, x: { int: [1, 2], when: { solver: 'rq' } } }, '.solver must be "lu" or "qr", but got "rq".'],
    [
      { solver, x: int(1, 2).when('solver', ['lu', 'qr']) },
      '.solver must be "lu" or "qr", but got ["lu","qr"]: several are written one after the other, when(..., "lu", "qr").',
    ],
    [{ solver, x: { int: [1, 2], when: {} } }, ' must name one other parameter, but names 0.'],
    [{ solver, x: { int: [1, 2], when: { x: 1 } } }, ' must name another parameter, but names "x" itself.'],
    [
      { solver, x: { int: [1, 2], when: { other: 1 } } },
      '.other is no parameter of this space; its others are solver.',
    ],
    [
      { y: { float: [0, 1] }, x: { int: [1, 2], when: { y: 1 } } },
      '.y is a range without steps, which no condition can follow: give it a list or a step.',
    ],
    [
      {
        y: { choice: [1, 2], when: { z: 1 } },
        z: { choice: [1], when: { y: 1 } },
        x: { int: [1, 2], when: { y: [1, 3] } },
      },
      '.y must be 1 or 2, but got 3.',
    ],
  ] as const)
    t.match(faultsOfSpace(space), [
      ...Array(faultsOfSpace(space).length - 1).fill(/circle/),
      `space.x.when${fault}`,
    ]);
});

t.test('a name that would be no key is refused', async (t) => {
  t.same(faultsOfSpace(JSON.parse('{"__proto__": [1], "": [1]}')), [
    'space.__proto__ must have another name.',
    'space."" must have a name of 1 to 100 characters without control characters.',
  ]);
});

t.test("the network's ranges are held to what its values must be", async (t) => {
  t.same(
    faultsOf({
      ...right,
      space: { learningRate: { float: [0, 1], step: 0.1 }, batchSize: { float: [1, 2] } },
    }),
    [
      'space.learningRate.float[0] must be a finite number greater than 0, but got 0.',
      'space.batchSize.float is not a known key; known keys here are int, scale, step, when, choice.',
    ],
  );
  t.same(faultsOf({ ...right, space: { learningRate: [1], batchSize: { int: [50, 150] } } }), [
    'space.batchSize.int[1] must be a whole number from 1 to 100 (the training rows), but got 150.',
  ]);
  t.same(faultsOf({ ...right, space: { learningRate: [1], batchSize: { choice: [50, 150] } } }), [
    'space.batchSize.choice[1] must be a whole number from 1 to 100 (the training rows), but got 150.',
  ]);
});

t.test('--set takes a range as YAML, and one key of a range by its path', async (t) => {
  const after = (override: string) => overridden(fit({ alpha: { float: [0, 1] } }), override);
  t.same(
    after('space.alpha={float: [1e-6, 10], scale: log}'),
    fit({ alpha: { float: [1e-6, 10], scale: 'log' } }),
  );
  t.same(after('space.alpha.float=1e-6,10'), fit({ alpha: { float: [1e-6, 10] } }));
  t.same(after('space.alpha.scale=log'), fit({ alpha: { float: [0, 1], scale: 'log' } }));
  t.same(after('space.alpha=1,2'), fit({ alpha: [1, 2] }));
});

t.test('the JSON Schema describes ranges', async (t) => {
  const text = JSON.stringify(experimentJsonSchema());
  for (const word of ['"float"', '"int"', '"choice"', '"scale"', '"step"', '"when"']) t.match(text, word);
});

t.test('a range or a list in the words of another tool is shown how it is written here', async (t) => {
  const range = 'is not a known key; did you mean { float: [min, max] } or { int: [min, max] }?';
  t.same(
    faultsOfSpace({
      ...{
        a: { min: 0, max: 1 },
        b: { values: [1, 2] },
        c: { float: [0, 1], q: 0.1 },
        d: { int: [1, 9], log: true },
      },
    }),
    [
      `space.a.min ${range}`,
      `space.a.max ${range}`,
      'space.b.values is not a known key; did you mean { choice: [...] }?',
      'space.c.q is not a known key; did you mean "step"?',
      'space.d.log is not a known key; did you mean "scale: log"?',
    ],
  );
});
