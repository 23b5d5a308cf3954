import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { loadExperiment } from '../../src/experiment/load.ts';
import type { NetworkExperiment } from '../../src/experiment/schema.ts';
import { checkDatabase } from '../../src/store/check-database.ts';
import { backupPath } from '../../src/store/migrate.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import type { Experiment, Results } from '../../src/store/results.ts';
import { openStore } from '../../src/store/store.ts';
import { trialModel } from '../../src/store/trial-model.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import type { DoneTrial } from '../../src/trial.ts';

/** Every version there was, each with the same six trials in every state as its latest experiment. */
const versions = [1, 2, 3, 4, 5, 6, 7] as const;
const fixtureOf = (version: number): string =>
  fileURLToPath(new URL(`../fixtures/results-version-${version}.db`, import.meta.url));

function oldDatabase(t: Test, version: number): string {
  const path = `${t.testdir()}/results.db`;
  copyFileSync(fixtureOf(version), path);
  return path;
}

/** Names, types and checks of all columns, and all views. */
function schemaOf(path: string) {
  const db = new Database(path, { readonly: true });
  const columns = db
    .prepare(
      `SELECT object.name AS place, info.name, info.type, info."notnull", info.dflt_value, info.pk, info.hidden
       FROM sqlite_schema AS object, pragma_table_xinfo(object.name) AS info
       WHERE object.type IN ('table', 'view') ORDER BY object.name, info.name`,
    )
    .all();
  const views = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name").all();
  db.close();
  return { columns, views };
}

