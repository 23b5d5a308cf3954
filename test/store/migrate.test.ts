import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { backupPath } from '../../src/store/migrate.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import type { Experiment, Results } from '../../src/store/results.ts';
import { openStore } from '../../src/store/store.ts';
import { trialModel } from '../../src/store/trial-model.ts';
import type { DoneTrial } from '../../src/trial.ts';

/** Every version there was, each with the same six trials in every state as its latest experiment. */
const versions = [1, 2, 3] as const;
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
    const curves = known.map(({ id }) => before.curve(id));
    before.close();
    const store = openStore(path);
    t.strictSame(
      store.trials(id).filter(({ state }) => state !== 'waiting'),
      known.filter(({ state }) => state !== 'waiting' && state !== 'running'),
    );
    t.strictSame(
      known.map(({ id }) => store.curve(id)),
      curves,
    );
    t.equal(store.trials(id)[4]?.state, 'waiting', 'what a killed process left as running is put right');
    store.close();
    const fresh = `${t.testdirName}/fresh.db`;
    openStore(fresh).close();
    t.strictSame(schemaOf(path), schemaOf(fresh));
  });

  t.test(`a copy of the database of version ${version} is kept beside the new one`, async (t) => {
    const path = oldDatabase(t, version);
    openStore(path).close();
    const copy = new Database(backupPath(path, version), { readonly: true });
    t.equal(copy.pragma('user_version', { simple: true }), version);
    t.equal(copy.prepare('SELECT count(*) FROM trial').pluck().get(), version < 3 ? 6 : 12);
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
    t.ok(results.spans(1).every(({ session }) => session === null));
    t.same(results.sessions(1), []);
    results.close();
    t.ok(readFileSync(path).equals(readFileSync(fixtureOf(version))));
    t.notOk(existsSync(backupPath(path, version)));
  });
}

t.test(
  'what version 2 added comes through: checkpoints, and which weights the model file holds',
  async (t) => {
    const store = openStore(oldDatabase(t, 2));
    t.equal(store.modelFileSha256(1), 'c'.repeat(64));
    const [, , , stopped] = store.trials(1);
    t.match(store.checkpoint(stopped?.id as number), { checkpoint: { trainedEpochs: 1, bestEpoch: 1 } });
    store.close();
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
