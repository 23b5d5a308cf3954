/**
 * Runs trials twice, on two machines each on purpose, over the queue, and compares what the two computed. Where there are only two
 * workers of one machine, these run them, which is said: one memory and one processor are shared by both.
 * Not here: writing anything; which trials; running them again on this machine alone (verify.ts, verify-objective.ts).
 */
import { hash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { errors } from '../errors.ts';
import type { Executor, Running } from '../execute/executor.ts';
import { checkRecorded } from '../experiment/check.ts';
import { type Apart, apartFrom, type Machine } from '../machine.ts';
import { queueAddress } from '../queue/address.ts';
import { packAnswer } from '../queue/answers.ts';
import { queueExecutor } from '../queue/coordinator.ts';
import { openServer } from '../queue/server.ts';
import { version } from '../queue/version.ts';
import type { Experiment } from '../store/results.ts';
import type { Trial, TrialOutcome } from '../trial.ts';
import { offered, ownWorker } from './on-machines.ts';
import { openNetwork } from './open-network.ts';
import { openObjective } from './open-objective.ts';
import type { RunOptions } from './run-options.ts';
import type { Tried } from './tried.ts';
import { jobAgain, type Verified, type Verifying, verifyEach } from './verify-each.ts';
import { expectRepeatable } from './verify-objective.ts';

export interface VerifyAcrossOptions extends Verifying {
  readonly run: Experiment;
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  /** Of this machine, which is one of them; default: the cores available. */
  readonly threads?: number | undefined;
  readonly workers: NonNullable<RunOptions['workers']>;
  readonly tell: (text: string) => void;
}

/** What one machine made of a trial. */
interface Answer {
  readonly worker: string;
  readonly sha256: string;
  readonly outcome: TrialOutcome;
}

/** How long the others have before it counts that there are none, in milliseconds. */
const lookEvery = 1_000;

/**
 * Tells of each trial how its two answers compare; the difference is the text of ERR_ANSWERS_DIFFER.
 * @throws ERR_ONE_MACHINE where there are not two, and what the address, the server, the data or the objective give
 */
export async function verifyAcross(options: VerifyAcrossOptions): Promise<void> {
  const { run, baseFolder, threads, workers, tell } = options;
  const address = queueAddress(workers.url, process.env, workers.isForced);
  const { tried, executor: own } = await opened(run, baseFolder, threads);
  const server = await openServer(address).catch(async (error: unknown) => {
    await own.close();
    throw error;
  });
  const common = { server, version, tell };
  const offer = offered(tried, baseFolder);
  const worker = ownWorker(offer, own, common);
  /** Runs of their own, whose trials have names of their own: the queue would take the second for the first. */
  const [first, second] = [tell, () => {}].map((say) =>
    queueExecutor({
      ...{ ...common, tell: say, ...offer.given, pauses: own.pauses },
      ...{ study: randomBytes(8).toString('hex'), password: address.password ?? '' },
      own: { id: worker.id, threads: own.seats },
      // What differs is found below.
      onConflict() {},
    }),
  ) as [Executor, Executor];
  const twice: Twice = {
    ...{ first, second, tried, shown: address.shown, signal: options.signal },
    // This one may run a trial before its card has been read.
    machines: () => [{ name: worker.id, end: undefined }, ...(first.machines?.() ?? [])],
  };
  try {
    await Promise.all([first.ready(), second.ready()]);
    if (whoElse(worker.id, twice).kind === 'workers')
      tell('No worker of another machine is there: two workers of one machine run each trial.');
    await verifyEach(first, options, (trial) => runTwice(trial, twice));
  } finally {
    await Promise.all([first.close(), second.close()]);
    await worker.leave();
    await own.close();
    await server.close();
  }
}

/** What runs each trial once, and once again. */
interface Twice {
  readonly first: Executor;
  readonly second: Executor;
  readonly tried: Tried;
  /** Who is or was there, and who is this one. */
  readonly machines: () => readonly Pick<Machine, 'name' | 'end'>[];
  /** The address of the queue. */
  readonly shown: string;
  readonly signal: AbortSignal;
}

/** @throws ERR_ONE_MACHINE where there is nobody else */
function whoElse(worker: string, { machines, shown }: Twice): Apart {
  const apart = apartFrom(worker, machines());
  if (apart === undefined) throw errors.oneMachine(shown);
  return apart;
}

async function runTwice(trial: Trial, twice: Twice): Promise<Omit<Verified, 'trial'>> {
  const { first, second, tried, machines, shown, signal } = twice;
  const job = jobAgain(trial, tried.experiment, { from: 'nothing' });
  const one = await answerOf(first.start(job));
  if (signal.aborted) return { differences: [] };
  const { kind, avoid } = whoElse(one.worker, twice);
  const running = second.start({ ...job, avoid });
  let isAlone = false;
  const look = setInterval(() => {
    const now = apartFrom(one.worker, machines());
    // Those of the avoided host would leave it to each other for ever.
    isAlone = now === undefined || (kind === 'machines' && now.kind === 'workers');
    if (isAlone || signal.aborted) running.stop();
  }, lookEvery);
  const other = await answerOf(running).finally(() => clearInterval(look));
  if (isAlone && other.outcome.state === 'stopped') throw errors.oneMachine(shown);
  return { differences: differencesOf(trial, one, other), machines: [one.worker, other.worker] };
}

function differencesOf(trial: Trial, one: Answer, other: Answer): string[] {
  if (one.sha256 !== other.sha256) return [errors.answersDiffer(`Trial ${trial.number}`, one, other).message];
  const { state } = one.outcome;
  return state === trial.state
    ? []
    : [`it was ${trial.state}, but is ${state} now, on ${one.worker} and ${other.worker}`];
}

/** What is tried, as it was recorded, with this machine's data and code. */
async function opened(
  run: Experiment,
  baseFolder: string,
  threads = availableParallelism(),
): Promise<{ readonly tried: Tried; readonly executor: Executor }> {
  const experiment = checkRecorded(run);
  if (experiment.objective === undefined) return await openNetwork(experiment, { baseFolder, threads }, {});
  expectRepeatable(experiment, run);
  return openObjective(experiment, { baseFolder, threads });
}

/** The hash is over all that a trial comes to: reports and what it leaves behind, not over the time it took. */
async function answerOf(running: Running): Promise<Answer> {
  const outcome = await running.outcome;
  const worker = running.progress().stints?.at(-1)?.machine ?? 'nobody';
  return { worker, sha256: hash('sha256', packAnswer(outcome)), outcome };
}
