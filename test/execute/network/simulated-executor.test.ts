import t from 'tap';
import { executorContract } from '../../contracts/executor-contract.ts';
import { planFor, randomRows } from '../../train/in-process.ts';
import { byKey } from './network-jobs.ts';
import { simulatedExecutor } from './simulated-executor.ts';

const plan = planFor(randomRows());

executorContract(t, {
  open: (_t, threads) => simulatedExecutor(threads, byKey),
  plan,
  endless: { ...plan, epochs: 1_000_000 },
  refusals: 'throws',
});
