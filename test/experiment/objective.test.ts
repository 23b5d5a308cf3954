import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { networkOf } from '../../src/experiment/network.ts';
import { recordedDefinition } from '../../src/experiment/recorded.ts';
import { canonicalJson } from '../../src/sweep/identity.ts';
import { faultsOf, right } from './definition.ts';

const ridge = {
  name: 'ridge',
  objective: './ridge.ts',
  metrics: { error: 'minimise', seconds: 'none' },
  space: { alpha: [0.1, 1], solver: ['lu', 'qr'] },
};

t.test('a definition with an objective comes back with its defaults filled in', async (t) => {
  const experiment = checkDefinition(ridge, 'ridge.yaml');
  t.same(experiment.objective, { module: './ridge.ts' });
  t.same(experiment.search, { method: 'grid', lag: 16, replicates: 1, result: 'best' });
  t.same(experiment.limits, { checkpointSeconds: 2, silentSeconds: 300, retries: 0, failures: 100 });
  t.equal(experiment.seed, 1);
});

t.test('an objective is a path, a module with a version, or a command', async (t) => {
  const objectiveOf = (objective: unknown) =>
    checkDefinition({ ...ridge, objective }, 'ridge.yaml').objective;
  const module = { module: 'ridge.ts', version: 2 };
  t.same(objectiveOf(module), module);
  const command = { command: ['python3', 'ridge.py', '{args}'], version: 'b' };
  t.same(objectiveOf(command), { ...command, wording: 'json' });
});

t.test('metrics keep their order in every form, and are recorded in one', async (t) => {
  const metricsOf = (metrics: unknown) => {
    const experiment = checkDefinition({ ...ridge, metrics }, 'ridge.yaml');
    return experiment.objective && experiment.metrics;
  };
  t.strictSame(metricsOf({ loss: 'maximise', accuracy: 'none' }), [
    { name: 'loss', goal: 'maximise' },
    { name: 'accuracy', goal: 'none' },
  ]);
  const american = { loss: 'maximize', accuracy: 'minimize' };
  t.strictSame(metricsOf(american), [
    { name: 'loss', goal: 'maximise' },
    { name: 'accuracy', goal: 'minimise' },
  ]);
  t.strictSame(metricsOf(['loss', 'accuracy']), [
    { name: 'loss', goal: 'minimise' },
    { name: 'accuracy', goal: 'none' },
  ]);
  const list = [{ name: 'loss', goal: 'maximise' }];
  t.strictSame(metricsOf(list), list);
});

t.test('a recorded definition is read as it was checked', async (t) => {
  const experiment = checkDefinition({ ...ridge, metrics: { z: 'minimise', a: 'none' } }, 'ridge.yaml');
  const read = recordedDefinition({ id: 1, definition: canonicalJson(experiment) });
  t.same(read, experiment);
  t.same(checkDefinition(JSON.parse(JSON.stringify(experiment)), 'again'), experiment);
});

t.test(
  'a key that no form of a value knows is told alone, and a command as text how to cut it',
  async (t) => {
    t.same(faultsOf({ ...ridge, space: { alpha: { uniform: [0, 1] } }, final: { epochs: 3 } }), [
      'space.alpha.uniform is not a known key; did you mean { float: [min, max] } or { int: [min, max] }?',
      'final.epochs belongs to the built-in network, and there is an objective: take one of the two out.',
    ]);
  },
);

