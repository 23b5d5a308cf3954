/** Bytes of a database are changed at random: whoever reads it gets the same answer or is told of the damage, no third thing. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { CoresweepError, errors } from '../../src/errors.ts';
import { optunaStudyOf } from '../../src/export/optuna.ts';
import { standingsOf } from '../../src/findings/standings.ts';
import { statusOf } from '../../src/findings/status.ts';
import { thinnedReports } from '../../src/findings/thinned-reports.ts';
import { checkDatabase } from '../../src/store/check-database.ts';
import { type DashboardResults, openDashboardResults } from '../../src/store/dashboard-results.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { type Experiment, networkRun, type Results } from '../../src/store/results.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { trialModel } from '../../src/store/trial-model.ts';
import { comparisonOf } from '../../src/terminal/comparison.ts';
import type { DoneTrial, Trial } from '../../src/trial.ts';
import { diverged, done, experiment, failed, spec, stopped, storeWith } from './example.ts';

/** Xorshift32: the same changes whenever this runs. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function smallDatabase(folder: string): string {
  const { store, path, experimentId } = storeWith(folder, [done(0.5), diverged, failed, stopped, done(0.75)]);
  store.beginSession(experimentId, { startedAt: '2026-01-02T03:04:05.678Z', threads: 2 });
  store.addTrials(experimentId, [spec(6), spec(1, 'final')]);
  const final = store.trials(experimentId).at(-1) as Trial;
  store.startAttempt(final.id);
  store.finish(final.id, done(0.9));
  const end = { at: 2, how: 'lost' } as const;
  store.recordMachines([{ name: 'host#1', firstThread: 0, threads: 2, from: 0, end }]);
  store.recordStints(final.id, [{ machine: 'host#1', from: 1, end }]);
  store.finishExperiment(experimentId, 'done', 2);
  store.close();
  return path;
}

type Reading = readonly [name: string, read: (results: Results, id: number) => unknown];

/** A question about each trial in turn. */
const ofEach = (name: string, ask: (results: Results, trialId: number) => unknown): Reading[] =>
  [1, 2, 3, 4, 5, 6, 7].map((id) => [`${name} of ${id}`, (results) => ask(results, id)]);

const run = (results: Results) => results.experiments()[0] as Experiment;

const readings: readonly Reading[] = [
  ['experiments', (results) => results.experiments()],
  ['latestExperiment', (results) => results.latestExperiment()],
  ['trials', (results, id) => results.trials(id)],
  ['ranked', (results, id) => results.ranked(id)],
  ['winner', (results, id) => results.winner(id)],
  ['finalTrial', (results, id) => results.finalTrial(id)],
  ['combinations', (results, id) => results.combinations(id)],
  ['spans', (results, id) => results.spans(id)],
  ['sessions', (results, id) => results.sessions(id)],
  ['machines', (results, id) => results.machines(id)],
  ['stints', (results, id) => results.stints(id)],
  ...ofEach('trial', (results, id) => results.trial(id)),
  ...ofEach('curve', (results, id) => results.reports(id)),
  ...ofEach('best weights', (results, id) => results.weights(id, 'best')),
  ...ofEach('last weights', (results, id) => results.weights(id, 'last')),
  ...ofEach('correct', (results, id) => results.correct(id)),
  ['standings', (results) => standingsOf(results, networkRun(run(results)), { reportsOf: results.reports })],
  ['status', (results) => statusOf(results, networkRun(run(results)), 'done', undefined, 0)],
  [
    'comparison',
    (results) => {
      const [one, other] = results.ranked(1);
      return comparisonOf(results, run(results), [one as Trial, other as Trial]);
    },
  ],
  ['Optuna study', (results) => Buffer.from(optunaStudyOf(results, run(results))).toString('base64')],
  ['model', (results) => trialModel(results, run(results), results.winner(1) as DoneTrial)],
];

const dashboardReadings: readonly (readonly [string, (results: DashboardResults) => unknown])[] = [
  ['summaries', (results) => results.summaries()],
  ['parameters', (results) => results.parameters(1)],
  ['done columns', (results) => results.doneColumns(1)],
  ['ranked ids', (results) => [results.rankedIds(1, 'search'), results.rankedIds(1, 'final')]],
  ['running', (results) => results.running(1)],
  ['thinned curve', (results) => thinnedReports(results, 1, 10)],
  [
    'lines',
    (results) =>
      results.lines(1, {
        sort: { by: 'rank' },
        descending: false,
        state: undefined,
        ready: [],
        values: new Map(),
        from: 0,
        count: 50,
      }),
  ],
];

/** What reading gives: its answer as text, or the error that a person would see. Anything else it throws is thrown on. */
function outcome(read: () => unknown): string | CoresweepError {
  try {
    return (
      JSON.stringify(read(), (_, value) => (value instanceof Float32Array ? [...value] : value)) ?? 'none'
    );
  } catch (error) {
    if (error instanceof CoresweepError) return error;
    // This test asks by number; whoever reads asks for what is listed, and is told that the list is not whole.
    if (error instanceof Error && /^There is no trial with id/.test(error.message))
      return errors.recordDamaged(undefined, Object.assign(error, { record: 'a trial' }));
    throw error;
  }
}

