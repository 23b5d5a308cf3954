/** Experiments in sums: how many trials are in which state, who leads, and what the final training has come to. */
import type Database from 'better-sqlite3';
import type { DoneTrial, Trial } from '../trial.ts';
import type { BestTrial, ExperimentSummary, State } from './overview.ts';
import type { Experiment, Results } from './results.ts';
import type { Soundness } from './soundness.ts';

export const trialStates = [
  'waiting',
  'running',
  'paused',
  'done',
  'pruned',
  'diverged',
  'failed',
  'stopped',
] as const;

type SummaryRow = Omit<ExperimentSummary, 'counts' | 'final' | 'best' | 'revision'>;

/** An experiment that has ended is summed up once: nothing of it changes any more but by a new run, which is seen in its row. */
export function summariesOf(
  db: Database.Database,
  { experiments, winner, finalTrial }: Pick<Results, 'experiments' | 'winner' | 'finalTrial'>,
  expectSound: Soundness['expectSound'],
): () => ExperimentSummary[] {
  const sums = trialStates.map((state) => `total(role = 'search' AND state = '${state}') AS ${state}`);
  const counts = db.prepare<[number], Record<State | 'attempts', number>>(
    `SELECT ${sums.join(', ')}, total(attempts) AS attempts FROM trial WHERE experiment_id = ?`,
  );
  const ended = new Map<number, { readonly version: string; readonly summary: ExperimentSummary }>();
  const summary = (run: Experiment): ExperimentSummary => {
    const { id, name, state, metric, metrics, seed, dataHash, createdAt, seconds } = run;
    expectSound(id);
    const row: SummaryRow = { id, name, state, metric, metrics, seed, dataHash, createdAt, seconds };
    const { attempts = 0, ...states } = counts.get(row.id) ?? ({} as Record<State | 'attempts', number>);
    const final = finalTrial(row.id);
    const leader = winner(row.id);
    return {
      ...row,
      counts: states,
      final: final === undefined ? null : finalLine(final),
      best: leader === undefined ? null : bestTrial(leader),
      revision: [row.state, attempts, ...Object.values(states), final?.id, final?.state].join('-'),
    };
  };
  return () =>
    experiments().map((row) => {
      if (row.state === 'running') return summary(row);
      // A study's trials come and go by ask and tell while its row says stopped.
      const counted = row.state === 'stopped' ? counts.get(row.id) : undefined;
      const version = JSON.stringify([row.createdAt, row.state, row.seconds, counted]);
      const known = ended.get(row.id);
      if (known?.version === version) return known.summary;
      const found = summary(row);
      ended.set(row.id, { version, summary: found });
      return found;
    });
}

const finalLine = (trial: Trial): NonNullable<ExperimentSummary['final']> => ({
  ...{ id: trial.id, state: trial.state },
  last: trial.state === 'done' ? trial.last : null,
});

const bestTrial = ({ id, number, params, best }: DoneTrial): BestTrial => ({ id, number, params, best });
