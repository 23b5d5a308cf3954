/**
 * What takes long to work out of an experiment's results, kept for the page: how sure they are, which takes a read a trial,
 * and how much each parameter mattered, which takes a second of a thousand trials.
 * Not here: the statistics (findings).
 */

import type { Interval } from '../evidence/statistics.ts';
import type { Importance } from '../findings/importances.ts';
import { standingsOf } from '../findings/standings.ts';
import type { NetworkRun, Results } from '../store/results.ts';

export interface Sureness {
  /** 95 % interval of the accuracy. */
  readonly interval: Interval | null;
  /** Of the test against the winner; null for the winner itself, and where there is no test. */
  readonly p: number | null;
}

/** The part of the time that working this out may take while trials end one after the other. */
const share = 0.05;

export class Evidence {
  #kept:
    | {
        readonly id: number;
        readonly revision: string;
        readonly goodUntil: number;
        readonly byTrial: ReadonlyMap<number, Sureness>;
      }
    | undefined;

  #importances:
    | { readonly id: number; readonly revision: string; readonly found: readonly Importance[] }
    | undefined;

  /** As of `revision`: worked out when that has changed. */
  importances(id: number, revision: string, workOut: () => readonly Importance[]): readonly Importance[] {
    const kept = this.#importances;
    if (kept?.id === id && kept.revision === revision) return kept.found;
    const found = workOut();
    this.#importances = { id, revision, found };
    return found;
  }

  /** By trial id, as of `revision` or not long before; trials that have ended since have none yet. */
  of(results: Results, experiment: NetworkRun, revision: string): ReadonlyMap<number, Sureness> {
    const began = performance.now();
    const kept = this.#kept;
    if (kept?.id === experiment.id && (kept.revision === revision || began < kept.goodUntil))
      return kept.byTrial;
    const { trials } = standingsOf(results, experiment);
    const byTrial = new Map(
      trials.map(({ trial, interval, p }) => [trial.id, { interval: interval ?? null, p: p ?? null }]),
    );
    const now = performance.now();
    this.#kept = { id: experiment.id, revision, goodUntil: now + (now - began) / share, byTrial };
    return byTrial;
  }
}