for (const version of versions) {
  t.test(`a database of version ${version} becomes what a new one is, and keeps all it held`, async (t) => {
    const path = oldDatabase(t, version);
    const before = openReadOnly(path);
    const id = before.latestExperiment()?.id as number;
    const known = before.trials(id);
    const curves = known.map(({ id }) => before.reports(id));
    before.close();
    const store = openStore(path);
    t.strictSame(
      store.trials(id).filter(({ state }) => state !== 'waiting'),
      known.filter(({ state }) => state !== 'waiting' && state !== 'running'),
    );
    t.strictSame(
      known.map(({ id }) => store.reports(id)),
      curves,
    );
    t.equal(store.trials(id)[4]?.state, 'waiting', 'what a killed process left as running is put right');
    store.close();
    const fresh = `${t.testdirName}/fresh.db`;
    const empty = openStore(fresh);
    t.teardown(() => empty.close());
    t.strictSame(schemaOf(path), schemaOf(fresh));
  });

  t.test(`a copy of the database of version ${version} is kept beside the new one`, async (t) => {
    const path = oldDatabase(t, version);
    openStore(path).close();
    const copy = new Database(backupPath(path, version), { readonly: true });
    t.equal(copy.pragma('user_version', { simple: true }), version);
    t.equal(copy.prepare('SELECT count(*) FROM trial').pluck().get(), version === 3 ? 12 : 6);
    copy.close();
    t.same(
      readdirSync(t.testdirName).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  t.test(`a database of version ${version} can be read without changing a byte of it`, async (t) => {
    const path = oldDatabase(t, version);
    const results = openReadOnly(path);
    t.equal(results.ranked(1).length, 6);
    if (version < 3) {
      t.equal(results.latestExperiment()?.encoding, null, 'no such version recorded one');
      t.equal(results.correct(1), undefined);
      t.same(results.spans(1), []);
    }
    t.ok(results.spans(1).every(({ session }) => (session === null) === version < 4));
    t.equal(results.sessions(1).length, version < 4 ? 0 : 1);
    t.same([results.machines(1), results.stints(1)], [[], []]);
    t.equal(results.log(1), version < 5 ? undefined : 'what it printed\n');
    results.close();
    t.ok(readFileSync(path).equals(readFileSync(fixtureOf(version))));
    t.notOk(existsSync(backupPath(path, version)));
  });
}

t.test("an upgrade of views alone leaves a person's own as they are", async (t) => {
  const path = oldDatabase(t, 6);
  const db = new Database(path);
  db.exec('CREATE VIEW mine AS SELECT trial, validation_loss FROM leaderboard');
  db.close();
  openStore(path).close();
  const results = openReadOnly(path);
  t.equal(results.query('SELECT * FROM mine').rows.length, 6);
  results.close();
  t.same(checkDatabase(path).damage, []);
});

t.test("an upgrade to other tables takes a person's own views away, whatever they are called", async (t) => {
  const path = oldDatabase(t, 4);
  const db = new Database(path);
  db.exec('CREATE VIEW "my ""best""" AS SELECT * FROM trial');
  db.close();
  openStore(path).close();
  t.notOk(schemaOf(path).views.some((view) => JSON.stringify(view).includes('my ')));
  t.same(checkDatabase(path).damage, []);
});

t.test(
  'what version 2 added comes through: checkpoints, and which weights the model file holds',
  async (t) => {
    const store = openStore(oldDatabase(t, 2));
    t.equal(store.modelFileSha256(1), 'c'.repeat(64));
    const [, , , stopped] = store.trials(1);
    t.match(store.checkpoint(stopped?.id as number), { checkpoint: { step: 1 } });
    store.close();
  },
);

t.test('what was damaged in a database of version 4 is so after its upgrade, and nothing else', async (t) => {
  const path = oldDatabase(t, 4);
  const db = new Database(path);
  db.exec(`UPDATE trial SET seconds = 9 WHERE id = 1;
    UPDATE epoch SET training_loss = 7 WHERE trial_id = 2;
    UPDATE model SET correct = x'00' WHERE kind = 'best';
    UPDATE checkpoint SET seconds = 7`);
  db.close();
  const before = checkDatabase(path).damage;
  t.equal(before.length, 4);
  openStore(path).close();
  t.same(checkDatabase(path).damage, before, 'told in the same words');
});

const version4 = fileURLToPath(new URL('../fixtures/version-4/', import.meta.url));

t.test(
  'a run that version 4 finished is finished, and one that it was stopped in goes on to the same bits',
  async (t) => {
    const folder = t.testdir();
    cpSync(version4, folder, { recursive: true });
    const database = `${folder}/results.db`;
    const before = openReadOnly(database);
    const finished = before.trials(1);
    const reports = finished.map(({ id }) => before.reports(id));
    const final = before.finalTrial(1);
    before.close();
    for (const [name, starts] of [
      ['finished', 0],
      ['interrupted', 2],
    ] as const) {
      const { experiment } = await loadExperiment(`${version4}/${name}.yaml`);
      const started: number[] = [];
      const { trials } = await runSweep(experiment as NetworkExperiment, {
        database,
        baseFolder: version4,
        onEvent(event) {
          if (event.kind !== 'trial started') return;
          started.push(event.trial.number);
          const epoch = event.progress().last?.step ?? 0;
          t.ok(epoch >= 158, `it goes on from epoch ${epoch}`);
        },
      });
      t.equal(started.length, starts, name);
      if (name === 'interrupted')
        // Of an undisturbed run of the program of version 4.
        t.match(trials, [
          {
            best: { step: 563, values: [0.26502994873250524, 0.9666666666666667] },
            artifacts: { last: '886063b16db2a4655bb674a7749f303fdf2f50011fcb8763087972bd7457b36e' },
          },
          {
            best: { step: 262, values: [0.2486913005200525, 0.9666666666666667] },
            artifacts: { last: 'f43a6bb6fd8c14dfa9dfdc0d1aeb8feeeb57003de86e8da5d07dab46292bdda3' },
          },
        ]);
    }
    const after = openReadOnly(database);
    t.strictSame(after.trials(1), finished);
    t.strictSame(after.finalTrial(1), final);
    t.strictSame(
      finished.map(({ id }) => after.reports(id)),
      reports,
    );
    t.same(checkDatabase(database).damage, []);
    after.close();
  },
);

t.test(
  'a model of a run that recorded no encoding is one of square pictures, scaled as its definition says',
  async (t) => {
    const path = oldDatabase(t, 2);
    const modelIn = (results: Results) =>
      trialModel(results, results.experiments()[0] as Experiment, results.trials(1)[0] as DoneTrial);
    const before = openReadOnly(path);
    const model = modelIn(before);
    before.close();
    t.same(model.encoding, { kind: 'pictures', rows: 2, columns: 2, pixels: 'raw' });
    const store = openStore(path);
    t.same(modelIn(store), model, 'upgraded or not');
    store.close();

    const unknown = openStore(oldDatabase(t, 1));
    t.throws(
      () => modelIn(unknown),
      { code: 'ERR_MODEL_ENCODING', message: /3 inputs/ },
      'and 3 are no square',
    );
    unknown.close();
  },
);

t.test(
  'an upgrade that fails leaves the old database as it was, whichever of its steps it was',
  async (t) => {
    // Each step needs this table to be its own.
    for (const [obstacle, name] of [
      ['CREATE TABLE owner (id)', 'owner'],
      ['CREATE TABLE span (id)', 'trial_id'],
    ] as const) {
      const path = oldDatabase(t, 1);
      const db = new Database(path);
      db.exec(obstacle);
      db.close();
      t.throws(() => openStore(path), new RegExp(name));
      const after = new Database(path, { readonly: true });
      t.equal(after.pragma('user_version', { simple: true }), 1);
      t.equal(
        after.prepare("SELECT count(*) FROM pragma_table_info('trial') WHERE name = 'crashes'").pluck().get(),
        0,
      );
      after.close();
    }
  },
);
