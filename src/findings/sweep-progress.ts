/**
 * How far a sweep is, from the events that it sends, to be shown on a terminal or elsewhere.
 * Not here: how it is shown (terminal, dashboard).
 */
import { epochOf, isClassMetric } from '../metric.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { Report, Trial } from '../trial.ts';
import { deciding, triedBy, valueIn } from '../words/measures.ts';
import type { ProgressState, RunningTrial } from './progress-state.ts';

interface Followed {
  readonly trial: Trial;
  readonly startedAt: number;
  readonly progress: Extract<SweepEvent, { kind: 'trial started' }>['progress'];
}

export class SweepProgress {
  readonly #running = new Map<number, Followed>();
  #state: Omit<ProgressState, 'running'> | undefined;

  /** The phase as it stands now; undefined before there is one. Times are those of performance.now(). */
  state(): ProgressState | undefined {
    const state = this.#state;
    if (state === undefined) return undefined;
    return { ...state, running: [...this.#running.values()].map((trial) => runningTrial(trial, state)) };
  }

  follow(event: SweepEvent): void {
    switch (event.kind) {
      case 'phase started': {
        const { role, trials, metrics, metric, folds, steps = 1, threads } = event;
        const none = { finished: 0, diverged: 0, failed: 0, measured: { epochs: 0, seconds: 0 } };
        this.#state = { role, trials, metrics, metric, folds, epochsPerTrial: steps, threads, ...none };
        return;
      }
      case 'trial started':
        this.#running.set(event.trial.id, { ...event, startedAt: performance.now() });
        return;
      case 'trial finished':
        return this.#finish(event);
      case 'trial paused':
        this.#running.delete(event.trial.id);
        return;
      case 'machines changed': {
        const there = event.machines.filter(({ end }) => end === undefined);
        const threads = there.reduce((sum, machine) => sum + machine.threads, 0);
        if (this.#state !== undefined && threads > 0) this.#state = { ...this.#state, threads };
        return;
      }
      case 'trial judged':
      case 'remark':
      case 'winner':
        return;
      default:
        return event satisfies never;
    }
  }

  #finish({ trial, outcome }: Extract<SweepEvent, { kind: 'trial finished' }>): void {
    const state = this.#state;
    const followed = this.#running.get(trial.id);
    this.#running.delete(trial.id);
    if (state === undefined) return;
    const { last, steps } = followed?.progress() ?? { last: undefined, steps: 0 };
    // Where nobody knows how many steps there are, a trial counts as one.
    const epochs = steps === undefined ? 1 : (last?.step ?? 0);
    const seconds = 'seconds' in outcome ? outcome.seconds : outcome.result.seconds;
    this.#state = {
      ...state,
      finished: state.finished + 1,
      diverged: state.diverged + (outcome.state === 'diverged' ? 1 : 0),
      failed: state.failed + (outcome.state === 'failed' ? 1 : 0),
      measured: { epochs: state.measured.epochs + epochs, seconds: state.measured.seconds + seconds },
    };
  }
}

function runningTrial(
  { trial, startedAt, progress }: Followed,
  { metric, metrics }: Pick<ProgressState, 'metric' | 'metrics'>,
): RunningTrial {
  const { steps, last } = progress();
  const { id, number, params } = trial;
  const reported = last && reportedOf(last, { metric, metrics });
  if (steps === undefined || metric === null)
    return { id, number, params, epoch: 0, epochs: 1, startedAt, ...(reported && { reported }) };
  if (!isClassMetric(metric)) {
    const epoch = last?.step ?? 0;
    return { id, number, params, epoch, epochs: steps, startedAt, ...(reported && { reported }) };
  }
  const epoch = last && epochOf(metric, last);
  const measured = epoch && { loss: epoch.evaluationLoss, accuracy: epoch.evaluationAccuracy };
  return { id, number, params, epoch: last?.step ?? 0, epochs: steps, startedAt, ...measured };
}

function reportedOf(
  report: Report,
  measured: Pick<ProgressState, 'metric' | 'metrics'>,
): NonNullable<RunningTrial['reported']> {
  const measure = deciding(triedBy(measured));
  return { step: report.step, name: measure.title, value: valueIn(measure, report) };
}
