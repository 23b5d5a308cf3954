/**
 * The trials of another run that a search begins with (search.from): what it learns from before its own first trial.
 * Not here: what a search makes of them (search/warm.ts).
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { errors } from '../errors.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { SeenTrial } from '../search/searcher.ts';
import { spaceOf } from '../space/definition.ts';
import { misfits } from '../space/misfits.ts';
import { openReadOnly } from '../store/open-results.ts';
import type { Params, Trial } from '../trial.ts';
import { sha256 } from './identity.ts';
import { metricsOf } from './tried.ts';

interface Begun<Form> {
  /** With the SHA-256 of those trials, so that others make it another experiment. */
  readonly experiment: Form;
  readonly earlier: readonly SeenTrial[];
  readonly remarks: readonly string[];
}

/**
 * @throws ERR_EARLIER_MISSING and ERR_EARLIER_RUN where there is no such run, ERR_EARLIER_METRIC where it has not measured what decides,
 * ERR_EARLIER_SPACE where it has tried other spaces alone, ERR_EARLIER_CHANGED where the definition means other trials
 */
export function withEarlier<Form extends Experiment>(experiment: Form, baseFolder: string): Begun<Form> {
  const { from } = experiment.search;
  if (from === undefined) return { experiment, earlier: [], remarks: [] };
  const path = resolve(baseFolder, from.database);
  if (!existsSync(path)) throw errors.earlierMissing(path);
  const results = openReadOnly(path);
  try {
    const runs = results.experiments();
    const run = runs.find(({ id }) => id === from.run);
    const known = runs.map(({ id }) => String(id));
    if (run === undefined) throw errors.earlierRun(path, from.run, known);
    const places = metricsOf(experiment).map(({ name, goal }) => {
      const place = run.metrics.findIndex((metric) => metric.name === name);
      if (place < 0 && goal !== 'none') throw errors.earlierMetric(name, from.run, path);
      return place;
    });
    const trials = results.trials(run.id).filter(({ role }) => role === 'search');
    const { earlier, outside, fault } = seenIn(experiment, trials, places);
    if (earlier.length === 0 && fault !== undefined)
      throw errors.earlierSpace(from.run, path, outside, fault);
    const hash = sha256(earlier.map(({ params, result }) => [params, result?.values ?? null]));
    if (from.sha256 !== undefined && from.sha256 !== hash)
      throw errors.earlierChanged(from.run, path, hash, from.sha256);
    const search = { ...experiment.search, from: { ...from, sha256: hash } };
    return {
      experiment: { ...experiment, search },
      earlier,
      remarks: remarksOn(from.run, earlier.length, outside),
    };
  } finally {
    results.close();
  }
}

/** Trials that are done or have diverged, by the names of this space's parameters; `outside` are no points of it, the first for `fault`. */
function seenIn(experiment: Experiment, trials: readonly Trial[], places: readonly number[]) {
  const space = spaceOf(experiment.space);
  const earlier: SeenTrial[] = [];
  let outside = 0;
  let fault: string | undefined;
  for (const trial of trials) {
    if (trial.state !== 'done' && trial.state !== 'diverged') continue;
    const named = space.flatMap(({ name }) =>
      Object.hasOwn(trial.params, name) ? [[name, trial.params[name]] as const] : [],
    );
    const params = Object.fromEntries(named) as Params;
    const point = { params, replicate: 0 };
    const [own] = misfits(space, params);
    fault ??= own;
    if (own !== undefined) outside++;
    else if (trial.state === 'diverged') earlier.push({ ...point, state: 'diverged' });
    else {
      const values = places.map((place) => (place < 0 ? 0 : (trial.best.values[place] as number)));
      earlier.push({ ...point, state: 'done', result: { step: trial.best.step, values } });
    }
  }
  return { earlier, outside, fault };
}

function remarksOn(run: number, count: number, outside: number): string[] {
  const left = outside === 0 ? '' : `; ${outside} more are no points of this space and are left out`;
  return [`The search begins with what ${count} trials of run ${run} were worth (search.from)${left}.`];
}
