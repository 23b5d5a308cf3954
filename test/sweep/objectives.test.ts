import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { ObjectiveExperiment, ObjectiveInput } from '../../src/experiment/schema.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import type { RunOptions } from '../../src/sweep/run-options.ts';
import { content } from '../torture/oracle.ts';

const valley = `export default async function ({ params, report, log, save }) {
  for (let step = 1; step <= 3; step++) await report(step, { loss: (params.x - 2) ** 2 + 1 / step });
  log('x is ' + params.x);
  save(Buffer.from('model of ' + params.x));
}
`;

const definition: ObjectiveInput = {
  name: 'valley',
  objective: { module: './valley.mjs' },
  metrics: { loss: 'minimise' },
  space: { x: [0, 1, 2, 3] },
};

function folderWith(t: Test, code = valley): string {
  return t.testdir({ 'valley.mjs': code });
}

async function ran(folder: string, changes: Partial<ObjectiveInput> = {}, options: Partial<RunOptions> = {}) {
  const events: SweepEvent[] = [];
  const result = await runExperiment({
    experiment: checkDefinition({ ...definition, ...changes }, 'the test') as ObjectiveExperiment,
    ...{ baseFolder: folder, database: join(folder, 'results.db'), threads: 2 },
    onEvent: (event) => events.push(event),
    ...options,
  });
  const started = events.flatMap((event) => (event.kind === 'trial started' ? [event.trial.number] : []));
  return { result, events, started };
}

t.test('functions are tried as networks are: recorded, ranked, with logs and models', async (t) => {
  const folder = folderWith(t);
  const { result, started } = await ran(folder);
  t.equal(result.state, 'done');
  t.same(started, [1, 2, 3, 4]);
  t.equal(result.winner?.params['x'], 2);
  const results = openReadOnly(join(folder, 'results.db'));
  t.teardown(() => results.close());
  t.same(
    result.trials.map(({ id }) => results.log(id)),
    [0, 1, 2, 3].map((x) => `x is ${x}\n`),
  );
  const { artifacts, id } = result.winner ?? { artifacts: {}, id: 0 };
  const model = results.artifact(id, 'model');
  t.equal(model?.kind === 'bytes' && Buffer.from(model.bytes).toString(), 'model of 2');
  t.match(artifacts.model, /^[0-9a-f]{64}$/);
  t.same(
    results.reports(id).map(({ step, values }) => [step, values[0]]),
    [1, 2, 3].map((step) => [step, 1 / step]),
  );
  t.match(results.latestExperiment(), { metric: null, dataHash: null, objectiveHash: /^[0-9a-f]{64}$/ });
});

t.test('commands are tried in the same way', async (t) => {
  const code = `for await (const line of (await import('node:readline')).createInterface(process.stdin)) {
    const { x } = JSON.parse(line);
    for (let step = 1; step <= 3; step++) console.log(JSON.stringify({ step, loss: (x - 2) ** 2 + 1 / step }));
    console.log('x is ' + x);
    break;
  }
  process.exit();`;
  const folder = folderWith(t, code);
  const { result } = await ran(folder, { objective: { command: [process.execPath, 'valley.mjs'] } });
  t.equal(result.winner?.params['x'], 2);
  const results = openReadOnly(join(folder, 'results.db'));
  t.teardown(() => results.close());
  t.equal(results.log(result.trials[1]?.id ?? 0), 'x is 1\n');
});

t.test('a run goes on where it was stopped, to what one leaves that nobody disturbed', async (t) => {
  const undisturbed = folderWith(t);
  await ran(undisturbed);
  const folder = folderWith(t);
  const { result } = await ran(folder, {}, { stopAfter: { trials: 2 } });
  t.equal(result.state, 'stopped');
  const again = await ran(folder);
  t.same(again.started, [3, 4]);
  t.equal(content(join(folder, 'results.db')), content(join(undisturbed, 'results.db')));
});

t.test('more values try the new points alone, and what was finished is not tried again', async (t) => {
  const folder = folderWith(t);
  await ran(folder);
  const wider = await ran(folder, { space: { x: [0, 1, 2, 3, 4] } });
  t.same(wider.started, [5]);
  t.same((await ran(folder, { space: { x: [0, 1, 2, 3, 4] } })).started, []);
});

t.test('a definition goes on with its own run, though a later one of fewer values would fit', async (t) => {
  const folder = folderWith(t);
  await ran(folder);
  t.equal((await ran(folder, { space: { x: [2, 3] } })).result.experimentId, 2);
  const again = await ran(folder);
  t.equal(again.result.experimentId, 1);
  t.same(again.started, []);
});

