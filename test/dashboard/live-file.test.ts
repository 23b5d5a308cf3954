import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { LiveFile } from '../../src/dashboard/live-file.ts';
import { readLive } from '../../src/dashboard/read-live.ts';
import { networkMetrics } from '../../src/metric.ts';
import type { Trial } from '../../src/trial.ts';
import { report, spec } from '../store/example.ts';

const trial = (id: number): Trial => ({ ...spec(id), id, attempts: 1, state: 'running' });

const phase = {
  kind: 'phase started',
  metric: 'validationAccuracy',
  folds: 1,
  metrics: networkMetrics('validationAccuracy'),
  role: 'search',
  trials: 3,
  steps: 50,
  threads: 1,
} as const;

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 200) throw new Error(`This has not come true in 10 s: ${holds}`);
    await setTimeout(50);
  }
}

t.test('what runs can be read while it runs, and nothing is left behind', async (t) => {
  const database = join(t.testdir(), 'results.db');
  let last = 0;
  const live = new LiveFile(database);
  live.follow(phase);
  live.follow({
    kind: 'trial started',
    trial: trial(7),
    progress: () => ({ steps: 50, last: last > 0 ? report(last) : undefined }),
  });
  await until(() => readLive(database) !== undefined);
  t.match(readLive(database), {
    left: null,
    threads: 1,
    trials: [{ id: 7, epochs: 50, left: null, curve: [] }],
  });
  last = 3;
  const curve = () => readLive(database)?.trials[0]?.curve ?? [];
  await until(() => curve().length === 1);
  t.same(curve(), [report(3)], 'an epoch is told with all of its metrics, and once');
  await until(() => readLive(database)?.trials[0]?.left !== null);
  const { elapsed = 0, left = 0, trials = [] } = readLive(database) ?? {};
  const { elapsed: ofTrial = 0, left: trialLeft = 0 } = trials[0] ?? {};
  t.ok(elapsed >= ofTrial && ofTrial > 0);
  t.equal(trialLeft, (ofTrial / 3) * 47, 'at the speed of its 3 epochs it needs as long for each of 47 more');
  t.ok((left ?? 0) >= (trialLeft ?? 0), 'its phase takes at least as long');
  const outcome = {
    state: 'failed',
    code: 'ERR_TRIAL',
    reason: 'a reason',
    reports: [],
    seconds: 1,
  } as const;
  live.follow({ kind: 'trial finished', trial: trial(7), outcome });
  await until(() => readLive(database)?.trials.length === 0);
  live[Symbol.dispose]();
  t.same(readdirSync(t.testdirName), []);
});

t.test('a long curve is thinned, so that the file stays small', async (t) => {
  const database = join(t.testdir(), 'results.db');
  using live = new LiveFile(database, { samplesPerSecond: 1000 });
  let last = 0;
  live.follow(phase);
  live.follow({
    kind: 'trial started',
    trial: trial(1),
    progress: () => ({ steps: 9000, last: report(++last) }),
  });
  await until(() => last > 600);
  await until(() => (readLive(database)?.trials[0]?.curve.at(-1)?.step ?? 0) > 500);
  const epochs = readLive(database)?.trials[0]?.curve.map(({ step }) => step) ?? [];
  t.ok(epochs.length <= 200 && epochs.length >= 50, `${epochs.length} points`);
  t.equal(epochs[0], 1);
  const gaps = epochs.slice(1).map((step, index) => step - (epochs[index] as number));
  t.ok(Math.max(...gaps) < 2 * Math.min(...gaps), `evenly: ${gaps}`);
  t.same(
    epochs,
    epochs.toSorted((a, b) => a - b),
  );
});

t.test('what a killed process has left behind is cleared by the next, and nothing else', async (t) => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const folder = t.testdir();
  const others = [
    'results.db',
    `results.db-live-${process.ppid}`,
    'results.db-live-x',
    `other.db-live-${pid}`,
  ];
  for (const name of [...others, `results.db-live-${pid}`, `results.db-live-${pid}.new`])
    writeFileSync(join(folder, name), '');
  new LiveFile(join(folder, 'results.db'))[Symbol.dispose]();
  t.same(readdirSync(folder).sort(), others.sort());
});

t.test('a folder that cannot be written to stops no sweep', async (t) => {
  const database = join(t.testdir(), 'no', 'such', 'folder', 'results.db');
  const live = new LiveFile(database);
  live.follow(phase);
  live.follow({ kind: 'trial started', trial: trial(1), progress: () => ({ steps: 1, last: undefined }) });
  await setTimeout(1100);
  live[Symbol.dispose]();
  t.notOk(existsSync(database));
  t.equal(readLive(database), undefined);
});

t.test('a silent file, a broken one and one of another database tell nothing', async (t) => {
  const folder = t.testdir();
  const database = join(folder, 'results.db');
  const content = JSON.stringify({ elapsed: 1, left: null, trials: [], threads: 2 });
  writeFileSync(join(folder, 'results.db-live-1'), content);
  const old = Date.now() / 1000 - 60;
  utimesSync(join(folder, 'results.db-live-1'), old, old);
  writeFileSync(join(folder, 'results.db-live-2'), '{"elapsed":');
  writeFileSync(join(folder, 'results.db-live-3'), '[1]');
  writeFileSync(
    join(folder, 'results.db-live-4'),
    '{"elapsed":1,"left":null,"threads":2,"trials":[{"id":"x"}]}',
  );
  writeFileSync(join(folder, 'results.db-live-8'), '{"elapsed":1,"left":null,"trials":[]}');
  writeFileSync(join(folder, 'results.db-live-5.new'), content);
  writeFileSync(join(folder, 'other.db-live-6'), content);
  t.equal(readLive(database), undefined);
  writeFileSync(join(folder, 'results.db-live-7'), content);
  t.same(readLive(database), { elapsed: 1, left: null, trials: [], threads: 2 });
});
