import t from 'tap';
import * as z from 'zod';
import { experimentJsonSchema, networkShape } from '../../src/experiment/schema.ts';
import { right } from './definition.ts';

const schema = experimentJsonSchema() as Record<string, unknown>;
// What an editor does with it: the schema read back by somebody who has nothing but its text.
const read = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));

t.test('the JSON Schema says which draft it is and what it describes', async (t) => {
  t.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
  t.equal(schema['title'], 'coresweep experiment');
  t.same(
    (schema['anyOf'] as { required: string[] }[]).map(({ required }) => required),
    [
      ['name', 'data', 'space'],
      ['name', 'objective', 'metrics', 'space'],
    ],
    'the network, or an objective',
  );
});

t.test('the JSON Schema takes what the schema takes and refuses what it refuses', async (t) => {
  const { data, model, training, space } = right;
  for (const [definition, isRight] of [
    [right, true],
    [{ ...right, $schema: 'experiment.schema.json' }, true],
    [{ ...right, data: { ...data, source: 'idx', folder: 'here' } }, true],
    [
      { ...right, model: { hidden: [], initialWeights: { layers: [{ weights: [[0.5]], biases: [0] }] } } },
      true,
    ],
    [{ ...right, nam: 'x' }, false],
    [{ ...right, data: { ...data, source: 'idx' } }, false],
    [{ ...right, data: { ...data, folder: 'here' } }, false],
    [{ ...right, data: { ...data, train: [0, 1, 2] } }, false],
    [{ ...right, model: { ...model, initialWeights: 'xavier' } }, false],
    [{ ...right, training: { ...training, epochs: 0 } }, false],
    [{ ...right, space: { ...space, learningRate: [0] } }, false],
    [{ ...right, space: { ...space, batchSize: [] } }, false],
  ] as const) {
    t.equal(networkShape().safeParse(definition).success, isRight, 'the schema itself');
    t.equal(read.safeParse(definition).success, isRight, JSON.stringify(definition));
  }
});

t.test('no key is marked as one that must not be written', async (t) => {
  t.notMatch(JSON.stringify(schema), /readOnly/);
});

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly oneOf?: readonly Described[];
  readonly anyOf?: readonly Described[];
  readonly items?: Described | boolean;
}

/** Paths of all properties below, with their descriptions. */
function propertiesOf(place: Described | boolean | undefined, path = ''): [string, string | undefined][] {
  if (typeof place !== 'object') return [];
  const own = Object.entries(place.properties ?? {});
  return [
    ...own.map(([name, { description }]): [string, string | undefined] => [`${path}${name}`, description]),
    ...own.flatMap(([name, inner]) => propertiesOf(inner, `${path}${name}.`)),
    ...[...(place.oneOf ?? []), ...(place.anyOf ?? []), place.items].flatMap((inner) =>
      propertiesOf(inner, path),
    ),
  ];
}

t.test('every property has a description, for whoever writes one in an editor', async (t) => {
  const properties = propertiesOf(schema as Described);
  t.ok(properties.length > 60, `${properties.length} properties`);
  t.same(
    properties.filter(([, description]) => !description),
    [],
  );
});
