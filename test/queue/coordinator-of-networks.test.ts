import t from 'tap';
import { startThreads } from '../../src/execute/network/thread-pool.ts';
import { threadExecutor } from '../../src/execute/network/threads.ts';
import { networkMetrics } from '../../src/metric.ts';
import { executorContract } from '../contracts/executor-contract.ts';
import { byKey, epochsOf } from '../execute/network/network-jobs.ts';
import { planFor, randomRows } from '../train/in-process.ts';
import { queued } from './queued.ts';
import { queueOnRedis, withoutServer } from './redis-server.ts';

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const { server } = await queueOnRedis(t);

  const data = randomRows({ training: 300, validation: 300 });
  const plan = planFor(data, { hidden: [5, 4], epochs: 5 });
  /** Would train for hours. */
  const endless = { ...plan, epochs: 100_000, params: { learningRate: 1e-6, batchSize: 1 } };

  executorContract(t, {
    open: (t, seats) =>
      queued(t, server, seats, {
        here: (seats) =>
          threadExecutor(startThreads(seats), { ...byKey, data, shapes: [{ ...endless, batchSize: 300 }] }),
        metrics: networkMetrics(plan.bestBy),
        stepsOf: epochsOf,
        pauses: true,
      }),
    ...{ plan, endless, refusals: 'outcomes' },
  });
}
