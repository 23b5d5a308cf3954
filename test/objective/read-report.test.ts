import t from 'tap';
import { faultOfStep, readReturned, readValues } from '../../src/objective/read-report.ts';

const metrics = [
  { name: 'loss', goal: 'minimise' },
  { name: 'seconds', goal: 'none' },
] as const;

t.test('values stand in the order of the metrics, whatever the order of the report', async (t) => {
  t.same(readValues(metrics, { seconds: 2, loss: 1 }, 'fault'), { kind: 'values', values: [1, 2] });
});

t.test('zero has no sign', async (t) => {
  const read = readValues(metrics, { seconds: -0, loss: -0 }, 'fault');
  t.ok(read.kind === 'values' && read.values.every((value) => Object.is(value, 0)));
});

t.test('what is not finite is told apart from what is wrong', async (t) => {
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    t.same(readValues(metrics, { loss, seconds: 1 }, 'fault'), { kind: 'not finite' });
  for (const given of [
    undefined,
    null,
    1,
    'text',
    [],
    {},
    { loss: 1 },
    { loss: '1', seconds: 1 },
    { loss: 1n, seconds: 1 },
  ])
    t.equal(readValues(metrics, given, 'fault').kind, 'fault', String(given));
});

t.test('other names are faults of a function, and ignored of a program', async (t) => {
  const given = { loss: 1, seconds: 2, rate: 3 };
  t.equal(readValues(metrics, given, 'fault').kind, 'fault');
  t.same(readValues(metrics, given, 'ignored'), { kind: 'values', values: [1, 2] });
});

t.test('names of every object are no metrics that were given', async (t) => {
  const inherited = [{ name: 'constructor', goal: 'minimise' }] as const;
  t.equal(readValues(inherited, {}, 'ignored').kind, 'fault');
  t.same(readValues(inherited, { constructor: 4 }, 'ignored'), { kind: 'values', values: [4] });
});

t.test('a number alone is the value of the only metric', async (t) => {
  t.same(readReturned(metrics.slice(0, 1), 3), { kind: 'values', values: [3] });
  t.equal(readReturned(metrics, 3).kind, 'fault');
});

t.test('steps are whole numbers that ascend from 1', async (t) => {
  for (const [step, last] of [
    [1, 0],
    [7, 3],
    [Number.MAX_SAFE_INTEGER, 1],
  ])
    t.equal(faultOfStep(step, last as number), undefined);
  for (const [step, last] of [
    [0, 0],
    [3, 3],
    [1.5, 0],
    [-1, 0],
    [Number.NaN, 0],
    ['1', 0],
    [undefined, 0],
    [2 ** 53, 0],
  ] as const)
    t.match(faultOfStep(step, last), { code: 'ERR_REPORT' });
});
