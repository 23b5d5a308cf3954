import { createHash } from 'node:crypto';
import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { essential } from '../../src/experiment/essential.ts';
import type {
  NetworkExperiment as Experiment,
  NetworkInput as ExperimentInput,
  ObjectiveExperiment,
  ObjectiveInput,
} from '../../src/experiment/schema.ts';
import { canonicalJson, definitionHash, trialKey } from '../../src/sweep/identity.ts';
import type { Role } from '../../src/trial.ts';

const definition: ExperimentInput = {
  name: 'small',
  data: { source: 'idx', folder: 'here', train: [0, 100], validation: [100, 200], test: [0, 50] },
  model: { hidden: [20] },
  training: { epochs: 5 },
  space: { learningRate: [0.1], batchSize: [10] },
  final: { epochs: 3 },
};
const checked = (changes: Partial<ExperimentInput> = {}): Experiment =>
  checkDefinition({ ...definition, ...changes }, 'the test');

const ingredients = { dataHash: 'd', kernelHash: 'k' };
const point = { params: { learningRate: 0.1, batchSize: 10 }, replicate: 0 };
const tried = (experiment: Experiment, hashes = ingredients) =>
  ({ kind: 'network', experiment, ingredients: hashes }) as const;
const keyOf = (changes: Partial<ExperimentInput> = {}, role: Role = 'search') =>
  trialKey(tried(checked(changes)), role, point);

t.test('equal values are equal texts, in whatever order their keys were written', async (t) => {
  t.equal(
    canonicalJson({ b: 1, a: { d: [2, { f: 3, e: 4 }], c: null } }),
    '{"a":{"c":null,"d":[2,{"e":4,"f":3}]},"b":1}',
  );
  t.equal(canonicalJson({ a: undefined, 10: 1, 9: 2 }), '{"9":2,"10":1}');
  t.not(canonicalJson([1, 2]), canonicalJson([2, 1]), 'lists keep their order');
});

t.test('a hash is the SHA-256 of the canonical JSON', async (t) => {
  // Of keys that the first stage did not know, those at their defaults are left out.
  const { published: _, limits: ___, prune: ____, data, ...all } = checked();
  const { lag: _____, ...search } = all.search;
  const { training, model } = essential(checked());
  const rest = { ...all, search, training, model };
  const { folder: __, ...ranges } = data as Extract<Experiment['data'], { source: 'idx' }>;
  const text = canonicalJson({ ...rest, data: ranges });
  t.equal(definitionHash(checked()), createHash('sha256').update(text).digest('hex'));
});

t.test('a definition stays the same where only its writing changes', async (t) => {
  const same = definitionHash(checked());
  const reordered = Object.fromEntries(Object.entries(definition).reverse()) as ExperimentInput;
  t.equal(definitionHash(checkDefinition(reordered, 'the test')), same, 'the order of keys');
  t.equal(definitionHash(checked({ seed: 1, search: { method: 'grid' } })), same, 'a default, written out');
  t.equal(definitionHash(checked({ search: { trials: 5 }, limits: { runSeconds: 5 } })), same, 'budgets');
  t.equal(definitionHash(checked({ $schema: 'x.json' })), same, "the editor's schema");
  t.equal(
    definitionHash(checked({ published: { testAccuracy: 0.5 } })),
    same,
    'figures that are only printed',
  );
  t.equal(
    definitionHash(checked({ data: { ...definition.data, folder: 'there' } as never })),
    same,
    'where the data lies',
  );
  t.equal(
    definitionHash(checked({ data: { ...definition.data, classNames: ['shirt', 'boot'] } as never })),
    same,
    'names that are only printed',
  );
  const table = { source: 'csv', label: 'kind', train: [0, 100], validation: [100, 200], test: [200, 250] };
  const ofTable = (written: object) =>
    definitionHash(checked({ data: { ...table, file: 'a.csv', ...written } as never }));
  t.equal(
    ofTable({ file: 'b.csv', separator: ';', decimal: ',' }),
    ofTable({}),
    'how a table is written: its data has a hash of its own',
  );
});