/** Everything that can be asked of the database at `path`, by name. */
function answers(path: string): Map<string, string | CoresweepError> {
  const found = new Map<string, string | CoresweepError>();
  const askAll = <Opened extends Results>(
    opened: string,
    open: () => Opened,
    questions: readonly (readonly [string, (results: Opened) => unknown])[],
  ): void => {
    let results: Opened | undefined;
    const failure = outcome(() => {
      results = open();
    });
    for (const [name, read] of questions) {
      const opened = results;
      try {
        found.set(name, opened === undefined ? failure : outcome(() => read(opened)));
      } catch (error) {
        throw new Error(`${name}: ${error instanceof Error ? error.stack : error}`);
      }
    }
    results?.close();
    if (results === undefined) found.set(opened, failure);
  };
  askAll(
    'results',
    () => openReadOnly(path),
    readings.map(([name, read]) => [name, (results) => read(results, 1)]),
  );
  askAll('dashboard', () => openDashboardResults(path), dashboardReadings);
  return found;
}

/** Says for each question what is neither the same answer nor a documented error. */
function faults(path: string, expected: ReadonlyMap<string, string | CoresweepError>): string[] {
  const found = answers(path);
  return [...expected].flatMap(([name, wanted]) => {
    const got = found.get(name);
    if (got === wanted || got instanceof CoresweepError) return [];
    return [`${name}: ${String(got).slice(0, 300)} in place of ${String(wanted).slice(0, 300)}`];
  });
}

/** Each round in a database of its own: some bytes anywhere, or one bit, or a few in the first page. */
function changed(whole: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(whole);
  const count = 1 + random(random(3) === 0 ? 20 : 2);
  for (let change = 0; change < count; change++) {
    const at = random(random(5) === 0 ? 100 : bytes.length);
    bytes[at] = random(2) === 0 ? random(256) : (bytes[at] as number) ^ (1 << random(8));
  }
  return bytes;
}

function rounds(
  t: Test,
  count: number,
  seed: number,
  check: (path: string, round: number) => void,
  source?: URL,
): void {
  const folder = t.testdir({ good: {}, changed: {} });
  const whole = readFileSync(source ?? smallDatabase(`${folder}/good`));
  const random = randomFrom(seed);
  for (let round = 0; round < count; round++) {
    rmSync(`${folder}/changed`, { recursive: true, force: true });
    mkdirSync(`${folder}/changed`);
    const path = `${folder}/changed/results.db`;
    writeFileSync(path, changed(whole, random));
    check(path, round);
  }
}

t.test('whoever reads gets the same answer or a documented error', async (t) => {
  const expected = answers(smallDatabase(t.testdir()));
  for (const [name, answer] of expected) t.type(answer, 'string', name);
  rounds(t, 200, 2_463_534_242, (path, round) => {
    t.same(faults(path, expected), [], `round ${round}`);
  });
});

t.test('whoever writes does its work or throws a documented error', async (t) => {
  rounds(t, 60, 88_675_123, (path, round) => {
    const act = () => {
      const store: Store = openStore(path);
      try {
        store.addTrials(store.beginExperiment(experiment()), [spec(1)]);
        for (const { id, state } of store.trials(1)) if (state === 'stopped') store.startAttempt(id);
        store.finishExperiment(1, 'done', 1);
      } finally {
        store.close();
      }
    };
    t.doesNotThrow(() => outcome(act), `round ${round}`);
  });
});

t.test('the check of a damaged database ends, and names what it finds', async (t) => {
  rounds(t, 60, 123_456_789, (path, round) => {
    t.doesNotThrow(() => outcome(() => checkDatabase(path)), `round ${round}`);
  });
});

t.test('a rule of the schema that has changed is damage, and a view of a person is none', async (t) => {
  const path = smallDatabase(t.testdir());
  const db = new Database(path);
  db.exec('CREATE VIEW mine AS SELECT name FROM experiment; CREATE INDEX by_name ON experiment (name)');
  t.same(checkDatabase(path).damage, []);
  db.exec('DROP INDEX trial_of_key');
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  const change =
    "UPDATE sqlite_schema SET sql = replace(sql, 'attempts >= 0', 'attempts >= 9') WHERE name = 'trial'";
  t.equal(db.prepare(change).run().changes, 1);
  db.close();
  const { damage } = checkDatabase(path);
  t.ok(damage.includes('the table trial is not defined as it was made'), damage.join());
  t.ok(damage.includes('the index trial_of_key is missing'), damage.join());
});

t.test('a damaged database of version 3, which has no digests, ends in no other error either', async (t) => {
  const fixture = new URL('../fixtures/results-version-3.db', import.meta.url);
  rounds(
    t,
    200,
    362_436_069,
    (path, round) => t.doesNotThrow(() => answers(path), `round ${round}`),
    fixture,
  );
  rounds(
    t,
    40,
    521_288_629,
    (path, round) => t.doesNotThrow(() => outcome(() => openStore(path).close()), `round ${round}`),
    fixture,
  );
});