t.test('what is no objective and what are no metrics is said with what is allowed', async (t) => {
  t.match(faultsOf({ ...ridge, objective: 5 }), [
    /^objective must be the path of a module, \{ module, version \} or \{ command: .* but got 5\.$/,
  ]);
  t.match(faultsOf({ ...ridge, objective: () => 1 }), [/^objective must be named by its file/]);
  t.match(faultsOf({ ...ridge, objective: { command: 'python3 x.py' } }), [
    /^objective\.command must be a list of 1 to 1000 words, such as \[python3, .*, but got "python3 x\.py"\.$/,
  ]);
  t.match(faultsOf({ ...ridge, objective: { command: [''] } }), [
    /^objective\.command must begin with a program/,
  ]);
  t.match(faultsOf({ ...ridge, metrics: 'error' }), [
    /^metrics must name 1 to 8 metrics with goals, .* but got "error"\.$/,
  ]);
  t.match(faultsOf({ ...ridge, metrics: {} }), [/^metrics must name 1 to 8 metrics/]);
  t.match(faultsOf({ ...ridge, metrics: [...'abcdefghi'] }), [/^metrics must name 1 to 8 metrics/]);
  t.match(faultsOf({ ...ridge, metrics: undefined }), [/^metrics must name .* but it is missing\.$/]);
});

t.test('the first metric must say which way is better, and each is named once', async (t) => {
  t.same(faultsOf({ ...ridge, metrics: { seconds: 'none', error: 'minimise' } }), [
    'the metric "seconds" stands first and decides, so its goal must be "minimise" or "maximise", but is "none".',
  ]);
  t.same(faultsOf({ ...ridge, metrics: ['error', 'error'] }), [
    'metrics must name each metric once, but names "error" more than once.',
  ]);
});

t.test(
  'keys of the network beside an objective are refused with words, and the other way round',
  async (t) => {
    const { data, model, training } = right;
    const network = 'belongs to the built-in network, and there is an objective: take one of the two out.';
    t.same(faultsOf({ ...ridge, data, model, training, search: { metric: 'error', direction: 'max' } }), [
      'search.metric belongs to the built-in network; with an objective the first of "metrics" decides.',
      'search.direction is not a known key; did you mean "metrics", such as { loss: maximise }, where the first one decides?',
      `data ${network}`,
      `model ${network}`,
      `training ${network}`,
    ]);
    const own = 'needs an objective of your own, and there is none: the built-in network is trained.';
    t.same(faultsOf({ ...right, metrics: ['error'], search: { result: 'last' }, limits: { memoryMb: 64 } }), [
      `search.result ${own}`,
      `limits.memoryMb ${own}`,
      `metrics ${own}`,
    ]);
  },
);

t.test('a space needs a parameter, and runs of none are read as they were recorded', async (t) => {
  t.same(faultsOf({ ...ridge, space: {} }), [
    'space must name a parameter at least, such as { alpha: [0.1, 1] }, but is empty; what is not to be varied is a list of one value.',
  ]);
  const recorded = canonicalJson({ ...checkDefinition(ridge, 'ridge.yaml'), space: {} });
  t.same(recordedDefinition({ id: 1, definition: recorded })?.space, {});
});

t.test('a misspelt objective is recognised', async (t) => {
  const { objective, metrics, ...others } = ridge;
  const fault = 'objectve is not a known key; did you mean "objective"?';
  t.same(faultsOf({ ...others, metrics, objectve: objective }), [fault]);
  t.same(faultsOf({ ...others, metrcs: metrics, objectve: objective }), [
    'metrcs is not a known key; did you mean "metrics"?',
    fault,
  ]);
  t.same(faultsOf({ ...ridge, search: undefined, serach: { method: 'tpe', trials: 9 } }), [
    'serach is not a known key; did you mean "search"?',
  ]);
});

t.test('memory is bounded for functions alone', async (t) => {
  t.same(faultsOf({ ...ridge, limits: { memoryMb: 64 } }), []);
  t.match(faultsOf({ ...ridge, objective: { command: ['true'] }, limits: { memoryMb: 64 } }), [
    /^limits\.memoryMb bounds the thread of a function/,
  ]);
});

t.test('whoever needs the network refuses an objective', async (t) => {
  const experiment = checkDefinition(ridge, 'ridge.yaml');
  t.throws(() => networkOf(experiment, 'verify trains'), {
    code: 'ERR_NEEDS_NETWORK',
    message: /^Experiment "ridge" has an objective of its own, but verify trains the built-in network alone/,
  });
  const network = checkDefinition(right, 'small.yaml');
  t.equal(networkOf(network, 'verify trains'), network);
});
