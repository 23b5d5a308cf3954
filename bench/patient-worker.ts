/** A worker whose trials report every 10 ms and do not end: `node bench/patient-worker.ts <url> <hash>`. */
import { fileURLToPath } from 'node:url';
import { functionExecutor } from '../src/execute/functions.ts';
import { queueAddress } from '../src/queue/address.ts';
import { openServer } from '../src/queue/server.ts';
import { QueueWorker } from '../src/queue/worker.ts';

const [, , url = '', hash = ''] = process.argv;
const server = await openServer(queueAddress(url, {}, false));
const module = fileURLToPath(new URL('./patient-objective.ts', import.meta.url));
const metrics = [{ name: 'loss', goal: 'minimise' }] as const;
new QueueWorker({
  serves: 'every run',
  ...{ server, threads: 1, arithmetic: '', version: '0', tell: () => {} },
  capabilities: [
    {
      ...{ service: { kind: 'objective', hash }, name: 'patient' },
      open: async () => ({ executor: functionExecutor({ module, metrics }, 1), metrics: 1 }),
    },
  ],
});