t.test('changed code is another run, and so is another version', async (t) => {
  const folder = folderWith(t);
  await ran(folder);
  writeFileSync(
    join(folder, 'valley.mjs'),
    `${readFileSync(join(folder, 'valley.mjs'), 'utf8')}// changed\n`,
  );
  const changed = await ran(folder);
  t.equal(changed.result.experimentId, 2);
  t.match(
    changed.events.find(({ kind }) => kind === 'remark'),
    { text: /differs from that of experiment 1/ },
  );
  t.same(changed.started, [1, 2, 3, 4]);
  const other = await ran(folder, { objective: { module: './valley.mjs', version: 2 } });
  t.equal(other.result.experimentId, 3);
});

t.test('a module that is not there is told before anything runs', async (t) => {
  await t.rejects(ran(folderWith(t), { objective: { module: './none.mjs' } }), {
    code: 'ERR_OBJECTIVE_FILE',
    message: /none\.mjs/,
  });
});

t.test('so is one that cannot be imported, and nothing is recorded', async (t) => {
  const folder = folderWith(t);
  writeFileSync(join(folder, 'valley.mjs'), 'import "not-there-at-all";');
  await t.rejects(ran(folder), {
    ...{ code: 'ERR_OBJECTIVE_IMPORT', exitCode: 2 },
    message: /^No trial can run: .*valley\.mjs cannot be imported.*not-there-at-all/s,
  });
  t.notOk(
    readdirSync(folder).some((name) => name.includes('.db')),
    'nor is there a database',
  );
  writeFileSync(join(folder, 'valley.mjs'), valley);
  const first = await ran(folder);
  t.equal(first.result.experimentId, 1);
  writeFileSync(
    join(folder, 'valley.mjs'),
    `if (globalThis.never !== 1) throw new Error('broken');\n${valley}`,
  );
  await t.rejects(ran(folder), { code: 'ERR_OBJECTIVE_IMPORT' }, 'also beside a run of other code');
});

t.test('a finished run is told again though its module can no longer be imported', async (t) => {
  const folder = folderWith(t);
  writeFileSync(
    join(folder, 'valley.mjs'),
    `if ('BROKEN' in process.env) throw new Error('broken');\n${valley}`,
  );
  const first = await ran(folder);
  process.env['BROKEN'] = '1';
  t.teardown(() => delete process.env['BROKEN']);
  t.same((await ran(folder)).result.winner, first.result.winner);
});

t.test('changed code goes on with the run where a person says that it comes to the same', async (t) => {
  const folder = folderWith(t);
  await ran(folder, {}, { stopAfter: { trials: 2 } });
  writeFileSync(join(folder, 'valley.mjs'), `${valley}// changed`);
  const { result, started } = await ran(folder, {}, { sameCode: true });
  t.equal(result.experimentId, 1);
  t.same(started, [3, 4]);
});

t.test('where equal points need not have equal answers, each is run and nothing is taken over', async (t) => {
  const folder = folderWith(t);
  const twice = {
    space: { x: [1, 2] },
    search: { method: 'random', trials: 6 },
  } as const;
  t.equal((await ran(folder, twice)).started.length, 2, 'the others take the result of the first');
  const timed = { ...twice, deterministic: false };
  t.same((await ran(folder, timed, { stopAfter: { trials: 4 } })).started, [1, 2, 3, 4]);
  const { result, started } = await ran(folder, timed);
  t.equal(result.experimentId, 2, 'it is another experiment');
  t.same(started, [5, 6]);
  t.same((await ran(folder, timed, { fresh: true })).started, [1, 2, 3, 4, 5, 6]);
  t.same((await ran(folder, { ...timed, name: 'again' })).started, [1, 2, 3, 4, 5, 6]);
  const results = openReadOnly(join(folder, 'results.db'));
  t.teardown(() => results.close());
  t.same(results.query('SELECT DISTINCT experiment_id FROM trial WHERE same_as IS NOT NULL').rows, [[1]]);
});

const carriedOn = `export default async function ({ params, role, start, restored, report, checkpoint, save }) {
  const first = Number(Buffer.from(restored ?? '0'));
  for (let step = first + 1; step <= 3; step++) {
    await report(step, { loss: (params.x - 2) ** 2 + 1 / step + (role === 'final' ? -1 : 0) });
    checkpoint(Buffer.from(String(step)));
  }
  save(Buffer.from(role + ' ' + params.x + (start ? ' from ' + Buffer.from(start) : '')));
}
`;

