/**
 * A kill, or an error, at each system call on a file of the run, in turn: strace injects them.
 * By the files' paths: libuv wakes its own threads by the same calls, and waits for ever where those fail.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { usual } from './small-definitions.ts';
import { type Ended, forget, newDatabase, type SmallSweep, smallSweep, start } from './small-sweep.ts';
import { evenly, type Suite, type SuiteOptions, type SuiteReport, withoutStrace } from './suite.ts';

/** As few system calls as a whole sweep can have. */
const smallest = usual({ epochs: 20, learningRate: [0.1] });

/** The nth call of its name on a file of the run, within one thread. */
interface Instant {
  readonly call: string;
  readonly n: number;
}

/** What an undisturbed run does to its folder. */
interface Recording {
  readonly instants: readonly Instant[];
  /** The files' names, the folder's own as '', and `$$` for the process's id. */
  readonly names: readonly string[];
}

/** A process that takes longer hangs, also on a machine with other work: undisturbed it takes a second. */
const deadlineMs = 600_000;

/** Calls that make, fill, sync, rename or remove a file. */
const changing = ['openat', 'pwrite64', 'write', 'fsync', 'ftruncate', 'rename', 'unlink'];

/** SIGKILL at every one of them, in the run's folder. */
export const killsAtCalls: Suite = {
  unit: 'kills at system calls',
  shortRounds: 4,
  longRounds: Number.POSITIVE_INFINITY,
  run: (options) => atEach(options, ['signal=SIGKILL']),
};

/** The same calls fail as if the disk were full or broken, once and from then on. */
export const diskErrors: Suite = {
  unit: 'errors of system calls',
  shortRounds: 4,
  longRounds: Number.POSITIVE_INFINITY,
  run: (options) => atEach(options, ['error=ENOSPC', 'error=EIO', 'error=ENOSPC+', 'error=EIO+']),
};

async function atEach({ rounds }: SuiteOptions, injections: readonly string[]): Promise<SuiteReport> {
  const reason = withoutStrace();
  if (reason !== undefined) return { tried: 0, found: [], skipped: reason };
  const small = await smallSweep(smallest);
  const { instants, names } = await recording(small);
  const all = instants.flatMap((instant) => injections.map((injection) => ({ ...instant, injection })));
  const found: string[] = [];
  let tried = 0;
  for (const { call, n, injection } of evenly(all, rounds)) {
    const [what, isForGood] = [injection.replace('+', ''), injection.endsWith('+')];
    const inject = `inject=${call}:${what}:when=${n}${isForGood ? '+' : ''}`;
    const { hit, faults } = await faultsWith(small, names, call, inject);
    if (hit !== undefined) tried += 1;
    found.push(...faults.map((fault) => `${inject}, at ${hit ?? 'no call'}: ${fault}`));
  }
  forget(small);
  return { tried, found };
}

async function faultsWith(
  small: SmallSweep,
  names: readonly string[],
  call: string,
  inject: string,
): Promise<{ hit: string | undefined; faults: string[] }> {
  const database = newDatabase(small.folder);
  const log = join(small.folder, 'injected.txt');
  const paths = names.map((name) => join(dirname(database), name));
  const run = start({ ...small, database }, { wrapper: strace(log, call, ['-e', inject], paths) });
  const found: string[] = [];
  const deadline = setTimeout(() => {
    found.push('it hangs');
    run.kill('SIGKILL');
  }, deadlineMs);
  const ended = await run.ended;
  clearTimeout(deadline);
  const isKill = inject.includes('SIGKILL');
  if (isKill ? ended.signal !== 'SIGKILL' && ended.code !== 0 : !isAnswer(ended))
    found.push(`ended with ${ended.code ?? ended.signal}: ${ended.err.slice(-2_000)}`);
  if (existsSync(database)) found.push(...faultsAfterKill(database, ended.acknowledged));
  const hit = readFileSync(log, 'utf8')
    .split('\n')
    .findLast((line) => (isKill ? line !== '' : line.includes('INJECTED')));
  return { hit: hit?.slice(0, 200), faults: [...found, ...(await faultsAfterResume(small, database))] };
}

/** Whether a run that met an error of the disk has ended as it must: with one message that says so, or with none at all. */
export function isAnswer({ code, err }: Ended): boolean {
  const messages = err.match(/\[ERR_\w+\]$/gm) ?? [];
  switch (code) {
    case 0:
      // It did not matter: on a file that only helps whoever looks on, or where SQLite can do without.
      return messages.length === 0;
    case 74:
      return messages.length === 1 && !/^\s+at /m.test(err);
    default:
      return false;
  }
}

/** The changing calls of an undisturbed run on files in its folder, counted in each thread by itself, as strace does. */
async function recording(small: SmallSweep): Promise<Recording> {
  const database = newDatabase(small.folder);
  const folder = dirname(database);
  const log = join(small.folder, 'calls.txt');
  const { pid, ended } = start(
    { ...small, database },
    { wrapper: strace(log, changing.join(','), ['-y', '-s', '4096']) },
  );
  await ended;
  const counts = new Map<string, number>();
  const instants = new Map<string, Instant>();
  const names = new Set<string>();
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [, thread, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    // What is written may name files as well: a call on a descriptor is on that file alone.
    const [, descriptor] = /\(\d+<(.*?)>/.exec(line) ?? [];
    const named = descriptor === undefined ? line.split('"') : [descriptor];
    const paths = named.filter((part) => part === folder || part.startsWith(`${folder}/`));
    if (call === undefined || paths.length === 0) continue;
    for (const path of paths) names.add(path.slice(folder.length + 1).replace(String(pid), '$$$$'));
    const n = (counts.get(`${thread} ${call}`) ?? 0) + 1;
    counts.set(`${thread} ${call}`, n);
    instants.set(`${call} ${n}`, { call, n });
  }
  return { instants: [...instants.values()], names: [...names] };
}

/**
 * The command that traces, and meddles with, the calls of what follows it, on these paths alone where any are given.
 * With -D the traced process is the one that is started, so that it can be killed, and its id stands for `$$` in a path.
 * Without --seccomp-bpf, which would be quicker: strace 6.1 then injects errors, but no signals.
 */
export function strace(
  log: string,
  call: string,
  options: readonly string[],
  paths: readonly string[] = [],
): string[] {
  const only = paths.map((path) => `-P "${path}"`).join(' ');
  const script = `exec strace -D -f -qq -o "$0" ${only} "$@"`;
  return ['sh', '-c', script, log, '-e', `trace=${call}`, ...options];
}
