import t from 'tap';
import { spaceOf } from '../../src/space/definition.ts';
import { misfits } from '../../src/space/misfits.ts';
import { conditionalSpace } from './spaces.ts';

const ranges = spaceOf({ alpha: { float: [1e-6, 10], scale: 'log' }, size: { int: [2, 8], step: 2 } });

t.test('what is wrong with parameters is said in a sentence', async (t) => {
  const cases: [object, string | undefined][] = [
    [{ alpha: 0.5, size: 4 }, undefined],
    [{ alpha: 1e-6, size: 8 }, undefined],
    [{ alpha: 11, size: 4 }, 'alpha must be a number from 0.000001 to 10, but got 11.'],
    [{ alpha: '1', size: 4 }, 'alpha must be a number from 0.000001 to 10, but got "1".'],
    [{ alpha: Number.NaN, size: 4 }, 'alpha must be a number from 0.000001 to 10, but got NaN.'],
    [{ alpha: 1, size: 3 }, 'size must be a whole number from 2 to 8 in steps of 2, but got 3.'],
    [{ alpha: 1 }, 'size must be a whole number from 2 to 8 in steps of 2, but it is missing.'],
    [
      { alpha: 1, size: 4, beta: 1 },
      '"beta" is no parameter of this space, whose parameters are alpha, size.',
    ],
  ];
  for (const [params, said] of cases)
    t.same(misfits(ranges, { ...params }), said === undefined ? [] : [said]);
});

t.test('a parameter that does not apply must be absent', async (t) => {
  t.same(misfits(conditionalSpace, { solver: 'lu', flag: true }), []);
  t.same(misfits(conditionalSpace, { solver: 'lu', flag: true, degree: 1 }), [
    'degree must be absent, for it applies only where solver is "qr", but got 1.',
  ]);
});

t.test('what an object inherits is no parameter', async (t) => {
  const space = spaceOf({ toString: [1, 2] });
  t.same(misfits(space, {}), ['toString must be 1 or 2, but it is missing.']);
});

t.test('all that is wrong is said, but of what hangs on a wrong value nothing', async (t) => {
  t.same(misfits(ranges, { alpha: 11, beta: 1 }), [
    '"beta" is no parameter of this space, whose parameters are alpha, size.',
    'alpha must be a number from 0.000001 to 10, but got 11.',
    'size must be a whole number from 2 to 8 in steps of 2, but it is missing.',
  ]);
  t.same(misfits(conditionalSpace, { solver: 'other', flag: true, degree: 99 }), [
    'solver must be "lu" or "qr" or "svd", but got "other".',
  ]);
});
