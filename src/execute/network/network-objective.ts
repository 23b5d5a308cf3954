/** What threads train: rows, and the plan and the start of each trial. Not here: how a definition says that (sweep/network.ts). */
import type { LoadedData } from '../../data/dataset.ts';
import type { TrainingStart } from '../../train/arena-state.ts';
import type { TrainingPlan } from '../../train/train.ts';
import type { Job } from '../executor.ts';
import type { PlanShape } from './memory.ts';

export interface NetworkObjective {
  readonly data: LoadedData;
  /** The largest of its trainings. */
  readonly shapes: readonly PlanShape[];
  planOf(job: Job): TrainingPlan;
  /** Where a trial starts that goes on from nothing. */
  weightsOf(job: Job): Float32Array;
}

export function startOf(job: Job, objective: NetworkObjective): TrainingStart {
  const { start } = job;
  switch (start.from) {
    case 'checkpoint':
      return start;
    case 'nothing':
      return { from: 'weights', parameters: objective.weightsOf(job) };
    case 'artifact':
      if (start.artifact.kind !== 'network') throw new Error('A network starts from weights.');
      return { from: 'weights', parameters: start.artifact.weights.parameters };
    default:
      return start satisfies never;
  }
}
