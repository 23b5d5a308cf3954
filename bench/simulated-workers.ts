/** Many workers in one process, whose trials do nothing: `node bench/simulated-workers.ts <url> <workers> <threads> <hash>`. */
import { queueAddress } from '../src/queue/address.ts';
import { openServer } from '../src/queue/server.ts';
import { QueueWorker } from '../src/queue/worker.ts';
import { instantExecutor } from './instant-executor.ts';

const [, , url = '', count = '1', threads = '1', hash = ''] = process.argv;
const server = await openServer(queueAddress(url, {}, false));
for (let index = 0; index < Number(count); index++) {
  new QueueWorker({
    ...{
      server,
      threads: Number(threads),
      arithmetic: '',
      version: '0',
      tell: () => {},
      serves: 'every run',
    },
    capabilities: [
      {
        ...{ service: { kind: 'objective', hash }, name: 'nothing' },
        open: async () => ({ executor: instantExecutor(), metrics: 1 }),
      },
    ],
  });
}
