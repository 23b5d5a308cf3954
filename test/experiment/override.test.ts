import t from 'tap';
import { overridden } from '../../src/experiment/override.ts';
import { growsAsItsInput } from '../growth.ts';
import { right } from './definition.ts';

const after = (override: string, definition: unknown = right) => overridden(definition, override);

t.test('a value is set by its path, and read as YAML', async (t) => {
  t.same(after('training.epochs=20'), { ...right, training: { epochs: 20 } });
  t.same(after('training.rowOrder=natural'), { ...right, training: { epochs: 5, rowOrder: 'natural' } });
  t.same(after('seed= 1e3 '), { ...right, seed: 1000 });
  t.same(after('training={ epochs: 7 }'), { ...right, training: { epochs: 7 } });
});

t.test('commas make a list on an axis, and where a list stands', async (t) => {
  const { learningRate } = right.space;
  t.same(after('space.batchSize=16,32'), { ...right, space: { learningRate, batchSize: [16, 32] } });
  t.same(after('space.batchSize=16'), { ...right, space: { learningRate, batchSize: [16] } });
  t.same(after('space.batchSize=[16, 32]'), { ...right, space: { learningRate, batchSize: [16, 32] } });
  t.same(after('space.batchSize='), { ...right, space: { learningRate, batchSize: [] } });
  t.same(after('model.hidden=64,32'), { ...right, model: { hidden: [64, 32] } });
  t.same(after('data.train=0,50'), { ...right, data: { ...right.data, train: [0, 50] } });
  t.same(after('space.learningRate=1', { name: 'x' }), { name: 'x', space: { learningRate: [1] } });
});

t.test('one item of a list can be set', async (t) => {
  t.same(after('data.train.1=50'), { ...right, data: { ...right.data, train: [0, 50] } });
  t.same(after('space.batchSize.0=7'), { ...right, space: { ...right.space, batchSize: [7, 100] } });
});

t.test('keys that are not there yet are made, also in an empty group', async (t) => {
  t.same(after('final.epochs=3'), { ...right, final: { epochs: 3 } });
  t.same(after('a.b.c=3', {}), { a: { b: { c: 3 } } });
  t.same(after('final.epochs=3', { final: null }), { final: { epochs: 3 } });
});

t.test('what is nested without end is refused', async (t) => {
  for (const [override, message] of [
    [`${'a.'.repeat(50_000)}b=5`, /its path has 50001 keys, and no definition is so deep/],
    [`name=${'? '.repeat(600)}x`, /a key must be a single word or number/],
    [`name=${'['.repeat(50_000)}`, /it is nested too deeply/],
  ] as const) {
    t.throws(() => after(override), { code: 'ERR_OVERRIDE', message }, String(message));
  }
});

t.test('the time to read an override grows as its length', async (t) => {
  for (const [what, size, text] of [
    ['keys', 2_000, (size: number) => `name={${Array.from({ length: size }, (_, at) => `k${at}: 1`)}}`],
    ['numbers', 2_000, (size: number) => `space.batchSize=${'1,'.repeat(size)}`],
    ['keys of keys', 40, (size: number) => `name=${'? '.repeat(size)}x`],
  ] as const) {
    await growsAsItsInput(t, what, size, text, (text) => {
      try {
        after(text);
      } catch {
        // Refused: that is an answer as well.
      }
    });
  }
});

t.test('a value may hold equals signs', async (t) => {
  t.same(after('name=a=b=c'), { ...right, name: 'a=b=c' });
});

t.test(
  'the definition given is left as it was: a module keeps its export for the next who asks',
  async (t) => {
    const frozen = Object.freeze({ training: Object.freeze({ epochs: 1 }), rows: Object.freeze([1, 2]) });
    t.same(after('training.epochs=2', frozen), { training: { epochs: 2 }, rows: [1, 2] });
    t.same(after('rows.0=5', frozen), { training: { epochs: 1 }, rows: [5, 2] });
    t.same(frozen, { training: { epochs: 1 }, rows: [1, 2] });
  },
);

t.test('what is no path=value is refused with the text and an example', async (t) => {
  for (const [override, reason] of [
    ['training.epochs', 'there is no "="'],
    ['', 'there is no "="'],
    ['=5', 'a key is empty'],
    ['training..epochs=5', 'a key is empty'],
    ['training.=5', 'a key is empty'],
    ['name.first=5', '"name" holds no keys'],
    ['space.batchSize.2=5', '"batchSize" is a list of 2, counted from 0, and has no "2"'],
    ['space.batchSize.length=5', '"batchSize" is a list of 2, counted from 0, and has no "length"'],
    ['space.batchSize.-1=5', '"batchSize" is a list of 2, counted from 0, and has no "-1"'],
  ] as const) {
    t.throws(
      () => after(override),
      {
        code: 'ERR_OVERRIDE',
        exitCode: 2,
        message: `--set ${JSON.stringify(override)} cannot be applied: ${reason}. Write path=value, for example --set training.epochs=20.`,
      },
      override,
    );
  }
});

t.test('a value that is no YAML is refused', async (t) => {
  for (const override of ['name="open', 'space.batchSize=1]', 'name=*nothing', 'name=!!set x', 'name={a']) {
    t.throws(
      () => after(override),
      { code: 'ERR_OVERRIDE', message: /is YAML: .* needs quotes, as in --set '/ },
      override,
    );
  }
});

t.test('a definition that holds no keys cannot be overridden', async (t) => {
  t.throws(() => after('name=x', 'text'), { code: 'ERR_OVERRIDE', message: /the definition holds no keys/ });
});

t.test('__proto__ is no key, wherever it stands, and no prototype is touched', async (t) => {
  for (const override of ['__proto__.polluted=1', 'training.__proto__.polluted=1', '__proto__=1']) {
    t.throws(() => after(override), { code: 'ERR_OVERRIDE', message: /"__proto__" is no key/ }, override);
  }
  after('constructor.prototype.polluted=1');
  t.same(Object.keys(after('training={ __proto__: { polluted: 1 } }') as object), Object.keys(right));
  t.notOk('polluted' in {});
});
