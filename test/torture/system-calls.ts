/**
 * A kill, or an error, at each system call that changes a file, in turn: strace injects them.
 * It counts the calls of each thread by themselves, and only the main thread writes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import {
  forget,
  newDatabase,
  type SmallSettings,
  type SmallSweep,
  smallSweep,
  start,
} from './small-sweep.ts';
import type { Suite, SuiteOptions, SuiteReport } from './suite.ts';
import { withoutStrace } from './suite.ts';

/** As few system calls as a whole sweep can have. */
const smallest: Partial<SmallSettings> = { epochs: 20, learningRate: [0.1], batchSize: [16, 32] };

// Without --seccomp-bpf, which would be quicker: strace 6.1 then injects errors, but no signals.
const strace = ['strace', '-f', '-qq'];

/** The nth call of its name in the main thread, if that is on a file of the run. */
interface Instant {
  readonly call: string;
  readonly n: number;
}

/** A process that takes longer hangs. */
const deadlineMs = 60_000;

/** SIGKILL at every call that makes, fills, syncs, renames or removes a file, in the run's folder. */
export const killsAtCalls: Suite = {
  unit: 'kills at system calls',
  shortRounds: 6,
  longRounds: Number.POSITIVE_INFINITY,
  run: (options) =>
    atEach(
      options,
      ['openat', 'pwrite64', 'write', 'fsync', 'ftruncate', 'rename', 'unlink'],
      ['signal=SIGKILL'],
    ),
};

/** Calls that fail as if the disk were full or broken, once and from then on. */
export const diskErrors: Suite = {
  unit: 'errors of system calls',
  shortRounds: 6,
  longRounds: Number.POSITIVE_INFINITY,
  run: (options) =>
    atEach(
      options,
      // Not write: libuv wakes its own threads with it, waits for ever where that fails, and no disk is to blame.
      ['pwrite64', 'fsync', 'ftruncate', 'rename'],
      ['error=ENOSPC', 'error=EIO', 'error=ENOSPC+', 'error=EIO+'],
    ),
};

async function atEach(
  { rounds }: SuiteOptions,
  calls: readonly string[],
  injections: readonly string[],
): Promise<SuiteReport> {
  const reason = withoutStrace();
  if (reason !== undefined) return { tried: 0, found: [], skipped: reason };
  const small = await smallSweep(smallest);
  const all = (await instants(small, calls)).flatMap((instant) =>
    injections.map((injection) => ({ ...instant, injection })),
  );
  const chosen = evenly(all, rounds);
  const found: string[] = [];
  let tried = 0;
  for (const { call, n, injection } of chosen) {
    const [what, isForGood] = [injection.replace('+', ''), injection.endsWith('+')];
    const inject = `inject=${call}:${what}:when=${n}${isForGood ? '+' : ''}`;
    const { wasHit, faults } = await faultsWith(small, call, inject);
    if (wasHit) tried += 1;
    found.push(...faults.map((fault) => `${inject}: ${fault}`));
  }
  forget(small);
  return { tried, found };
}

async function faultsWith(
  small: SmallSweep,
  call: string,
  inject: string,
): Promise<{ wasHit: boolean; faults: string[] }> {
  const database = newDatabase(small.folder);
  const log = join(small.folder, 'injected.txt');
  const wrapper = [...strace, '-o', log, '-e', `trace=${call}`, '-e', inject];
  const run = start({ ...small, database }, { wrapper });
  const found: string[] = [];
  const deadline = setTimeout(() => {
    found.push('it hangs');
    run.kill('SIGKILL');
  }, deadlineMs);
  const ended = await run.ended;
  clearTimeout(deadline);
  // 74 is a fault of the file system, and 0 where it did not matter: on the terminal, or where SQLite can do without.
  const isKill = inject.includes('SIGKILL');
  const isExpected = isKill
    ? ended.signal === 'SIGKILL' || ended.code === 137 || ended.code === 0
    : ended.code === 0 || ended.code === 74;
  if (!isExpected) found.push(`ended with ${ended.code ?? ended.signal}: ${ended.err.slice(-2_000)}`);
  if (existsSync(database)) found.push(...faultsAfterKill(database, ended.acknowledged));
  const wasHit = /INJECTED|killed by SIGKILL/.test(readFileSync(log, 'utf8'));
  return { wasHit, faults: [...found, ...(await faultsAfterResume(small, database))] };
}

/** The calls of an undisturbed run from the moment it opens its database. */
async function instants(small: SmallSweep, calls: readonly string[]): Promise<Instant[]> {
  const database = newDatabase(small.folder);
  const log = join(small.folder, 'calls.txt');
  const traced = [...new Set(['openat', ...calls])].join(',');
  await start({ ...small, database }, { wrapper: [...strace, '-y', '-o', log, '-e', `trace=${traced}`] })
    .ended;
  const lines = readFileSync(log, 'utf8').split('\n');
  const main = lines[0]?.split(' ')[0];
  const counts = new Map<string, number>();
  const found: Instant[] = [];
  for (const line of lines) {
    const [, pid, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (pid !== main || call === undefined) continue;
    const n = (counts.get(call) ?? 0) + 1;
    counts.set(call, n);
    // Other files are Node's own, and libuv's wake-up calls among its threads, which do not fail.
    if (line.includes(dirname(database)) && calls.includes(call)) found.push({ call, n });
  }
  return found;
}

/** `count` of `values`, spread over all of them. */
const evenly = <Value>(values: readonly Value[], count: number): Value[] =>
  count >= values.length
    ? [...values]
    : Array.from(
        { length: count },
        (_, index) => values[Math.floor((index + 0.5) * (values.length / count))] as Value,
      );
