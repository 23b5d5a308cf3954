/** Trainings by plans of a test's own, as jobs by whose key executors of this process find the plan. */
import type { Job, TrialLimits } from '../../../src/execute/executor.ts';
import type { NetworkObjective } from '../../../src/execute/network/network-objective.ts';
import type { TrainingPlan } from '../../../src/train/train.ts';
import type { Checkpoint } from '../../../src/trial.ts';
import { randomStart } from '../../train/in-process.ts';

/** By the keys of their jobs. */
const plans = new Map<string, TrainingPlan>();

const planOf = ({ key }: Job): TrainingPlan => plans.get(key) as TrainingPlan;

/** How an executor finds the plans of these jobs, and where they start. */
export const byKey: Pick<NetworkObjective, 'planOf' | 'weightsOf'> = {
  planOf,
  weightsOf: (job) => randomStart(planOf(job)),
};

/** How many steps these jobs have. */
export const epochsOf = (job: Job): number => planOf(job).epochs;

/** A key of its own: equal keys would mean equal bits, and one trial. */
export function jobFor(
  plan: TrainingPlan,
  checkpoint?: Checkpoint,
  limits: TrialLimits = { silentSeconds: 300 },
): Job {
  const key = `plan${plans.size + 1}`;
  plans.set(key, plan);
  return {
    ...{ number: 1, role: 'search', key, replicate: plan.replicate, params: {} },
    ...{ attempt: 1, seed: plan.seed, limits },
    start: checkpoint === undefined ? { from: 'nothing' } : { from: 'checkpoint', checkpoint },
  };
}

/** The same from given weights. */
export const jobFrom = (plan: TrainingPlan, parameters: Float32Array): Job => {
  const weights = { sizes: plan.sizes, parameters, sha256: '' };
  return {
    ...jobFor(plan),
    start: { from: 'artifact', artifact: { kind: 'network', name: 'best', weights } },
  };
};