t.test('where that is asked for, the winner is run once more from what it saved', async (t) => {
  const folder = folderWith(t, carriedOn);
  const { result } = await ran(folder, { final: {} });
  t.equal(result.state, 'done');
  t.match(result.final, { role: 'final', number: 1, state: 'done', params: { x: 2 }, attempts: 1 });
  const results = openReadOnly(join(folder, 'results.db'));
  t.teardown(() => results.close());
  const model = results.artifact(result.final?.id ?? 0, 'model');
  t.equal(model?.kind === 'bytes' && Buffer.from(model.bytes).toString(), 'final 2 from search 2');
  t.same(results.finalTrial(1), result.final);
  t.equal(result.winner?.role, 'search', 'the final trial is none of the search');
  const again = await ran(folder, { final: {} });
  t.same([again.started, again.result.final], [[], result.final], 'and that once');
  t.equal((await ran(folder)).result.final, undefined);
});

t.test('a run that is stopped before its final trial goes on to it', async (t) => {
  const undisturbed = folderWith(t, carriedOn);
  await ran(undisturbed, { final: {} });
  const folder = folderWith(t, carriedOn);
  t.equal((await ran(folder, { final: {} }, { lastPhase: 1 })).result.final, undefined);
  const stop = new AbortController();
  const onEvent = ({ kind }: SweepEvent) => kind === 'trial started' && stop.abort();
  const stopped = await ran(folder, { final: {} }, { signal: stop.signal, onEvent });
  t.equal(stopped.result.state, 'stopped');
  // On a busy machine it may have ended before the stop has reached its thread.
  t.match((await ran(folder, { final: {} })).result.final, { state: 'done', number: 1 });
  t.equal(content(join(folder, 'results.db')), content(join(undisturbed, 'results.db')));
});

t.test('a winner that saved nothing is run once more from nothing', async (t) => {
  const folder = folderWith(t, 'export default ({ params, start }) => params.x + (start ? 10 : 0);');
  const { result } = await ran(folder, { final: {} });
  t.match(result.final, { state: 'done', params: { x: 0 }, best: { values: [0] } });
});

t.test('a search of which nothing but failures comes ends and says so', async (t) => {
  const folder = folderWith(t, "export default () => { throw new Error('planted'); }");
  const { result, events } = await ran(folder, {
    space: { x: { int: [1, 400] } },
    search: { method: 'grid' },
    limits: { failures: 3 },
  });
  t.equal(result.state, 'stopped');
  // Those that were recorded ahead may have failed as well by the time that the third one's end is recorded.
  t.ok(result.trials.filter(({ state }) => state === 'failed').length < 400);
  t.match(
    events.findLast(({ kind }) => kind === 'remark'),
    { text: /^([3-9]|\d{2,}) trials in a row have failed.*planted/ },
  );
});

t.test('a pruner that had nothing to judge is said once', async (t) => {
  const remarksOf = async (code: string, options: Partial<RunOptions> = {}) => {
    const { events } = await ran(folderWith(t, code), { prune: { method: 'median' } }, options);
    return events.flatMap((event) => (event.kind === 'remark' ? [event.text] : []));
  };
  const alone = 'export default ({ params }) => params.x;';
  const only = (remarks: readonly string[], wanted: RegExp, message = '') => {
    t.equal(remarks.length, 1, message);
    t.match(remarks[0], wanted, message);
  };
  only(await remarksOf(alone), /^Nothing could be pruned/);
  t.same(await remarksOf(valley), []);
  only(await remarksOf(alone, { stopAfter: { trials: 1 } }), /^The budget/, 'not of one that was stopped');
  t.same(await remarksOf("export default () => { throw new Error('planted'); }"), [], 'nor where all failed');
  const once = 'export default async ({ params, report }) => { await report(1, { loss: params.x }); };';
  const prune = { method: 'median', startupTrials: 1 } as const;
  const { result, events } = await ran(folderWith(t, once), { prune });
  t.ok(result.trials.some(({ state }) => state === 'pruned'));
  t.notOk(
    events.some(({ kind }) => kind === 'remark'),
    'nor where one was pruned at its first step',
  );
});

t.test('a second process is refused the database before it speaks to the queue of its run', async (t) => {
  const folder = folderWith(t);
  const store = openStore(join(folder, 'results.db'));
  t.teardown(() => store.close());
  const workers = { url: 'redis://127.0.0.1:1', isForced: false };
  await t.rejects(ran(folder, {}, { workers }), { code: 'ERR_DATABASE_OWNED' });
});
