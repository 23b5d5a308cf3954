/** Trainings by plans of a test's own, as jobs whose key is the plan. */
import type { Job, TrialLimits } from '../../../src/execute/executor.ts';
import type { NetworkObjective } from '../../../src/execute/network/threads.ts';
import type { TrainingPlan } from '../../../src/train/train.ts';
import type { Checkpoint } from '../../../src/trial.ts';
import { randomStart } from '../../train/in-process.ts';

const planOf = ({ key }: Job): TrainingPlan => JSON.parse(key) as TrainingPlan;

/** How an executor finds the plans of these jobs, and where they start. */
export const byKey: Pick<NetworkObjective, 'planOf' | 'weightsOf'> = {
  planOf,
  weightsOf: (job) => randomStart(planOf(job)),
};

export const jobFor = (
  plan: TrainingPlan,
  checkpoint?: Checkpoint,
  limits: TrialLimits = { silentSeconds: 300 },
): Job => ({
  ...{ number: 1, role: 'search', key: JSON.stringify(plan), replicate: plan.replicate, params: {} },
  ...{ attempt: 1, seed: plan.seed, limits },
  start: checkpoint === undefined ? { from: 'nothing' } : { from: 'checkpoint', checkpoint },
});

/** The same from given weights. */
export const jobFrom = (plan: TrainingPlan, parameters: Float32Array): Job => {
  const weights = { sizes: plan.sizes, parameters, sha256: '' };
  return {
    ...jobFor(plan),
    start: { from: 'artifact', artifact: { kind: 'network', name: 'best', weights } },
  };
};
