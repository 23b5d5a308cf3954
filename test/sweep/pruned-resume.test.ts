/** Functions that a pruner judges, cut off and gone on with from what they have kept. */
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import type { Experiment } from '../../src/store/results.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import { verifyObjective } from '../../src/sweep/verify-objective.ts';
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

t.test('who has reported more than is kept is judged, and judged by, as if it all were', async (t) => {
  // At the rung the order of the trials is the other way round than before and behind it.
  const code = `export default async function ({ params: { x }, report }) {
    for (let step = 1; step <= 20_000; step++) await report(step, { loss: step === 3 ? x : -x - 1 / step });
  }`;
  const definition = (trials: number) =>
    checkDefinition(
      {
        ...{ name: 'long', objective: { module: './long.mjs' }, metrics: { loss: 'minimise' } },
        space: { x: { float: [1, 12] } },
        search: { method: 'random', trials },
        prune: { method: 'asha', minResource: 3, reductionFactor: 2, maxResource: 20_000 },
      },
      'the test',
    );
  const folder = t.testdir({ 'long.mjs': code });
  const [whole, cut] = [join(folder, 'whole.db'), join(folder, 'cut.db')];
  const common = { baseFolder: folder, threads: 2, signal: new AbortController().signal, onEvent() {} };
  await runExperiment({ ...common, experiment: definition(8), database: whole });
  for (const trials of [2, 5, 8])
    await runExperiment({ ...common, experiment: definition(trials), database: cut });
  const ends = "SELECT json_group_array(state || best_step || ' ' || last_step) FROM trial ORDER BY number";
  t.equal(asked(cut, ends), asked(whole, ends));
  const results = openReadOnly(whole);
  t.teardown(() => results.close());
  const [run] = results.experiments();
  const trials = results.trials(run?.id as number);
  const found: (readonly string[])[] = [];
  await verifyObjective({
    ...{ ...common, results, run: run as Experiment, trials },
    onVerified: ({ differences }) => found.push(differences),
  });
  t.same(found, Array(8).fill([]), 'and so it is when it is run again');
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
