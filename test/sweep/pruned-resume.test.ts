/** Functions that a pruner judges, cut off and gone on with from what they have kept. */
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import { content } from '../torture/oracle.ts';

const experiment = checkDefinition(
  {
    name: 'kept',
    objective: { module: './kept.mjs' },
    metrics: { loss: 'minimise' },
    space: { x: { int: [1, 12] } },
    prune: { method: 'asha', minResource: 2, reductionFactor: 2 },
  },
  'the test',
);
const code = `export default async function ({ params: { x }, restored, report, checkpoint }) {
  for (let step = 1 + Number(Buffer.from(restored ?? '0')); step <= 9; step++) {
    if (x === 9 && step === 4) throw new Error('planted');
    await report(step, { loss: (x * 7) % 12 + 5 / step });
    checkpoint(Buffer.from(String(step)));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
`;

/** @param cutAt at which event of its kind, counted from 1, the session is cut off */
function ran(database: string, cutAt?: readonly [kind: SweepEvent['kind'], time: number]) {
  const stop = new AbortController();
  let times = 0;
  const onEvent = ({ kind }: SweepEvent) => {
    if (kind === cutAt?.[0] && ++times === cutAt[1]) stop.abort();
  };
  const options = { experiment, baseFolder: dirname(database), database, threads: 2 };
  return runExperiment({ ...options, signal: stop.signal, onEvent });
}

/** What a database answers to a statement that gives one value. */
function asked(database: string, sql: string): unknown {
  const db = new Database(database);
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

t.test('they end as those that nobody has cut off', async (t) => {
  const folder = t.testdir({ 'kept.mjs': code });
  const [whole, cut] = [join(folder, 'whole.db'), join(folder, 'cut.db')];
  const { trials } = await ran(whole);
  t.same(new Set(trials.map(({ state }) => state)), new Set(['done', 'pruned', 'failed']));
  let kept = 0;
  for (let session = 0; ; session++) {
    const kind = session % 2 === 0 ? 'trial judged' : 'trial finished';
    const { state } = await ran(cut, [kind, 2 + (session % 3)]);
    if (state === 'done') break;
    kept += asked(cut, 'SELECT count(*) FROM checkpoint') as number;
  }
  t.ok(kept > 0, 'some of them have gone on');
  t.equal(content(cut), content(whole));
});

t.test('where their reports are damaged nothing is judged by them, and the record is named', async (t) => {
  const database = join(t.testdir({ 'kept.mjs': code }), 'results.db');
  await ran(database, ['trial finished', 4]);
  const ended = "(SELECT id FROM trial WHERE state IN ('done', 'pruned') ORDER BY number LIMIT 1)";
  asked(database, `UPDATE report SET v1 = v1 + 1 WHERE step = 1 AND trial_id = ${ended} RETURNING 1`);
  const attempts = 'SELECT sum(attempts) FROM trial';
  const before = asked(database, attempts);
  await t.rejects(ran(database), {
    code: 'ERR_RECORD_DAMAGED',
    exitCode: 65,
    message: /the curve of the trial with id 1 /,
  });
  t.equal(asked(database, attempts), before, 'no trial has begun');
});
