/** How a trial has ended, read out of its arena once its thread has answered. Not here: what its thread is told. */
import type { Arena } from '../train/arena.ts';
import { bestEpochOf, checkpointOf, correctRowsAt, curveOf, weightsAt } from '../train/arena-state.ts';
import type { TrainingPlan } from '../train/train.ts';
import type { EpochMetrics, Span, TrainingResult, TrialOutcome } from '../trial.ts';
import type { ThreadDeath } from './thread.ts';
import type { ThreadAnswer } from './worker.ts';

/** When a trial was on threads. */
export interface Spent {
  readonly seconds: number;
  readonly spans: readonly Span[];
}

export function outcomeOf(
  answer: ThreadAnswer | ThreadDeath,
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  { seconds, spans }: Spent,
): TrialOutcome {
  switch (answer.kind) {
    case 'threw':
    case 'died':
      return { state: 'failed', code: answer.code, reason: answer.reason, seconds };
    case 'trained': {
      const { end } = answer;
      switch (end.state) {
        case 'finished':
          return { state: 'done', result: resultOf(buffer, arena, plan, seconds, spans) };
        case 'diverged':
          return { state: 'diverged', epoch: end.epoch, curve: curveOf(buffer, arena, plan.epochs), seconds };
        case 'stopped':
        case 'yielded':
          return { state: 'stopped', checkpoint: checkpointOf(buffer, arena, plan), seconds };
        default:
          return end satisfies never;
      }
    }
    case 'assisted':
    case 'ready':
      throw new Error(`A thread that was asked to train has answered that it is ${answer.kind}.`);
    default:
      return answer satisfies never;
  }
}

function resultOf(
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  seconds: number,
  spans: readonly Span[],
): TrainingResult {
  const curve = curveOf(buffer, arena, plan.epochs);
  return {
    curve,
    best: curve[bestEpochOf(buffer, arena) - 1] as EpochMetrics,
    last: curve.at(-1) as EpochMetrics,
    bestWeights: weightsAt(buffer, arena.best, plan.sizes),
    lastWeights: weightsAt(buffer, arena.parameters, plan.sizes),
    correct: correctRowsAt(buffer, arena, plan.evaluation),
    spans,
    seconds,
  };
}
