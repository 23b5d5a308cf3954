import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { NetworkMetric } from '../../src/metric.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import { rankingContract } from '../contracts/ranking-contract.ts';
import { diverged, done, experiment, failed, reordered, spec, stopped } from './example.ts';
import { forceFinal } from './forced.ts';

/** Runs of combination 1, 2, ... with one replicate an outcome; undefined for one that has not begun. */
function storeOf(
  t: Test,
  combinations: readonly (readonly (TrialOutcome | undefined)[])[],
  metric?: NetworkMetric,
) {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  const experimentId = store.beginExperiment(experiment(metric));
  const trials = combinations.flatMap((outcomes, index) =>
    outcomes.map((outcome, replicate) => ({ outcome, replicate, params: spec(index + 1).params })),
  );
  store.addTrials(
    experimentId,
    trials.map(({ replicate, params }, index) => ({ ...spec(index + 1), replicate, params })),
  );
  for (const [index, { outcome }] of trials.entries()) {
    const id = store.trials(experimentId)[index]?.id as number;
    if (outcome === undefined) continue;
    store.startAttempt(id);
    store.finish(id, reordered(outcome, metric ?? 'validationAccuracy'));
  }
  return { path, store, experimentId };
}

function fixture(t: Test, version: number): string {
  const path = `${t.testdir()}/results.db`;
  copyFileSync(fileURLToPath(new URL(`../fixtures/results-version-${version}.db`, import.meta.url)), path);
  return path;
}

const ofPhase1 = (store: Store, experimentId: number) =>
  store.trials(experimentId).filter(({ role }) => role === 'search');

for (const metric of ['validationAccuracy', 'validationLoss'] as const) {
  t.test(`the views keep the rule of ranking by ${metric}, whatever became of which replicate`, async (t) => {
    // A small generator of its own: the same cases on every machine.
    let seed = 7;
    const below = (limit: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * limit);
    };
    const outcome = () => {
      const chance = below(10);
      // Few values, and sums of them without rounding: there are ties of trials and of means.
      if (chance < 7) return done(below(5) / 4, below(5) / 4);
      return [diverged, failed, undefined][chance - 7];
    };
    for (let round = 0; round < 12; round++) {
      const replicates = 1 + below(4);
      const combinations = Array.from({ length: 1 + below(5) }, () =>
        Array.from({ length: replicates }, outcome),
      );
      const { store, experimentId } = storeOf(t, combinations, metric);
      rankingContract(t, store, experimentId, ofPhase1(store, experimentId), metric);
      store.close();
    }
  });
}

t.test('of combinations with equal means the one that was listed first stands first, whole', async (t) => {
  const spread = [done(0.25, 1), done(0.75, 1)];
  const { store, experimentId } = storeOf(t, [spread, [done(0.5, 1), done(0.5, 1)]]);
  t.same(
    store.ranked(experimentId).map(({ number }) => number),
    [2, 1, 3, 4],
  );
  store.close();
});

t.test('the mean of a combination decides, not its luckiest replicate', async (t) => {
  const { store, experimentId } = storeOf(t, [
    [done(0.99), done(0.5), done(0.5)],
    [done(0.8), done(0.82), done(0.81)],
  ]);
  t.match(
    store.winner(experimentId),
    { number: 5, replicate: 1 },
    'the best replicate of the best combination',
  );
  const [best, next] = store.combinations(experimentId);
  t.match(best, { rank: 1, best: 5, done: 3, replicates: 3 });
  t.ok(Math.abs((best?.spreads[0]?.deviation ?? 0) - 0.01) < 1e-12);
  t.match(next, { rank: 2, best: 1 });
  store.close();
});

t.test(
  'a combination with a failed, diverged or open replicate stands behind those that lack none',
  async (t) => {
    for (const lacking of [failed, diverged, stopped, undefined]) {
      const { store, experimentId } = storeOf(t, [
        [done(0.99), lacking],
        [done(0.6), done(0.7)],
        [diverged, failed],
      ]);
      t.match(store.combinations(experimentId), [
        { rank: 1, best: 4, done: 2 },
        { rank: 2, best: 1, done: 1, spreads: [{ mean: 0.99, deviation: null }] },
        { rank: null, best: null, done: 0, spreads: [] },
      ]);
      t.equal(store.winner(experimentId)?.number, 4);
      store.close();
    }
  },
);

t.test(
  'a copy is no replicate: its combination has the mean, deviation and number of what was run',
  async (t) => {
    const first = [done(0.5), done(0.75)];
    const { store, path, experimentId } = storeOf(t, [
      [...first, done(0.75)],
      [done(0.64), done(0.62)],
    ]);
    const [, original, copy] = store.trials(experimentId);
    store.recordSameAs(copy?.id as number, original?.id as number);
    t.same([...store.copies(experimentId)], [[3, 2]]);
    store.close();
    const db = new Database(path);
    db.exec('UPDATE trial SET replicate = 1 WHERE id = 3');
    db.close();
    const results = openReadOnly(path);
    const rows = results.query('SELECT rank, replicates, done, validation_accuracy FROM combinations').rows;
    t.strictSame(rows, [
      [1, 2, 2, 0.63],
      [2, 2, 2, 0.625],
    ]);
    t.same(results.query('SELECT trial FROM leaderboard WHERE is_copy').rows, [[3]]);
    results.close();
  },
);

t.test(
  'a combination whose later replicates are not there yet is not whole, and says how many it lacks',
  async (t) => {
    const { store, experimentId } = storeOf(t, [[done(0.5), done(0.6)], [done(0.9)]]);
    t.match(store.combinations(experimentId), [
      { rank: 1, best: 2, done: 2, replicates: 2 },
      { rank: 2, best: 3, done: 1, replicates: 2 },
    ]);
    t.equal(store.winner(experimentId)?.number, 2);
    store.close();
  },
);

