import t from 'tap';
import { cmaEs, cmaEsDefaults } from '../../src/search/cma-es.ts';
import { searcherContract } from '../contracts/searcher-contract.ts';
import { functions, study } from './functions.ts';
import { everyKind, numeric, onePoint } from './spaces.ts';

searcherContract(t, numeric, () =>
  cmaEs(numeric, [{ goal: 'minimise' }, { goal: 'maximise' }], cmaEsDefaults, 3),
);
searcherContract(t, onePoint.slice(1), () =>
  cmaEs(onePoint.slice(1), [{ goal: 'maximise' }], { ...cmaEsDefaults, populationSize: 4 }, 3),
);

t.test('a parameter that is no number, or does not always apply, is named', async (t) => {
  const named = (space: typeof everyKind) => () => cmaEs(space, [{ goal: 'minimise' }], cmaEsDefaults, 1);
  t.throws(named(everyKind), { code: 'ERR_SEARCH_PARAMETER', message: /"shape" is a choice/ });
  const conditional = everyKind.filter(({ name }) => name === 'momentum');
  t.throws(named(conditional), {
    code: 'ERR_SEARCH_PARAMETER',
    message: /"momentum" applies only .* solver/,
  });
});

t.test(
  'it comes to the optimum of a sphere, and from one of Rastrigin to another after a restart',
  async (t) => {
    const [sphere, rastrigin] = ['sphere5', 'rastrigin5'].map((name) =>
      functions.find((one) => one.name === name),
    );
    if (sphere === undefined || rastrigin === undefined) throw new Error('A function is missing.');
    const at = (one: typeof sphere, trials: number) =>
      study(one, cmaEs(one.space, [{ goal: 'minimise' }], cmaEsDefaults, 2), {
        seed: 2,
        after: [trials],
      })[0] as number;
    t.ok(at(sphere, 500) < 1e-4);
    // Its first descent ends in some local optimum; those around the global one have whole values up to 10.
    t.ok(at(rastrigin, 2500) < at(rastrigin, 1000));
  },
);
