import t from 'tap';
import * as z from 'zod';
import { essential, withoutDefaults } from '../../src/experiment/essential.ts';
import { networkShape } from '../../src/experiment/schema.ts';
import { canonicalJson } from '../../src/sweep/identity.ts';

const definition = {
  name: 'small',
  data: { source: 'idx', folder: 'here', train: [0, 100], validation: [100, 200] },
  model: { hidden: [20] },
  training: { epochs: 5 },
  space: { learningRate: [0.1], batchSize: [10] },
  final: { epochs: 3 },
};

/** The schema as it may be one day: with a new setting, a new one of a kind of data, and a new section. */
const [mnist, , ...otherData] = networkShape().shape.data.options;
const idx = networkShape().shape.data.options[1].extend({ rotate: z.boolean().default(false) });
const later = networkShape().extend({
  data: z.discriminatedUnion('source', [mnist, idx, ...otherData]),
  training: networkShape()
    .shape.training.unwrap()
    .extend({ momentum: z.number().default(0) }),
  pruner: z.strictObject({ kind: z.string().default('none'), rungs: z.int().default(3) }).prefault({}),
});

const today = canonicalJson(essential(networkShape().parse(definition)));
const laterOf = (changes: object) =>
  canonicalJson(withoutDefaults(later.parse({ ...definition, ...changes }), later));

t.test(
  'a schema that gains settings leaves a definition that says nothing of them what it was',
  async (t) => {
    t.equal(later.parse(definition).training.momentum, 0, 'the setting is there');
    t.equal(laterOf({}), today);
    t.equal(laterOf({ training: { epochs: 5, momentum: 0 } }), today, 'written out at its default');
    t.equal(laterOf({ pruner: { kind: 'none' } }), today);
  },
);

t.test('a new setting that is not at its default makes a definition another', async (t) => {
  const texts = [
    laterOf({ training: { epochs: 5, momentum: 0.9 } }),
    laterOf({ pruner: { kind: 'asha' } }),
    laterOf({ data: { ...definition.data, rotate: true } }),
  ];
  t.equal(new Set([today, ...texts]).size, 4);
  t.notMatch(texts[1], 'rungs', 'of a section, what is said counts');
});

t.test('every setting of the first stage counts at its default too, as its hashes were made', async (t) => {
  // `model.output`, all of `training` from `optimizer` on, `search.lag` and `prune` came later.
  const { prune, ...experiment } = networkShape().parse(definition);
  const { lag, ...search } = experiment.search;
  const { output, ...model } = experiment.model;
  const { epochs, reduction, rowOrder, penalty, lambda } = experiment.training;
  const training = { epochs, reduction, rowOrder, penalty, lambda };
  const { limits, ...others } = { ...experiment, search, model, training };
  t.same(essential({ ...experiment, prune }), others);
});
