/** How a trial has ended, read out of its arena once its thread has answered. Not here: the thread's tasks. */

import type { Address } from '../../kernel/layout.ts';
import { networkMetrics } from '../../metric.ts';
import type { Arena } from '../../train/arena.ts';
import { bestEpochOf, checkpointOf, correctRowsAt, reportsOf, weightsAt } from '../../train/arena-state.ts';
import { outputs } from '../../train/outputs.ts';
import type { TrainingPlan } from '../../train/train.ts';
import type { Checkpoint, Report, Span, TrialOutcome, TrialResult } from '../../trial.ts';
import { prunedWith } from '../pruned.ts';
import type { ThreadDeath } from './thread.ts';
import type { ThreadAnswer } from './worker.ts';

/** When a trial was on threads, and whether it was to end as pruned. */
export interface Spent {
  readonly seconds: number;
  readonly spans: readonly Span[];
  readonly isPruned: boolean;
}

export function outcomeOf(
  answer: ThreadAnswer | ThreadDeath,
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  spent: Spent,
): TrialOutcome {
  const { seconds, spans } = spent;
  switch (answer.kind) {
    case 'threw':
    case 'died':
      return { state: 'failed', code: answer.code, reason: answer.reason, reports: [], seconds };
    case 'trained': {
      const { end } = answer;
      switch (end.state) {
        case 'finished':
          return { state: 'done', result: resultOf(buffer, arena, plan, seconds, spans) };
        case 'diverged':
          return { state: 'diverged', step: end.epoch, reports: reportsOf(buffer, arena, plan), seconds };
        case 'stopped':
        case 'yielded':
          return stoppedOf(checkpointOf(buffer, arena, plan), plan, spent);
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

/** The end of a trial that did not get to its last epoch because it was asked not to. */
export function stoppedOf(
  checkpoint: Checkpoint,
  { bestBy }: Pick<TrainingPlan, 'bestBy'>,
  { seconds, spans, isPruned }: Spent,
): TrialOutcome {
  const { reports } = checkpoint;
  const pruned = isPruned ? prunedWith(networkMetrics(bestBy), { reports, spans, seconds }) : undefined;
  return pruned ?? { state: 'stopped', checkpoint, seconds };
}

function resultOf(
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  seconds: number,
  spans: readonly Span[],
): TrialResult {
  const reports = reportsOf(buffer, arena, plan);
  const correct =
    outputs[plan.output].learns === 'classes' ? correctRowsAt(buffer, arena, plan.evaluation) : undefined;
  const artifact = (name: 'best' | 'last', address: Address) => ({
    kind: 'network' as const,
    name,
    weights: weightsAt(buffer, address, plan.sizes),
    ...(name === plan.modelEpoch && correct !== undefined ? { correct } : {}),
  });
  return {
    reports,
    best: reports[bestEpochOf(buffer, arena) - 1] as Report,
    last: reports.at(-1) as Report,
    artifacts: [artifact('best', arena.best), artifact('last', arena.parameters)],
    spans,
    seconds,
  };
}
