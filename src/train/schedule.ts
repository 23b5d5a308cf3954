/** The learning rate of each epoch. */
import { cosineOfTurn } from '../exact/cosine.ts';

export type Schedule =
  | { readonly kind: 'constant' }
  /** Times gamma after each `every` epochs. */
  | { readonly kind: 'step'; readonly every: number; readonly gamma: number }
  /** Times gamma after each epoch. */
  | { readonly kind: 'exponential'; readonly gamma: number }
  /** Half a wave of the cosine, from the whole rate towards 0. */
  | { readonly kind: 'cosine' };

export type ScheduleKind = Schedule['kind'];
export const scheduleKinds = [
  'constant',
  'step',
  'exponential',
  'cosine',
] as const satisfies readonly ScheduleKind[];

/** What a schedule is of: epochs from 1 to `epochs`, of which the first `warmup` only lead up to it. */
export interface ScheduledRate {
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly warmup: number;
  readonly epochs: number;
}

/**
 * The rate of an epoch, counted from 1. Epoch e of a warmup of w takes e / (w + 1) of the whole rate; the schedule then runs
 * over the epochs that are left, as PyTorch's StepLR, ExponentialLR and CosineAnnealingLR do over theirs.
 */
export function learningRateAt(
  epoch: number,
  { learningRate, schedule, warmup, epochs }: ScheduledRate,
): number {
  if (epoch <= warmup) return (learningRate * epoch) / (warmup + 1);
  const before = epoch - 1 - warmup;
  switch (schedule.kind) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * power(schedule.gamma, Math.floor(before / schedule.every));
    case 'exponential':
      return learningRate * power(schedule.gamma, before);
    case 'cosine':
      return (learningRate * (1 + cosineOfTurn(before / (epochs - warmup) / 2))) / 2;
    default:
      return schedule satisfies never;
  }
}

/** By repeated multiplication: engines round ** as they like. */
export function power(base: number, exponent: number): number {
  let product = 1;
  // Below half an ulp of 1 it decides nothing any more, and far below it would be denormal.
  for (let i = 0; i < exponent && product > 1e-300; i++) product *= base;
  return product;
}
