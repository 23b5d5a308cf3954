/**
 * Ask and tell: a search whose trials are run by whoever asks for them, a program or a shell.
 * Not here: running anything. Each call opens the database, makes one transaction and lets go of it, so that any number of
 * programs can ask at once and no two get the same trial.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { CoresweepError, errors } from '../errors.ts';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import { randomStream } from '../random.ts';
import { historyOf } from '../search/history.ts';
import type { SeenTrial } from '../search/searcher.ts';
import { type Course, followSight } from '../search/sight.ts';
import { databaseFile } from '../store/database-file.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Params, Report, Trial, TrialOutcome } from '../trial.ts';
import { canonicalJson, definitionHash, sha256, trialKey } from './identity.ts';
import { runToResume } from './resume.ts';
import { searcherOf } from './searcher-of.ts';
import { recordOf } from './tried.ts';

/** How long others may hold the database, each of whom needs it for a moment. */
const patienceMs = 30_000;
const pauseMs = 20;

/** What those who tell are, where a definition names no objective: nothing that a run could start. */
const toldObjective = { command: ['coresweep', 'tell'] } as const;
const ingredients = { objectiveHash: sha256('ask and tell') };

/** Whether the trials of a run were told of, and not run. */
export const isStudy = ({ objectiveHash }: { readonly objectiveHash: string | null }): boolean =>
  objectiveHash === ingredients.objectiveHash;

/** A study's definition as that of an objective: whatever it names is not run, but told of. */
export const withToldObjective = (definition: unknown): unknown =>
  typeof definition === 'object' && definition !== null
    ? { ...definition, objective: toldObjective }
    : definition;

/** A trial that somebody may run. */
export interface Handed {
  readonly number: number;
  readonly params: Params;
  readonly experimentId: number;
}

/** How a trial is told to have ended. */
export type Told =
  | { readonly state: 'done' | 'pruned'; readonly reports: readonly Report[] }
  | { readonly state: 'failed'; readonly reason: string };

/**
 * The next trial of a search, recorded as waiting until it is told of; undefined where the search is over.
 * @throws ERR_STUDY_WAITS where a lower trial must be told of first: search.lag says how many may be under way
 */
export const askTrial = (database: string, experiment: ObjectiveExperiment): Promise<Handed | undefined> =>
  withStore(database, (store) => store.together(() => next(store, experiment)));

/** Records how a trial of a run has ended. @throws ERR_STUDY_TRIAL where it is unknown or was told of before */
export const tellTrial = (
  database: string,
  experimentId: number | undefined,
  number: number,
  told: Told,
  seconds = 0,
): Promise<void> =>
  withStore(database, (store) => store.together(() => end(store, experimentId, number, told, seconds)));

async function withStore<Answer>(database: string, act: (store: Store) => Answer): Promise<Answer> {
  const path = databaseFile(database);
  const since = performance.now();
  for (;;) {
    try {
      const store = openStore(path);
      try {
        return act(store);
      } finally {
        store.close();
      }
    } catch (error) {
      const isHeld =
        error instanceof CoresweepError &&
        (error.code === 'ERR_DATABASE_OWNED' || error.code === 'ERR_DATABASE_BUSY');
      if (!isHeld || performance.now() - since > patienceMs) throw error;
    }
    await delay(pauseMs);
  }
}

function next(store: Store, experiment: ObjectiveExperiment): Handed | undefined {
  const experimentId = runOf(store, experiment);
  const trials = store.trials(experimentId).filter(({ role }) => role === 'search');
  const searcher = searcherOf(experiment);
  const number = trials.length + 1;
  const seen: SeenTrial[] = trials.map(({ params, replicate }) => ({ params, replicate, state: 'running' }));
  // What follows from its number alone needs to see nothing.
  if (searcher.ahead === 0) show(seen, trials, experiment, number);
  const point = searcher.ask(historyOf(seen), randomStream(experiment.seed, 'search', number, 0));
  if (point === undefined) {
    if (trials.every(isTold)) store.finishExperiment(experimentId, 'done', 0);
    return undefined;
  }
  // What is told is no function of the point: each trial has a key of its own.
  const key = sha256({
    number,
    key: trialKey({ kind: 'objective', experiment, ingredients }, 'search', point),
  });
  store.addTrials(experimentId, [{ number, role: 'search', key, ...point }]);
  return { number, params: point.params, experimentId };
}

