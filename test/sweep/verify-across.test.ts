import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { verifyAcross } from '../../src/sweep/verify-across.ts';
import type { Verified } from '../../src/sweep/verify-each.ts';
import { work } from '../../src/sweep/work.ts';
import { startRedis, withoutServer } from '../queue/redis-server.ts';

// Threads boot twice, on a machine that may be busy.
t.setTimeout(180_000);

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const redis = await startRedis();
  t.teardown(() => redis.end());

  /** A run of an objective, and what comes of verifying it beside so many other workers. */
  const across = async (t: Test, objective: string, others: number): Promise<Verified[]> => {
    const folder = t.testdir();
    writeFileSync(join(folder, 'objective.mjs'), objective);
    const definition = {
      name: 'walk',
      objective: './objective.mjs',
      metrics: { loss: 'minimise' },
      space: { x: [1, 2] },
    } as const;
    const file = join(folder, 'walk.json');
    writeFileSync(file, JSON.stringify(definition));
    const database = join(folder, 'results.db');
    await runSweep(definition, { database, baseFolder: folder, threads: 1 });
    const results = openReadOnly(database);
    const [run] = results.experiments();
    const trials = results.trials(1);
    results.close();
    const ended = new AbortController();
    const common = { url: redis.url, threads: 1, allow: [file], isForced: false };
    const workers = Array.from({ length: others }, () => {
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      const working = work({ ...common, signal: ended.signal, tell: () => resolve() });
      return { begun, working };
    });
    await Promise.all(workers.map(({ begun }) => begun));
    const found: Verified[] = [];
    try {
      await verifyAcross({
        ...{ run: run as NonNullable<typeof run>, trials, baseFolder: folder, threads: 1 },
        ...{ workers: { url: redis.url, isForced: false }, signal: new AbortController().signal },
        tell: () => {},
        onVerified: (verified) => found.push(verified),
      });
    } finally {
      ended.abort();
      await Promise.all(workers.map(({ working }) => working));
    }
    return found;
  };

  t.test('two machines that compute alike agree in every bit', async (t) => {
    const found = await across(t, 'export const objective = ({ params, random }) => params.x + random();', 1);
    t.equal(found.length, 2);
    t.ok(found.every(({ differences }) => differences.length === 0));
  });

  t.test('where they do not, both machines and both hashes are named', async (t) => {
    const objective = `import { threadId } from 'node:worker_threads';
export const objective = () => threadId;`;
    const [found] = await across(t, objective, 1);
    const [text = ''] = found?.differences ?? [];
    const [, one, , other] = /: (\S+) gave (\w{64}).*and (\S+) gave \w{64}/.exec(text) ?? [];
    t.ok(one !== undefined && other !== undefined && one !== other, text);
  });

  t.test('one machine alone is not enough, which is said', async (t) => {
    await t.rejects(across(t, 'export const objective = ({ params }) => params.x;', 0), {
      code: 'ERR_ONE_MACHINE',
    });
  });
}
