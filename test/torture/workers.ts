/** Threads that throw, exit, starve and hang, each beside an innocent trial that must not notice. */

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Executor } from '../../src/execute/executor.ts';
import { startThread } from '../../src/execute/network/thread.ts';
import { startThreads } from '../../src/execute/network/thread-pool.ts';
import { threadExecutor } from '../../src/execute/network/threads.ts';
import { byKey, jobFor } from '../execute/network/network-jobs.ts';
import { weightsIn } from '../fixtures/weights-in.ts';
import { planFor, randomRows, trainHere } from '../train/in-process.ts';
import { firstSeed, workerFaults } from './faulty-worker.ts';
import type { Suite, SuiteReport } from './suite.ts';

const data = randomRows({ training: 200, validation: 100 });
const innocent = planFor(data, { epochs: 60, params: { learningRate: 0.01, batchSize: 10 } });
const expected = trainHere(data, innocent).last.sha256;

/** Whatever takes longer hangs, also on a machine with other work: undisturbed it takes a second. */
const deadlineMs = 600_000;

const faultyFile = fileURLToPath(new URL('./faulty-worker.ts', import.meta.url));

/** Every fault, so many times each. */
export const workers: Suite = {
  unit: 'faults of threads',
  shortRounds: 1,
  longRounds: 50,
  async run({ rounds }): Promise<SuiteReport> {
    const pool = startThreads(2, faultyFile);
    const executor = threadExecutor(pool, { ...byKey, data, shapes: [{ ...innocent, batchSize: 10 }] });
    await executor.ready();
    const found: string[] = [];
    let tried = 0;
    for (let round = 0; round < rounds; round++) {
      for (const index of workerFaults.keys()) {
        const faults = await Promise.race([
          faultsOf(executor, index),
          sleep(deadlineMs, undefined, { ref: false }),
        ]);
        if (faults === undefined) {
          return {
            tried,
            found: [...found, `a thread that ${workerFaults[index]?.name} makes the sweep hang`],
          };
        }
        found.push(...faults);
        tried += 1;
      }
    }
    await pool.destroy();
    found.push(...(await faultsOfScribbler()));
    return { tried: tried + 1, found };
  },
};

/** Whether a thread that is said to have died still writes: its arena is another trial's by then. */
async function faultsOfScribbler(): Promise<string[]> {
  const buffer = new SharedArrayBuffer(2 ** 27);
  const last = new Uint8Array(buffer, buffer.byteLength - 1);
  const thread = startThread(fileURLToPath(new URL('./scribbling-worker.ts', import.meta.url)));
  const died = thread.run({ buffer } as never);
  while (Atomics.load(last, 0) === 0) await sleep(1);
  thread.kill({ code: 'ERR_TRIAL_SILENT', reason: 'planted' });
  await died;
  Atomics.store(last, 0, 0);
  // Longer than a fill takes.
  await sleep(500);
  await thread.close();
  return Atomics.load(last, 0) === 0
    ? []
    : ['a thread wrote to shared memory after it was said to have died'];
}

async function faultsOf(executor: Executor, index: number): Promise<string[]> {
  const { name, code } = workerFaults[index] as (typeof workerFaults)[number];
  const run = (plan: typeof innocent) =>
    // An innocent trial may have to wait for the machine.
    executor.start(
      jobFor(plan, undefined, {
        silentSeconds: plan !== innocent && code.test('ERR_TRIAL_SILENT') ? 0.5 : 300,
      }),
    ).outcome;
  const [faulty, ...others] = await Promise.all([
    run({ ...innocent, seed: firstSeed + index }),
    run(innocent),
    run(innocent),
  ]);
  const after = await Promise.all([run(innocent), run(innocent)]);
  const found: string[] = [];
  if (faulty.state !== 'failed' || !code.test(faulty.code) || faulty.reason === '')
    found.push(
      `a thread that ${name}: its trial is told to be ${JSON.stringify({ ...faulty, result: undefined })}`,
    );
  for (const outcome of [...others, ...after]) {
    const isRight = outcome.state === 'done' && weightsIn(outcome.result, 'last').sha256 === expected;
    if (!isRight)
      found.push(
        `a thread that ${name} harmed another trial: ${JSON.stringify({ ...outcome, result: undefined })}`,
      );
  }
  return found;
}
