/** The verb replay, as a person types it. */
import { join } from 'node:path';
import t from 'tap';
import { tinyDefinition, tinyExperiment, typed, typedOnTerminal } from './command-line.ts';

interface Row {
  readonly pruner: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly pruned: number;
  readonly steps: number;
  readonly saved: number;
  readonly winner: number;
  readonly rank: number;
}

const sixteen = tinyDefinition
  .replace('epochs: 3', 'epochs: 12')
  .replace('[0.1, 0.01]', '[0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 1]')
  .replace('final: { epochs: 2 }\n', '');
const { definition, db } = tinyExperiment(t.testdir({ 'tiny.yaml': sixteen }));
t.equal((await typed('run', definition, '--db', db)).exitCode, 0);

const json = async (...argv: string[]): Promise<unknown> =>
  JSON.parse((await typed(...argv, '--db', db, '--format', 'json')).out);

t.test('each pruner tells what it saves, and which trial wins with it at which rank', async (t) => {
  const rows = (await json('replay')) as Row[];
  const board = (await json('leaderboard')) as { trial: number }[];
  t.ok(rows.length >= 8);
  for (const { pruner, pruned, steps, saved, winner, rank } of rows) {
    t.equal(winner, board[rank - 1]?.trial, pruner);
    t.ok(Math.abs(saved - (1 - steps / (16 * 12))) < 1e-12);
    // Each one that is pruned has run one step at least, and one fewer than all.
    t.ok(
      steps >= 12 * (16 - pruned) + pruned && steps <= 12 * 16 - pruned,
      `${steps} steps, ${pruned} pruned`,
    );
  }
  t.ok(rows.some(({ pruned }) => pruned > 0));
  const median = rows.find(({ pruner }) => pruner === 'median') as Row;
  t.same(median.settings, { method: 'median' });
});

t.test('a stricter factor prunes more', async (t) => {
  const rows = (await json('replay')) as Row[];
  const steps = ['asha, factor 2', 'asha, factor 3', 'asha, factor 4'].map(
    (name) => rows.find(({ pruner }) => pruner === name)?.steps as number,
  );
  t.same(
    steps,
    steps.toSorted((a, b) => b - a),
  );
});

t.test('people are told in words which one saves most and keeps the winner', async (t) => {
  const { exitCode, out } = await typedOnTerminal(80, 'replay', '--db', db);
  t.equal(exitCode, 0);
  t.match(
    out.replaceAll('\n', ' '),
    /Of the pruners that keep the winner, .* save.* most.* \(\d+\.\d\d % of 192 steps\)\./,
  );
  t.match(out, /16 trials are few to judge a pruner by/);
  for (const line of out.split('\n')) t.ok([...line].length <= 80, line);
  t.match((await typed('replay', '--db', db, '--format', 'markdown')).out, /^\| pruner/);
});

t.test(
  'a program that reports a score every ten steps is replayed by its own metric and steps',
  async (t) => {
    const folder = t.testdir({
      'scores.yaml': [
        'name: scores',
        'space: { x: [4, 3, 2, 1, 8, 7, 6, 5] }',
        'metrics: { score: maximise, other: none }',
        'objective: ./scores.ts',
      ].join('\n'),
      'scores.ts': [
        'export default async ({ params, report }) => {',
        '  for (let step = 10; step <= 50; step += 10) await report(step, { score: params.x - 1 / step, other: step });',
        '};',
      ].join('\n'),
    });
    const own = join(folder, 'results.db');
    t.equal((await typed('run', join(folder, 'scores.yaml'), '--db', own)).exitCode, 0);
    const rows = JSON.parse((await typed('replay', '--db', own, '--format', 'json')).out) as Row[];
    // At its first report every trial is as good among the others as at its last.
    for (const { winner, rank, pruner } of rows) t.match({ winner, rank }, { winner: 5, rank: 1 }, pruner);
    // 4 is kept as the first; 3, 2 and 1 are below it, as are 7, 6 and 5 below 8: each after 10 of 50 steps.
    t.match(
      rows.find(({ pruner }) => pruner === 'asha, factor 4'),
      { pruned: 6, steps: 2 * 50 + 6 * 10, saved: 0.6 },
    );
  },
);

t.test('trials of one step have nothing to say', async (t) => {
  const short = tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition.replace('epochs: 3', 'epochs: 1') }));
  await typed('run', short.definition, '--db', short.db);
  t.match(await typed('replay', '--db', short.db), {
    exitCode: 2,
    out: '',
    err: /^Experiment 1 \(tiny\) cannot be replayed: none of its trials has two steps.*\[ERR_NOTHING_TO_REPLAY\]/,
  });
  // What it tells to type is about the database that was named.
  for (const words of [['--db', short.db], [`--db=${short.db}`]])
    t.match(
      (await typed('replay', ...words)).err.replaceAll('\n', ' '),
      `\`coresweep list --db ${short.db}\``,
    );
});