t.test('an older database is ranked by the same rule, unchanged or upgraded', async (t) => {
  const path = fixture(t, 3);
  const old = new Database(path);
  // Its one done trial a few times over: two combinations of two replicates, of which the luckiest is in the worse one.
  const copies = [
    [0, 0.1, 0.99],
    [1, 0.1, 0.5],
    [0, 0.2, 0.8],
    [1, 0.2, 0.9],
  ];
  const columns = (
    old.prepare("SELECT group_concat(name) FROM pragma_table_info('trial')").pluck().get() as string
  ).split(',');
  for (const [index, [replicate, rate, accuracy]] of copies.entries()) {
    const changes = new Map<string, string>([
      ...([
        ['id', 'NULL'],
        ['experiment_id', '1'],
        ['number', `${index + 101}`],
      ] as const),
      ...([
        ['key', `'copy ${index}'`],
        ['replicate', `${replicate}`],
      ] as const),
      ...([['params', `json_object('learningRate', ${rate}, 'batchSize', 128)`]] as const),
      ...([['best_evaluation_accuracy', `${accuracy}`]] as const),
    ]);
    old.exec(
      `INSERT INTO trial (${columns}) SELECT ${columns.map((name) => changes.get(name) ?? name)} FROM trial WHERE id = 1`,
    );
  }
  old.exec('UPDATE trial SET best_evaluation_accuracy = 0 WHERE id = 1');
  old.close();
  const before = openReadOnly(path);
  rankingContract(t, before, 1, before.trials(1), 'validationAccuracy');
  t.strictSame(before.query('SELECT rank, trial FROM combinations WHERE experiment_id = 1 LIMIT 2').rows, [
    [1, 104],
    [2, 101],
  ]);
  before.close();
  const after = openStore(path);
  rankingContract(t, after, 1, after.trials(1), 'validationAccuracy');
  after.close();
});

t.test(
  'the final training is that of the present winner, or of the weights that an earlier version was made to take',
  async (t) => {
    const { path, store, experimentId } = storeOf(t, [[done(0.8)], [done(0.9)]]);
    const winner = store.winner(experimentId);
    t.equal(store.finalTrial(experimentId), undefined);
    const forced = 'a'.repeat(64);
    const addFinal = (number: number, params: object, sha256: string) =>
      store.addTrials(experimentId, [{ ...spec(number, 'final'), params: params as never }], sha256);
    addFinal(1, winner?.params ?? {}, winner?.artifacts.best ?? '');
    addFinal(2, spec(1).params, winner?.artifacts.best ?? '');
    addFinal(3, winner?.params ?? {}, forced);
    t.equal(store.finalTrial(experimentId)?.number, 1);
    store.close();
    forceFinal(path, experimentId, 3, forced);
    const again = openStore(path);
    t.equal(again.finalTrial(experimentId)?.number, 3);
    again.forgetForced(experimentId);
    t.equal(again.finalTrial(experimentId)?.number, 1);
    again.close();
  },
);

t.test(
  'of replicates each has a final training of its own, and of those that began alike the last one counts',
  async (t) => {
    const { store, experimentId } = storeOf(t, [[done(0.8), done(0.9)]]);
    const winner = store.winner(experimentId);
    const start = winner?.artifacts.best;
    const add = (number: number, replicate: number) =>
      store.addTrials(experimentId, [{ ...spec(number, 'final'), params: spec(1).params, replicate }], start);
    add(1, 0);
    t.equal(store.finalTrial(experimentId), undefined);
    add(2, 1);
    add(3, 1);
    add(4, 0);
    t.equal(store.finalTrial(experimentId)?.number, 3);
    store.close();
  },
);

t.test('what a final training comes to is no part of its combination', async (t) => {
  const { store, experimentId } = storeOf(t, [[done(0.5), done(0.75)]]);
  const before = store.combinations(experimentId);
  const [final] = store.addTrials(experimentId, [{ ...spec(1, 'final'), params: spec(1).params }]);
  store.startAttempt(final?.id as number);
  store.finish(final?.id as number, done(1));
  t.match(before, [{ replicates: 2, spreads: [{ mean: 0.625 }] }]);
  t.strictSame(store.combinations(experimentId), before);
  store.close();
});

t.test('where one trial is not what was written, nothing is told of the others either', async (t) => {
  const { path, store, experimentId } = storeOf(t, [[done(0.8)], [done(0.9)]]);
  store.close();
  const db = new Database(path);
  db.exec('UPDATE trial SET best_v1 = 0.7 WHERE number = 2');
  db.close();
  for (const question of ['ranked', 'winner', 'combinations', 'finalTrial'] as const) {
    const results = openReadOnly(path);
    t.throws(() => results[question](experimentId), { code: 'ERR_RECORD_DAMAGED' }, question);
    results.close();
  }
});

t.test('a database of each version has its final training', async (t) => {
  for (const version of [1, 2, 3]) {
    const path = fixture(t, version);
    const old = new Database(path);
    old.exec(`INSERT INTO trial (experiment_id, phase, number, key, replicate, params)
      SELECT trial.experiment_id, 2, 1, 'final', trial.replicate, trial.params
      FROM leaderboard JOIN trial ON trial.id = leaderboard.trial_id WHERE leaderboard.rank = 1`);
    old.close();
    const before = openReadOnly(path);
    t.match(before.finalTrial(1), { role: 'final', number: 1 }, `version ${version}`);
    before.close();
    const after = openStore(path);
    t.match(after.finalTrial(1), { role: 'final', number: 1 }, `version ${version}, upgraded`);
    after.close();
  }
});
