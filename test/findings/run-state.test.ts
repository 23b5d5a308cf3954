import t from 'tap';
import { runStateNow } from '../../src/findings/run-state.ts';
import { studyIngredients } from '../../src/sweep/is-study.ts';

const run = { objectiveHash: null };

t.test('a run that is recorded as running was interrupted once no process owns the database', async (t) => {
  t.equal(
    runStateNow({ ...run, state: 'running' }, () => true),
    'running',
  );
  t.equal(
    runStateNow({ ...run, state: 'running' }, () => false),
    'interrupted',
  );
  for (const state of ['done', 'stopped'] as const)
    t.equal(
      runStateNow({ ...run, state }, () => t.fail('one that has ended need not ask')),
      state,
    );
});

t.test('a study is open until it is done, whoever owns the database', async (t) => {
  const state = (state: 'running' | 'done' | 'stopped') =>
    runStateNow({ ...studyIngredients, state }, () => false);
  t.equal(state('stopped'), 'open');
  t.equal(state('running'), 'open');
  t.equal(state('done'), 'done');
});