t.test('a definition is another where anything is asked for differently', async (t) => {
  const changes: Partial<ExperimentInput>[] = [
    { name: 'other' },
    { seed: 2 },
    { data: { ...definition.data, train: [0, 99] } },
    { data: { ...definition.data, pixels: 'raw' } as ExperimentInput['data'] },
    { model: { hidden: [21] } },
    { model: { hidden: [20], initialWeights: 'normal' } },
    { training: { epochs: 6 } },
    { training: { epochs: 5, reduction: 'mean' } },
    { space: { learningRate: [0.1, 0.2], batchSize: [10] } },
    { search: { metric: 'validationLoss' } },
    { search: { replicates: 2 } },
    { final: { epochs: 4 } },
    { final: undefined },
  ];
  const hashes = changes.map((change) => definitionHash(checked(change)));
  t.equal(new Set([definitionHash(checked()), ...hashes]).size, changes.length + 1);
});

t.test("a trial's key does not depend on what other trials there are, nor on names", async (t) => {
  const same = keyOf();
  t.equal(keyOf({ name: 'other' }), same);
  t.equal(keyOf({ space: { learningRate: [0.1, 0.2], batchSize: [10, 20] } }), same);
  t.equal(keyOf({ search: { replicates: 5 } }), same);
  t.equal(keyOf({ published: { testAccuracy: 0.5 } }), same);
  t.equal(keyOf({ final: { epochs: 99 } }), same, 'phase 2 comes after phase 1');
});

t.test("a trial's key depends on all that decides its answer", async (t) => {
  const keys = [
    keyOf(),
    keyOf({ seed: 2 }),
    keyOf({ model: { hidden: [21] } }),
    keyOf({ model: { hidden: [20], initialWeights: 'normal' } }),
    keyOf({ training: { epochs: 6 } }),
    keyOf({ training: { epochs: 5, penalty: 'l2', lambda: 0.1 } }),
    keyOf({ training: { epochs: 5, rowOrder: 'natural' } }),
    keyOf({ search: { metric: 'validationLoss' } }),
    keyOf({}, 'final'),
    keyOf({ final: { epochs: 4 } }, 'final'),
    trialKey(tried(checked(), { ...ingredients, dataHash: 'x' }), 'search', point),
    trialKey(tried(checked(), { ...ingredients, kernelHash: 'x' }), 'search', point),
    trialKey(tried(checked()), 'search', { ...point, replicate: 1 }),
    trialKey(tried(checked()), 'search', { ...point, params: { learningRate: 0.1, batchSize: 11 } }),
    trialKey(tried(checked()), 'search', { ...point, params: { learningRate: 0.2, batchSize: 10 } }),
    trialKey(tried(checked()), 'final', point, 'some weights'),
    trialKey(tried(checked()), 'final', point, 'other weights'),
  ];
  t.equal(new Set(keys).size, keys.length);
});

t.test('definitions and trials have the hashes that the first stage gave them', async (t) => {
  t.equal(definitionHash(checked()), 'ec06ee4a11034c8483e9c59aeb468581aece021389b07c551d8be91f613335f2');
  t.equal(keyOf(), '1ed478dd56f3b6d149defba8992a4e67198f009656b45e285904b3363318b5c8');
  t.equal(keyOf({}, 'final'), '1a80766ad8d2cbc77a17614c549f32d7e8b8d8d6c299fd82da51a5c33f73291e');
});

t.test('of any other objective the key follows from what decides its answer', async (t) => {
  const objective: ObjectiveInput = {
    name: 'any',
    objective: { module: './any.ts' },
    metrics: { loss: 'minimise' },
    space: { x: [1, 2] },
  };
  const keyOf = (changes: Partial<ObjectiveInput> = {}, objectiveHash = 'o', replicate = 0) => {
    const experiment = checkDefinition({ ...objective, ...changes }, 'the test') as ObjectiveExperiment;
    const tried = { kind: 'objective', experiment, ingredients: { objectiveHash } } as const;
    return trialKey(tried, 'search', { params: { x: 1 }, replicate });
  };
  const same = keyOf();
  t.equal(keyOf({ name: 'other', space: { x: [1, 3] }, limits: { trialSeconds: 1 } }), same);
  t.equal(keyOf({ objective: { module: './elsewhere.ts' } }), same, 'its code has a hash of its own');
  const others = [
    keyOf({ seed: 2 }),
    keyOf({ metrics: { loss: 'maximise' } }),
    keyOf({ search: { result: 'last' } }),
    keyOf({}, 'p'),
    keyOf({}, 'o', 1),
  ];
  t.equal(new Set([same, ...others]).size, 6);
});
