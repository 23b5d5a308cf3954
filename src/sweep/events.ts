/** What a sweep tells while it runs. Plain data: whoever listens decides what to show. */

import type { NetworkMetric } from '../metric.ts';
import type { Progress } from '../pool/executor.ts';
import type { DoneTrial, Role, Trial, TrialOutcome } from '../trial.ts';

export type SweepEvent =
  /** Something that a person should know, though it is no fault. */
  | { readonly kind: 'remark'; readonly text: string }
  | {
      readonly kind: 'phase started';
      readonly role: Role;
      readonly trials: number;
      /** What decides. */
      readonly metric: NetworkMetric;
      readonly epochs: number;
      readonly threads: number;
    }
  /** `progress` may be asked at any time until the trial has finished. */
  | { readonly kind: 'trial started'; readonly trial: Trial; readonly progress: () => Progress }
  | { readonly kind: 'trial finished'; readonly trial: Trial; readonly outcome: TrialOutcome }
  | { readonly kind: 'winner'; readonly trial: DoneTrial; readonly bestModel: string };

export type OnEvent = (event: SweepEvent) => void;
