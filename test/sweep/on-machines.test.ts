import { join } from 'node:path';
import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { NetworkInput } from '../../src/experiment/schema.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import type { RunOptions } from '../../src/sweep/run-options.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { startRedis, withoutServer } from '../queue/redis-server.ts';
import { content } from '../torture/oracle.ts';

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const redis = await startRedis();
  t.teardown(() => redis.end());

  t.test('runs that share a queue train each other’s networks as those are defined', async (t) => {
    const folder = t.testdir({ alone: {}, shared: {}, both: {} });
    writeTinyIdx(join(folder, 'data'));
    /** The reports and weights of small networks, hashed. */
    const bitsOf = async (hidden: number, where: string, workers?: RunOptions['workers']) => {
      const definition: NetworkInput = {
        ...{ name: `${hidden} units`, model: { hidden: [hidden] }, training: { epochs: 30 } },
        data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120] },
        space: { learningRate: [0.001, 0.01, 0.02, 0.1, 0.2, 0.3], batchSize: [1, 7] },
      };
      const database = join(folder, where, `${hidden}.db`);
      const experiment = checkDefinition(definition, 'the test');
      await runExperiment({ experiment, baseFolder: folder, database, threads: 1, workers, lastPhase: 1 });
      return content(database).match(/^(?:report|artifact): .*$/gm);
    };
    const alone = [await bitsOf(3, 'alone'), await bitsOf(5, 'alone')];
    const workers = { url: redis.url, isForced: false };
    const shared = [await bitsOf(3, 'shared', workers)];
    t.same(shared, alone.slice(0, 1), 'one after the other');
    const both = await Promise.all([bitsOf(3, 'both', workers), bitsOf(5, 'both', workers)]);
    t.same(both, alone, 'at once');
  });

  t.test('a run that has ended while the server is away ends all the same', async (t) => {
    const folder = t.testdir();
    writeTinyIdx(join(folder, 'data'));
    const own = await startRedis();
    t.teardown(() => own.end());
    const definition: NetworkInput = {
      ...{ name: 'away', model: { hidden: [3] }, training: { epochs: 3 } },
      data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120] },
      space: { learningRate: [0.1], batchSize: [7] },
    };
    let killed: Promise<void> | undefined;
    await runExperiment({
      ...{
        experiment: checkDefinition(definition, 'the test'),
        baseFolder: folder,
        threads: 1,
        lastPhase: 1,
      },
      ...{ database: join(folder, 'away.db'), workers: { url: own.url, isForced: false } },
      onEvent({ kind }) {
        if (kind === 'trial finished') killed = own.kill();
      },
    });
    t.ok(killed);
  });
}