/** The run of the definition, begun where there is none. Between two calls nobody is at work on it. */
function runOf(store: Store, experiment: ObjectiveExperiment): number {
  const known = runToResume(experiment, ingredients, store.experiments());
  if (known !== undefined) return known.id;
  const id = store.beginExperiment({
    name: experiment.name,
    definition: canonicalJson(experiment),
    definitionHash: definitionHash(experiment),
    ...recordOf({ kind: 'objective', experiment, ingredients }),
    seed: experiment.seed,
    createdAt: new Date().toISOString(),
  });
  store.finishExperiment(id, 'stopped', 0);
  return id;
}

const isTold = ({ state }: Trial): boolean =>
  state === 'done' || state === 'pruned' || state === 'failed' || state === 'diverged';

/** Puts in what proposal `number` sees of the trials below it. */
function show(
  seen: SeenTrial[],
  trials: readonly Trial[],
  { search }: ObjectiveExperiment,
  number: number,
): void {
  const { lag } = search;
  const sight = followSight(
    { lag, growth: 1, rung: () => undefined },
    courseOf(trials, search.result),
    (at, news) => {
      seen[at - 1] = { ...(seen[at - 1] as SeenTrial), ...news };
    },
  );
  if (sight.opens(number)) return;
  const first = trials.find((trial) => !isTold(trial));
  throw errors.studyWaits(number, first?.number ?? 1, lag);
}

const courseOf =
  (trials: readonly Trial[], result: 'best' | 'last') =>
  (number: number): Course => {
    const trial = trials[number - 1];
    switch (trial?.state) {
      case 'done':
      case 'pruned':
        return { reports: [trial[result]], end: trial.state };
      case 'failed':
      case 'diverged':
        return { reports: [], end: trial.state };
      default:
        return { reports: [] };
    }
  };

function end(
  store: Store,
  experimentId: number | undefined,
  number: number,
  told: Told,
  seconds: number,
): void {
  const runs = store.experiments();
  const run = experimentId === undefined ? runs.at(-1) : runs.find(({ id }) => id === experimentId);
  const trial = run && store.trials(run.id).find((one) => one.role === 'search' && one.number === number);
  if (run?.objectiveHash !== ingredients.objectiveHash || trial === undefined)
    throw errors.studyTrial(number, 'no study of this database has asked for it');
  if (isTold(trial)) throw errors.studyTrial(number, `it is ${trial.state} already`);
  store.startAttempt(trial.id);
  store.finish(trial.id, outcomeOf(told, run.metrics[0]?.goal === 'maximise', seconds));
}

function outcomeOf(told: Told, isMaximised: boolean, seconds: number): TrialOutcome {
  if (told.state === 'failed') return { state: 'failed', code: 'ERR_TRIAL', reason: told.reason, seconds };
  const faulty = told.reports.findIndex(({ values }) => !values.every(Number.isFinite));
  if (faulty >= 0)
    return {
      state: 'diverged',
      step: told.reports[faulty]?.step ?? 1,
      reports: told.reports.slice(0, faulty),
      seconds,
    };
  const last = told.reports.at(-1);
  if (last === undefined)
    return { state: 'failed', code: 'ERR_TRIAL', reason: 'It ended without a value.', seconds };
  const value = ({ values: [first = 0] }: Report) => (isMaximised ? -first : first);
  const best = told.reports.reduce((least, report) => (value(report) < value(least) ? report : least));
  return {
    state: told.state,
    result: { reports: told.reports, best, last, artifacts: [], spans: [], seconds },
  };
}
