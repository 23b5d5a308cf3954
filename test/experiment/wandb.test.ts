/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: macros of W&B are written so. */
/** What W&B's documentation says of sweep files (docs.wandb.ai, sweep configuration), on files written for these tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { exp } from '../../src/exact/exp.ts';
import { loadExperiment } from '../../src/experiment/load.ts';
import { parseText } from '../../src/experiment/parse.ts';
import { translatedSweep } from '../../src/experiment/wandb.ts';
import { defaultMaxTrials } from '../../src/sweep/max-trials.ts';

const never = (fault: string): never => {
  throw new Error(fault);
};

const translated = (text: string) =>
  translatedSweep(parseText(text, never, { isIntBig: true }), 'sweep.yaml');

const head = `program: train.py
method: random
metric: { name: val_loss }
run_cap: 8
`;

/** The space that these parameters, YAML in flow style, stand for. */
const spaceOf = (parameters: string) =>
  (translated(`${head}parameters: ${parameters}`).definition as { space: object }).space;

/** The faults of a sweep file; none where it is right. */
function faultsOf(text: string): string[] {
  try {
    translated(text);
    return [];
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

t.test('a sweep file becomes a definition with a command objective', async (t) => {
  const { definition, notes } = translated(`
program: train.py
name: sweepdemo
project: demo
entity: somebody
method: bayes
metric:
  goal: maximize
  name: validation/accuracy
parameters:
  learning_rate: { min: 0.0001, max: 0.1 }
  batch_size: { values: [16, 32, 64] }
  optimizer: { values: [adam, sgd] }
  epochs: { value: 5 }
early_terminate: { type: hyperband, min_iter: 3 }
run_cap: 20
`);
  t.strictSame(definition, {
    name: 'sweepdemo',
    objective: { command: ['/usr/bin/env', 'python3', 'train.py', '{args}'], wording: 'python' },
    metrics: [{ name: 'validation/accuracy', goal: 'maximise' }],
    space: {
      learning_rate: { float: [0.0001, 0.1] },
      batch_size: [16, 32, 64],
      optimizer: ['adam', 'sgd'],
      epochs: [5],
    },
    search: { method: 'tpe', trials: 20, result: 'last' },
    prune: { method: 'asha', reductionFactor: 3, minResource: 3 },
  });
  t.strictSame(notes, [
    'project is not used: results stay in the database beside the run.',
    'entity is not used: results stay in the database beside the run.',
  ]);
});

t.test('a range of whole numbers is one of whole numbers, and 0 to 1.0 is not', async (t) => {
  t.strictSame(spaceOf('{ a: { min: 0, max: 1 }, b: { min: 0, max: 1.0 }, c: { min: 1, max: 1e1 } }'), {
    a: { int: [0, 1] },
    b: { float: [0, 1] },
    c: { float: [1, 10] },
  });
});

t.test('every distribution with bounds is known', async (t) => {
  const axis = (text: string) => (spaceOf(`{ x: ${text} }`) as { x: unknown }).x;
  t.strictSame(axis('{ distribution: constant, value: true }'), [true]);
  t.strictSame(axis('{ distribution: categorical, values: [[64, 32], [20]] }'), [[64, 32], [20]]);
  t.strictSame(axis('{ distribution: int_uniform, min: 1, max: 8 }'), { int: [1, 8] });
  t.strictSame(axis('{ distribution: uniform, min: 0, max: 1 }'), { float: [0, 1] });
  t.strictSame(axis('{ distribution: log_uniform_values, min: 1e-5, max: 0.1 }'), {
    float: [1e-5, 0.1],
    scale: 'log',
  });
  t.strictSame(axis('{ distribution: inv_log_uniform_values, min: 1e-5, max: 0.1 }'), {
    float: [1e-5, 0.1],
    scale: 'log',
  });
  // The ends are exponents of e, here 0 and 1; exp() is within 2 ulp of it.
  const e = exp(1);
  t.strictSame(axis('{ distribution: log_uniform, min: 0, max: 1 }'), { float: [1, e], scale: 'log' });
  t.strictSame(axis('{ distribution: inv_log_uniform, min: -1, max: 0 }'), {
    float: [1, e],
    scale: 'log',
  });
  t.strictSame(axis('{ distribution: q_log_uniform_values, min: 8, max: 256, q: 1 }'), {
    int: [8, 256],
    scale: 'log',
  });
  t.strictSame(axis('{ distribution: q_log_uniform, min: 0, max: 3 }'), { int: [1, 20], scale: 'log' });
  // W&B's tutorial: batch sizes in eights, evenly in their logarithms.
  t.strictSame(axis('{ distribution: q_log_uniform_values, min: 32, max: 256, q: 8 }'), {
    ...{ int: [32, 256], step: 8, scale: 'log' },
  });
  t.strictSame(axis('{ distribution: q_log_uniform_values, min: 0.1, max: 1, q: 0.3 }'), {
    ...{ float: [0.3, 0.9], step: 0.3, scale: 'log' },
  });
});

t.test('q_uniform tries the multiples of q', async (t) => {
  const axis = (text: string) => (spaceOf(`{ x: { distribution: q_uniform, ${text} } }`) as { x: unknown }).x;
  t.strictSame(axis('min: 0, max: 1, q: 0.1'), { float: [0, 1], step: 0.1 });
  t.strictSame(axis('min: 0.05, max: 0.35, q: 0.1'), { float: [0.1, 0.3], step: 0.1 });
  t.strictSame(axis('min: 1, max: 9.5'), { int: [1, 9], step: 1 });
  t.strictSame(axis('min: 10, max: 100, q: 20'), { int: [20, 100], step: 20 });
  t.strictSame(axis('min: 1, max: 3, q: 2'), [2]);
});

t.test('nested parameters get dotted names', async (t) => {
  t.strictSame(
    spaceOf(
      '{ optimizer: { parameters: { name: { values: [sgd] }, lr: { min: 0.1, max: 1.0 } } }, seed: { value: 1 } }',
    ),
    { 'optimizer.name': ['sgd'], 'optimizer.lr': { float: [0.1, 1] }, seed: [1] },
  );
});

t.test('every macro of the command is put in or left for the trial', async (t) => {
  const command = (words: string) =>
    (
      translated(`${head}command: ${words}\nparameters: { x: { value: 1 } }`).definition as {
        objective: { command: string[] };
      }
    ).objective.command;
  t.strictSame(command('["${env}", "${interpreter}", -u, "${program}", --epochs, 5, "${args_no_hyphens}"]'), [
    '/usr/bin/env',
    'python3',
    '-u',
    'train.py',
    '--epochs',
    '5',
    '{args_no_hyphens}',
  ]);
  t.strictSame(command('[run, "${args}", "${args_no_boolean_flags}", "${args_json}"]'), [
    'run',
    '{args}',
    '{args_no_boolean_flags}',
    '{args_json}',
  ]);
});

t.test('what has no meaning here is refused with its path and what to write', async (t) => {
  const command = `program: x.py\nmethod: grid\nmetric: { name: a }\nparameters: { x: { value: 1 } }\ncommand: `;
  for (const [text, ...faults] of [
    [
      `${head}parameters: { x: { distribution: normal, mu: 1, sigma: 0.5 } }`,
      'parameters.x.distribution normal is not supported, for it has no bounds: write distribution: uniform with min: 0 and max: 2, which hold 95 % of it.',
    ],
    [
      `${head}parameters: { x: { distribution: log_normal } }`,
      'parameters.x.distribution log_normal is not supported, for it has no bounds: write distribution: log_uniform_values with min: 0.135 and max: 7.39, which hold 95 % of it.',
    ],
    [
      `${head}parameters: { x: { distribution: beta } }`,
      'parameters.x.distribution beta is not supported: write distribution: uniform with min: 0 and max: 1.',
    ],
    [
      `${head}parameters: { x: { values: [1, 2], probabilities: [0.9, 0.1] } }`,
      'parameters.x.probabilities is not supported: leave it out, and each value is as likely as another.',
    ],
    [
      `${head}parameters: { x: { distribution: q_log_uniform_values, min: 1, max: 5, q: 8 } }`,
      'parameters.x.q must leave a multiple of it between min and max, but is 8.',
    ],
    [
      `${head}parameters: { a: { parameters: { x: { min: 1 } } } }`,
      'parameters.a.parameters.x.max must be the other end of the range, but it is missing.',
    ],
    [
      `${head}parameters: { x: { min: 2, max: 2 }, y: { distribution: q_uniform, min: 3, max: 2 } }`,
      'parameters.x.max must be greater than min, 2, but got 2: write value: 2.',
      'parameters.y.max must be greater than min, 3, but got 2.',
    ],
    [
      `${head}parameters: { a: { parameters: { x: { min: 0, max: 1 } } }, a.x: { value: 1 } }`,
      'parameters.a.x must have a name of its own, but parameters.a.parameters.x is called "a.x" too: rename one of them.',
    ],
    [
      `${head}parameters: { x: {} }`,
      'parameters.x must have value, values, or min and max, but has none of them.',
    ],
    [
      `${head}parameters: { x: { vlaues: [1] } }`,
      'parameters.x.vlaues is not a known key; did you mean "values"?',
    ],
    [
      `${head}parameters: { x: 5 }`,
      'parameters.x must be a group with any of the keys value, values, distribution, min, max, q, mu, sigma, a, b, probabilities, parameters, but got 5.',
    ],
    [
      `${head}parameters: { x: { min: 0.0, max: 1.0, q: 0.1 } }`,
      'parameters.x.q is not for the distribution uniform: take it out, or write distribution: q_uniform.',
    ],
    [
      `${head}parameters: { x: { values: [1], min: 3 } }`,
      'parameters.x.min is not for the distribution categorical: take it out.',
    ],
    [`${head}parameters: { x: { min: a, max: 1 } }`, 'parameters.x.min must be a number, but got "a".'],
    [
      `${head}parameters: { x: { value: 1 } }\ncontroller: { type: local }`,
      'controller is not a known key; known keys here are program, command, method, metric, parameters, early_terminate, run_cap, name, description, project, entity.',
    ],
    [
      `program: x.py\nmethod: grid\nmetric: { name: a, target: 0.1 }\nparameters: { x: { value: 1 } }`,
      'metric.target is not supported: leave it out, and bound the search by run_cap or --stop-after.',
    ],
    [
      `${head}parameters: { x: { value: 1 } }\nearly_terminate: { type: hyperband }`,
      'early_terminate must have either min_iter or max_iter, as in { type: hyperband, min_iter: 3 }.',
    ],
    [
      `${head}parameters: { x: { value: 1 } }\nearly_terminate: { type: hyperband, max_iter: 27 }`,
      'early_terminate.s must say how many brackets there are below max_iter, but it is missing.',
    ],
    [
      `${head}parameters: { x: { value: 1 } }\nearly_terminate: { type: hyperband, min_iter: 3, eta: 2.5 }`,
      'early_terminate.eta must be a whole number from 2 to 100, but got 2.5.',
    ],
    [
      `${command}["\${program}", "\${args_json_file}"]`,
      /^command\[1\]: the macro \$\{args_json_file\} is not supported, for parameters come as JSON on stdin/,
    ],
    [
      `${command}["\${envvar:HOME}"]`,
      /^command\[0\]: the macro \$\{envvar\} is not supported, for a program has the variables/,
    ],
    [`${command}["\${arg}"]`, 'command[0]: ${arg} is not a known macro; did you mean ${args}?'],
    [
      `${command}[sh, "--x=\${args}"]`,
      'command[1] must have ${args} as a word of its own, but got "--x=${args}".',
    ],
    [
      `method: grid\nmetric: { name: a }\nparameters: { x: { value: 1 } }`,
      'program must be the script to run, but it is missing.',
    ],
    [
      `program: x.py\nmethod: genetic\nparameters: { x: { value: 1 } }`,
      'method must be "grid" or "random" or "bayes", but got "genetic".',
      'metric must hold the key name and may hold goal, target, but it is missing.',
    ],
  ] as [string, ...(string | RegExp)[]][]) {
    t.match(faultsOf(text), faults, text);
    t.equal(faultsOf(text).length, faults.length, text);
  }
});

t.test('brackets below max_iter are rungs', async (t) => {
  // From W&B's documentation: max_iter 27, s 2 and eta 3 stop at 9 and 3.
  const { definition } = translated(
    `${head}parameters: { x: { value: 1 } }\nearly_terminate: { type: hyperband, max_iter: 27, s: 2 }`,
  );
  t.match(definition, { prune: { method: 'asha', reductionFactor: 3, minResource: 3, maxResource: 27 } });
});

t.test(
  'a search without run_cap goes on until it is stopped, and that is said; a grid has an end',
  async (t) => {
    const text = (method: string) =>
      `program: x.py\nmethod: ${method}\nmetric: { name: a }\nparameters: { x: { min: 0, max: 9 } }`;
    for (const method of ['random', 'bayes']) {
      const { definition, notes } = translated(text(method));
      t.match(definition, { search: { trials: defaultMaxTrials } }, 'no more than run unasked');
      t.match(notes, [/^There is no run_cap: the search ends after 10000 trials/]);
    }
    const { definition, notes } = translated(text('grid'));
    t.strictSame((definition as { search: object }).search, { method: 'grid', result: 'last' });
    t.same(notes, []);
  },
);

const load = (t: Test, text: string, ...overrides: string[]) => {
  const file = join(t.testdir(), 'sweep.yaml');
  writeFileSync(file, text);
  return loadExperiment(file, overrides);
};

t.test('a sweep file is loaded as any definition is, and can be overridden', async (t) => {
  const text = `program: train.py\nmethod: grid\nmetric: { name: loss }\nparameters: { x: { values: [1, 2] } }\n`;
  const { experiment } = await load(t, text, 'search.trials=1');
  t.match(experiment, {
    name: 'sweep.yaml',
    objective: { command: ['/usr/bin/env', 'python3', 'train.py', '{args}'] },
    search: { method: 'grid', trials: 1, result: 'last' },
  });
  t.same(parse(text).parameters.x.values, experiment.space['x']);
});

t.test('faults that show only in the definition are told in the words of the sweep file', async (t) => {
  const text = `program: train.py\nmethod: grid\nmetric: { name: loss }\nrun_cap: 3\nparameters: { x: { distribution: log_uniform_values, min: 0, max: 1 } }\n`;
  await t.rejects(load(t, text), { message: /\n {2}parameters\.x/ });
  await t.rejects(load(t, text, 'search.trials=0'), { message: /\n {2}run_cap must be a whole number/ });
});
