/**
 * Ask and tell: a search whose trials are run by the program or shell that asks for them.
 * Each call opens the database, makes one transaction and lets go of it, so that any number of programs can ask at once and no
 * two get the same trial.
 * Not here: running anything, and taking results (study-told.ts).
 */
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { CoresweepError, errors } from '../errors.ts';
import { formOf, isOfNoForm, type ObjectiveExperiment } from '../experiment/schema.ts';
import { isRecord } from '../experiment/shapes.ts';
import { randomStream } from '../random.ts';
import { type GrowingHistory, historyOf } from '../search/history.ts';
import { databaseFile } from '../store/database-file.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Params, Report, Trial } from '../trial.ts';
import { isEnded } from './ended.ts';
import { sha256, trialKey } from './identity.ts';
import { studyIngredients } from './is-study.ts';
import { judgeBy } from './judge.ts';
import { runToResume } from './resume.ts';
import { prunerOf, searcherOf } from './searcher-of.ts';
import { sightBy, sighted } from './sighted.ts';
import { definitionRecord, newRun } from './tried.ts';

/** How long to wait while other programs hold the database; each needs it for a moment only. */
const patienceMs = 30_000;
const pauseMs = 20;

/** Stands in for the objective of a study's definition: nothing that a run could start. */
const toldObjective = { command: ['coresweep', 'tell'] } as const;

/**
 * A study's definition with a placeholder for its objective: it is not run, since results are told.
 * @throws ERR_STUDY_NETWORK for one of the built-in network
 */
export function withToldObjective(definition: unknown): unknown {
  if (!isRecord(definition)) return definition;
  if (formOf(definition) === 'network' && !isOfNoForm(definition)) throw errors.studyOfNetwork();
  return { ...definition, objective: toldObjective };
}

/** A trial that was handed out. */
export interface Handed {
  readonly number: number;
  readonly params: Params;
  readonly experimentId: number;
}

/**
 * The next trial of a search, recorded as waiting until its result comes; undefined where the search is over.
 * @throws ERR_STUDY_WAITS where the result of a lower trial must come first: search.lag says how many may be under way
 */
export const askTrial = (database: string, experiment: ObjectiveExperiment): Promise<Handed | undefined> =>
  withStudies(database, (store) => next(store, experiment));

/** Opens the database for one transaction, once nobody else holds it. */
export async function withStudies<Answer>(database: string, act: (store: Store) => Answer): Promise<Answer> {
  const path = databaseFile(database);
  const since = performance.now();
  // A program that tries without ever waiting would hear no signal, and keep the memory of every statement there was.
  await turn();
  for (;;) {
    try {
      const store = openStore(path);
      try {
        return store.together(() => act(store));
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
  const history = historyOf(trials.map(({ params, replicate }) => ({ params, replicate, state: 'running' })));
  // What follows from its number alone needs to see nothing.
  if (searcher.ahead === 0 && !isShown(store, experiment, trials, history)) {
    const first = trials.find((trial) => !isEnded(trial));
    throw errors.studyWaits(number, first?.number ?? 1, experiment.search.lag);
  }
  const point = searcher.ask(history, randomStream(experiment.seed, 'search', number, 0));
  if (point === undefined) {
    if (trials.every(isEnded)) store.finishExperiment(experimentId, 'done', 0);
    return undefined;
  }
  // Told results need not be a function of the point, so each trial has a key of its own.
  const key = sha256({
    number,
    key: trialKey({ kind: 'objective', experiment, ingredients: studyIngredients }, 'search', point),
  });
  reopen(store, experimentId, experiment);
  store.addTrials(experimentId, [{ number, role: 'search', key, ...point }]);
  return { number, params: point.params, experimentId };
}

/** Records a search as done once the last of its trials has ended: no one need ask again. */
export function finishIfOver(store: Store, experimentId: number, experiment: ObjectiveExperiment): void {
  const trials = store.trials(experimentId).filter(({ role }) => role === 'search');
  if (trials.length >= searcherOf(experiment).total && trials.every(isEnded))
    store.finishExperiment(experimentId, 'done', 0);
}

/** Puts in what the next proposal sees of the trials below it. @returns whether it may be made */
function isShown(
  store: Store,
  experiment: ObjectiveExperiment,
  trials: readonly Trial[],
  history: GrowingHistory,
): boolean {
  const pruner = prunerOf(experiment);
  const [decisive] = experiment.metrics;
  const judge = pruner && decisive && judgeBy(pruner, decisive, () => {});
  const bound = judge?.bound ?? (() => Number.POSITIVE_INFINITY);
  const sight = sighted(sightBy(experiment.search.lag, pruner), history, bound);
  for (const trial of trials) {
    const reports = judge === undefined ? [] : reportsOf(store, trial);
    judge?.hear(trial.number, reports);
    sight.hear(trial.number, reports);
    sight.ended(trial.number, trial);
    if (isEnded(trial)) judge?.ended(trial.number);
  }
  return sight.opens(trials.length + 1);
}

/** Puts a run that was done, or whose definition has changed meanwhile (more trials, say), back to stopped, with this definition. */
function reopen(store: Store, experimentId: number, experiment: ObjectiveExperiment): void {
  const definition = definitionRecord(experiment);
  const recorded = store.experiments().find(({ id }) => id === experimentId);
  if (recorded?.state === 'stopped' && recorded.definition === definition.definition) return;
  store.resumeExperiment(experimentId, definition);
  store.finishExperiment(experimentId, 'stopped', 0);
}

/** The run of the definition, begun where there is none. Between two calls it is recorded as stopped. */
function runOf(store: Store, experiment: ObjectiveExperiment): number {
  const known = runToResume(experiment, studyIngredients, store.experiments());
  if (known !== undefined) return known.id;
  const id = store.beginExperiment(newRun({ kind: 'objective', experiment, ingredients: studyIngredients }));
  store.finishExperiment(id, 'stopped', 0);
  return id;
}

/** What a trial has reported. Until it has ended, that lies in its checkpoint, which it is set aside with. */
export const reportsOf = (store: Store, { id, state }: Trial): readonly Report[] =>
  state === 'paused' ? (store.checkpoint(id)?.checkpoint.reports ?? []) : store.reports(id);
