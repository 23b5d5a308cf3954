/**
 * Phase 1: which trials are left of it, what the searcher still proposes among them, and what is said of it.
 * Not here: the loop that runs them (search-loop.ts), and what comes after the search (sweep.ts).
 */

import type { Experiment } from '../experiment/schema.ts';
import type { Metric } from '../metric.ts';
import type { Judgement } from '../prune/rungs-in-order.ts';
import { isOpen } from './ended.ts';
import type { OnEvent } from './events.ts';
import { judgeBy } from './judge.ts';
import { Proposals } from './proposals.ts';
import { type Run, tellPhase } from './run.ts';
import { runAll } from './search-loop.ts';
import { metricsOf } from './tried.ts';

/** Every trial without a final record, those that the searcher still proposes among them. */
export async function searchPhase(run: Run): Promise<void> {
  const { tried, experimentId, searcher, store, onEvent } = run;
  const known = store.trials(experimentId).filter(({ role }) => role === 'search');
  const open = known.filter((trial) => isOpen(trial, run.retriesFailed));
  const unknown = Math.max(0, searcher.total - known.length);
  if (open.length + unknown === 0) return;
  await run.wake();
  if (known.length > 0) {
    const text = `Going on with experiment ${experimentId}: ${known.length - open.length} of ${known.length + unknown} trials are recorded already.`;
    onEvent({ kind: 'remark', text });
  }
  const judge = run.pruner && judgeBy(run.pruner, decisiveOf(tried.experiment), told(onEvent));
  const proposals = await Proposals.open(run, known, judge);
  await proposals.propose();
  if (proposals.unstarted === 0) return;
  tellPhase(run, 'search', proposals.unstarted + proposals.duplicates);
  await runAll(run, proposals, judge);
  if (judge !== undefined) remarkWhereNobodyReported(run);
}

/** Says so where the pruner had nothing to judge and so saved nothing. */
function remarkWhereNobodyReported({ store, experimentId, signal, onEvent }: Run): void {
  // After a stop it is unknown what the trials would have reported.
  if (signal.aborted) return;
  const ended = store
    .trials(experimentId)
    .flatMap((trial) => (trial.role === 'search' && 'last' in trial ? [trial] : []));
  if (ended.length === 0 || ended.some(({ state, last }) => state === 'pruned' || last.step > 1)) return;
  const text =
    'Nothing could be pruned: every trial reported its result alone. An objective that reports after each step can be stopped at any of them.';
  onEvent({ kind: 'remark', text });
}

/** The first metric, which has a goal. */
const decisiveOf = (experiment: Experiment): Metric => metricsOf(experiment)[0] as Metric;

const told =
  (onEvent: OnEvent) =>
  ({ number, rung, verdict }: Judgement): void =>
    onEvent({ kind: 'trial judged', number, rung, verdict });
