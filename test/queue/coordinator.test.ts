import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { functionExecutor } from '../../src/execute/functions.ts';
import { queueAddress } from '../../src/queue/address.ts';
import { queueExecutor } from '../../src/queue/coordinator.ts';
import { openServer } from '../../src/queue/server.ts';
import { QueueWorker } from '../../src/queue/worker.ts';
import { executorContract } from '../contracts/executor-of-trials-contract.ts';
import { startRedis, withoutServer } from './redis-server.ts';

// Each of its trials finds a worker of its own, whose threads boot.
t.setTimeout(180_000);

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const redis = await startRedis();
  t.teardown(() => redis.end());
  const server = await openServer(queueAddress(redis.url, {}, false));
  t.teardown(() => server.close());

  const module = fileURLToPath(new URL('../execute/objectives.ts', import.meta.url));
  const metrics = [{ name: 'loss', goal: 'minimise' }] as const;

  const open = (t: Pick<Test, 'teardown'>, seats: number) => {
    const study = randomBytes(8).toString('hex');
    const service = { kind: 'objective', hash: randomBytes(32).toString('hex') } as const;
    const common = { server, version: '0', tell: () => {} };
    const worker = new QueueWorker({
      ...{ ...common, threads: seats, arithmetic: '' },
      trades: [
        {
          ...{ service, name: 'objectives.ts' },
          open: async () => ({ executor: functionExecutor({ module, metrics }, seats, 500), metrics: 1 }),
        },
      ],
    });
    const executor = queueExecutor({
      ...{
        ...common,
        study,
        name: 'contract',
        service,
        metrics,
        pauses: false,
        checkpointSeconds: 0.1,
        password: '',
      },
      own: { id: worker.id, threads: seats },
      onConflict: (error) => {
        throw error;
      },
    });
    t.teardown(async () => {
      await executor.close();
      await worker.leave();
    });
    return executor;
  };

  executorContract(t, {
    open,
    variants: [
      { does: 'walk', x: 1 },
      { does: 'walk', x: 2 },
      { does: 'walk', x: -1 },
    ],
    long: { does: 'walk', x: 1, steps: 1000, pause: 0 },
    endless: { does: 'walk', x: 1, steps: 1e9, pause: 5 },
    steep: { does: 'reports NaN' },
  });
}
