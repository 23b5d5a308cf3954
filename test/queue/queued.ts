/** An executor whose trials pass through the queue to a worker in this process, which runs them on another executor. */
import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import type { Executor } from '../../src/execute/executor.ts';
import { type CoordinatorOptions, queueExecutor } from '../../src/queue/coordinator.ts';
import type { Server } from '../../src/queue/server.ts';
import { QueueWorker } from '../../src/queue/worker.ts';

type Queued = Pick<CoordinatorOptions, 'metrics' | 'pauses' | 'stepsOf'> &
  Partial<Pick<CoordinatorOptions, 'onConflict'>> & {
    /** What runs the trials of so many seats; the worker closes it. */
    readonly here: (seats: number) => Executor;
  };

export function queued(
  t: Pick<Test, 'teardown'>,
  server: Server,
  seats: number,
  { here, ...given }: Queued,
): Executor {
  const service = { kind: 'objective', hash: randomBytes(32).toString('hex') } as const;
  const common = { server, version: '0', tell: () => {} };
  const open = async () => ({ executor: here(seats), metrics: given.metrics.length });
  const worker = new QueueWorker({
    ...{ ...common, threads: seats, arithmetic: '', serves: 'its own run' },
    capabilities: [{ service, name: 'here', open }],
  });
  const executor = queueExecutor({
    ...{ ...common, service, study: randomBytes(8).toString('hex'), name: 'contract', password: '' },
    checkpointSeconds: 0.1,
    own: { id: worker.id, threads: seats },
    onConflict(error) {
      throw error;
    },
    ...given,
  });
  t.teardown(async () => {
    await executor.close();
    await worker.leave();
  });
  return executor;
}
