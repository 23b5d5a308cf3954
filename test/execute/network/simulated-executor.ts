/**
 * An executor without threads: a training is a formula, an epoch a turn of the event loop.
 * Not here: any arithmetic of networks. It keeps the promise of execute/executor.ts, so what is built on that can be tested fast.
 */
import { setImmediate } from 'node:timers/promises';
import type { Executor, Job, Running } from '../../../src/execute/executor.ts';
import type { NetworkObjective } from '../../../src/execute/network/network-objective.ts';
import { stoppedOf } from '../../../src/execute/network/outcome.ts';
import { reportOf } from '../../../src/metric.ts';
import { checkpointFrom, stateIn } from '../../../src/train/checkpoint-bytes.ts';
import { parameterCount } from '../../../src/train/model.ts';
import { isBetter } from '../../../src/train/snapshot.ts';
import type { TrainingPlan } from '../../../src/train/train.ts';
import { weightsSha256 } from '../../../src/train/weights-hash.ts';
import type { Checkpoint, Report, TrainedWeights, TrialOutcome, TrialResult } from '../../../src/trial.ts';

interface State {
  readonly reports: Report[];
  parameters: Float32Array;
  best: Float32Array;
  bestEpoch: number;
  isStopped: boolean;
  isPruned: boolean;
}

/** A learning rate above which these trainings diverge, as real ones do. */
const divergesAbove = 1_000;

const copyOf = ({ reports, parameters, best, bestEpoch }: State): Checkpoint =>
  checkpointFrom({
    trainedEpochs: reports.length,
    reports: [...reports],
    bestEpoch,
    parameters,
    moments: [],
    best,
  });

function trainEpoch(plan: TrainingPlan, state: State): 'trained' | 'diverged' {
  const epoch = state.reports.length + 1;
  const { learningRate, batchSize } = plan.params;
  if (learningRate > divergesAbove && epoch === 2) return 'diverged';
  state.parameters = state.parameters.map((w, at) =>
    Math.fround(w + learningRate * (1 + (at % 3)) - plan.replicate),
  );
  const loss = Math.abs(Math.fround((state.parameters[0] as number) / batchSize)) + 1 / epoch;
  const accuracy = 1 / (1 + loss);
  const report = reportOf(plan.bestBy, epoch, [loss / 2, accuracy, loss, accuracy]);
  const before = state.reports[state.bestEpoch - 1];
  if (before === undefined || isBetter(report, before, plan.bestBy)) {
    state.best = state.parameters.slice();
    state.bestEpoch = epoch;
  }
  state.reports.push(report);
  return 'trained';
}

function parametersOf(job: Job, weightsOf: Simulated['weightsOf']): Float32Array {
  const { start } = job;
  if (start.from === 'nothing') return weightsOf(job);
  if (start.from === 'artifact' && start.artifact.kind === 'network')
    return start.artifact.weights.parameters;
  throw new Error('This is no start of a network.');
}

function startOf(job: Job, plan: TrainingPlan, weightsOf: Simulated['weightsOf']): State {
  const state = job.start.from === 'checkpoint' ? stateIn(job.start.checkpoint) : undefined;
  const parameters = state?.parameters ?? parametersOf(job, weightsOf);
  const count = parameterCount(plan.sizes);
  if (parameters.length !== count)
    throw new Error(`${plan.sizes} has ${count} parameters, but got ${parameters.length}.`);
  const { reports, best, bestEpoch } = state ?? { reports: [], best: parameters, bestEpoch: 0 };
  return { reports: [...reports], parameters, best, bestEpoch, isStopped: false, isPruned: false };
}

type Simulated = Pick<NetworkObjective, 'planOf' | 'weightsOf'>;

/** @param largest the most parameters and epochs that it was made for */
export function simulatedExecutor(
  threads: number,
  { planOf, weightsOf }: Simulated,
  largest = { parameters: 1e6, epochs: 1e6 },
): Executor {
  const underway = new Set<State>();
  const born = performance.now();
  const most = 2 * threads - 1;
  const age = () => (performance.now() - born) / 1000;

  async function train(
    { until = Number.POSITIVE_INFINITY }: Job,
    plan: TrainingPlan,
    state: State,
  ): Promise<TrialOutcome> {
    const from = age();
    const weights = (parameters: Float32Array): TrainedWeights => ({
      ...{ sizes: plan.sizes, parameters, sha256: weightsSha256(parameters) },
    });
    while (state.reports.length < plan.epochs) {
      await setImmediate();
      if (state.isStopped || state.reports.length >= until)
        return stoppedOf(copyOf(state), plan, { ...state, seconds: age() - from, spans: [] });
      if (trainEpoch(plan, state) === 'diverged')
        return {
          state: 'diverged',
          step: state.reports.length + 1,
          reports: state.reports,
          seconds: age() - from,
        };
    }
    const { reports, best, parameters, bestEpoch } = state;
    const to = age();
    const correct = new Uint8Array(Math.ceil((plan.evaluation.to - plan.evaluation.from) / 8));
    const artifact = (name: 'best' | 'last', of: Float32Array) => ({
      ...{ kind: 'network' as const, name, weights: weights(of) },
      ...(name === plan.modelEpoch ? { correct } : {}),
    });
    const result: TrialResult = {
      ...{ reports, best: reports[bestEpoch - 1] as Report, last: reports.at(-1) as Report },
      artifacts: [artifact('best', best), artifact('last', parameters)],
      ...{ spans: [{ thread: 0, from, to }], seconds: to - from },
    };
    return { state: 'done', result };
  }

  return {
    seats: threads,
    pauses: true,
    age,
    ready: async () => {},
    capacity: (unstarted) => (unstarted < threads ? most : threads),
    start(job): Running {
      const plan = planOf(job);
      const { sizes, epochs } = plan;
      if (parameterCount(sizes) > largest.parameters || epochs > largest.epochs)
        throw new Error('The plan does not fit the memory.');
      if (underway.size === most) throw new Error(`${most} trials are under way already.`);
      const state = startOf(job, plan, weightsOf);
      underway.add(state);
      const stop = () => {
        state.isStopped = true;
      };
      return {
        outcome: train(job, plan, state).finally(() => underway.delete(state)),
        reports: () => state.reports,
        progress: () => ({ steps: epochs, last: state.reports.at(-1) }),
        checkpoint: () => copyOf(state),
        log: () => '',
        onReport: () => {},
        prune() {
          state.isPruned = true;
          stop();
        },
        stop,
      };
    },
    stop() {
      for (const state of underway) state.isStopped = true;
    },
    close: async () => {},
  };
}
