/** How far a search had come after each of its trials, in the order of their numbers. Not here: how it is drawn. */
import { recordedJson } from '../experiment/recorded.ts';
import type { Experiment } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import { lossBy, type Measure, measureText, valueIn } from '../words/measures.ts';

/** The best value of a done trial up to each number; none before the first. */
export function bestSoFar(measure: Measure, trials: readonly Trial[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let best: number | undefined;
  for (const trial of trials.toSorted((a, b) => a.number - b.number)) {
    if (trial.state === 'done') {
      const value = valueIn(measure, trial.best);
      if (best === undefined || lossBy(measure, value) < lossBy(measure, best)) best = value;
    }
    if (best !== undefined) found.set(trial.number, best);
  }
  return found;
}

/** Whether a run chooses its points one after the other: in a grid no trial comes of what was found before it. */
export function isSearching(run: Pick<Experiment, 'id' | 'definition'>): boolean {
  const { search } = recordedJson(run) as { search?: { method?: unknown } };
  return search?.method !== undefined && search.method !== 'grid';
}

/** More steps than these are shown as the first and the last ones. */
const mostSteps = 6;

/** `best so far: error 0.0422 by trial 1, 0.0387 by trial 8`; empty where the first trial was never beaten. */
export function bestSoFarText(measure: Measure, best: ReadonlyMap<number, number>): string {
  const steps = [...best].filter(([, value], index, all) => value !== all[index - 1]?.[1]);
  if (steps.length < 2) return '';
  const texts = steps.map(([number, value]) => `${measureText(measure, value)} by trial ${number}`);
  const shown = texts.length <= mostSteps ? texts : [texts[0], '…', ...texts.slice(1 - mostSteps)];
  return `best so far: ${measure.title} ${shown.join(', ')}`;
}
