import t from 'tap';
import { errors } from '../../src/errors.ts';
import { patiently } from '../../src/sweep/patience.ts';

const { signal } = new AbortController();
const busy = () => errors.databaseBusy('results.db', new Error('locked'));

t.test('what another program holds up is tried again until it works', async (t) => {
  let tries = 0;
  const answer = await patiently(() => {
    tries += 1;
    if (tries < 4) throw busy();
    return 'done';
  }, signal);
  t.equal(answer, 'done');
  t.equal(tries, 4);
});

t.test('patience ends, with exit code 75', async (t) => {
  const attempt = patiently(
    () => {
      throw busy();
    },
    signal,
    30,
  );
  await t.rejects(attempt, { code: 'ERR_DATABASE_BUSY', exitCode: 75 });
});

t.test('any other fault is not tried again', async (t) => {
  let tries = 0;
  const attempt = patiently(() => {
    tries += 1;
    throw new Error('planted');
  }, signal);
  await t.rejects(attempt, /planted/);
  t.equal(tries, 1);
});
