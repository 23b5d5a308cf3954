/** The events of a running sweep. Plain data: listeners decide what to show. */

import type { Progress } from '../execute/executor.ts';
import type { Machine } from '../machine.ts';
import type { Metric, NetworkMetric } from '../metric.ts';
import type { Verdict } from '../prune/pruner.ts';
import type { DoneTrial, Role, Trial, TrialOutcome } from '../trial.ts';

/** What happens in a run, told apart by `kind`. */
export type SweepEvent =
  /** Something that a person should know, though it is not an error. */
  | { readonly kind: 'remark'; readonly text: string }
  | {
      readonly kind: 'phase started';
      readonly role: Role;
      readonly trials: number;
      /** What is measured; the first decides. */
      readonly metrics: readonly Metric[];
      /** The same where networks are trained, else null. */
      readonly metric: NetworkMetric | null;
      /** Into how many folds the rows are cut; 1 without folds. */
      readonly folds: number;
      /** How many steps a trial has, where that is known. */
      readonly steps: number | undefined;
      readonly threads: number;
    }
  /** One of several machines has come or gone; these are all so far, `age` seconds after the executor has started. */
  | { readonly kind: 'machines changed'; readonly machines: readonly Machine[]; readonly age: number }
  /** `progress` may be asked at any time until the trial has finished. */
  | { readonly kind: 'trial started'; readonly trial: Trial; readonly progress: () => Progress }
  /** It waits until others have got as far, and its thread is free; it is started again, or finished as pruned. */
  | { readonly kind: 'trial paused'; readonly trial: Trial }
  /** What was decided about a trial at a rung, counted from 0. */
  | {
      readonly kind: 'trial judged';
      readonly number: number;
      readonly rung: number;
      readonly verdict: Verdict;
    }
  | { readonly kind: 'trial finished'; readonly trial: Trial; readonly outcome: TrialOutcome }
  /** bestModel: the file that holds its network. */
  | { readonly kind: 'winner'; readonly trial: DoneTrial; readonly bestModel: string | undefined };

export type OnEvent = (event: SweepEvent) => void;
