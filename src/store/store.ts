/**
 * The truth about every experiment: reads and writes of results.db, for the one process that owns it.
 * Not here: people's own SQL and reading beside a running sweep (open-results.ts), clocks (times are given).
 *
 * Each writing method is one durable transaction: when it returns, its effect survives a kill and a power cut; when it
 * throws, it has had none. ERR_DATABASE_BUSY means that another program holds the file: trying again may help.
 */

import type { Machine, Stint } from '../machine.ts';
import type { Checkpoint, Trial, TrialOutcome, TrialSpec } from '../trial.ts';
import type { SavedCheckpoint } from './checkpoint-row.ts';
import { type OwnedDatabase, openForWriting } from './database.ts';
import { explained, withStatements } from './explained.ts';
import { interruptedOn } from './interrupted.ts';
import {
  type NewExperiment,
  type NewSession,
  type Results,
  type ResumedDefinition,
  resultsOf,
} from './results.ts';
import { runRecordsOn } from './run-records.ts';
import { sealsOn } from './seals.ts';
import { transaction } from './transaction.ts';
import { trialRecordsOn } from './trial-records.ts';

export interface Store extends Results {
  /** What the user should know about where the database lies. */
  readonly remarks: readonly string[];
  /** Records a new run and returns its id. */
  beginExperiment(experiment: NewExperiment): number;
  /** Marks a run as running again, by a definition that may have gained values. */
  resumeExperiment(experimentId: number, definition: ResumedDefinition): void;
  /** Records that this process is at work on a run; the spans of what it finishes belong to this session. */
  beginSession(experimentId: number, session: NewSession): void;
  /** Records who has worked in this session so far, of several machines. */
  recordMachines(machines: readonly Machine[]): void;
  /** Records at which of them a trial was, as far as that is over. */
  recordStints(trialId: number, stints: readonly Stint[]): void;
  /**
   * Adds waiting trials, all or none, and returns them; throws if the experiment has one of the keys or numbers already.
   * @param startSha256 the bytes that they start from, where there are such
   */
  addTrials(experimentId: number, specs: readonly TrialSpec[], startSha256?: string): Trial[];
  /** Runs several of these writes as one: all of them, or none. */
  together<Answer>(act: () => Answer): Answer;
  /**
   * Marks the trial as running, and counts an attempt unless it was paused; throws if it has its final record.
   * @param options.isElsewhere it runs on machines that may outlive this process, whose ends so count none against it; default: false
   */
  startAttempt(trialId: number, options?: { readonly isElsewhere: boolean }): void;
  /** Takes back a first attempt that was recorded and never begun: the trial waits as before. Throws if it is another one. */
  cancelAttempt(trialId: number): void;
  /** Keeps a running trial's checkpoint, in place of its last one; it has survived that far, so no crash counts against it. */
  saveCheckpoint(trialId: number, saved: SavedCheckpoint): void;
  /** Sets a running trial aside until others have got as far: its thread is free. Without a checkpoint it begins anew. */
  pause(
    trialId: number,
    saved: { readonly checkpoint: Checkpoint | undefined; readonly seconds: number },
  ): void;
  /** Adds to what a trial has written for people; beyond 1 MiB it is cut off. */
  appendLog(trialId: number, text: string): void;
  /** The last checkpoint of a trial without a final record; undefined where there is none, or a damaged one. */
  checkpoint(trialId: number): SavedCheckpoint | undefined;
  /**
   * Ends the running attempt: state, reports and artifacts at once, in place of the checkpoint; a stopped trial keeps
   * one. Throws if the trial is not running.
   */
  finish(trialId: number, outcome: TrialOutcome): void;
  /** Records that a trial has its result from `sameAs`, a trial of an equal key in another run. */
  recordSameAs(trialId: number, sameAs: number): void;
  /** The first trial of this key, of any run, that is done or diverged; undefined where there is none. */
  finishedTrial(key: string): Trial | undefined;
  /** Records which weights the model file of a run holds. */
  recordModelFile(experimentId: number, sha256: string): void;
  /** The weights that were last written to the model file for this run; undefined where none were. */
  modelFileSha256(experimentId: number): string | undefined;
  /** The final training that counts is the winner's, also where an earlier version made another one count. */
  forgetForced(experimentId: number): void;
  /** Whether any model of this database has these weights. */
  holdsModel(sha256: string): boolean;
  /** Ends the run and its session, which took `seconds`; those of the run are of all its sessions. */
  finishExperiment(experimentId: number, state: 'done' | 'stopped', seconds: number): void;
}

/**
 * Opens the database at `path`, made with its folder where missing; a foreign or newer file is refused, untouched.
 * What a process that was killed left as running is put right; what was made anew is taken away on closing where it holds no run.
 * @throws ERR_DATABASE_OWNED where another process has it open as a store
 */
export function openStore(path: string): Store {
  const owned = openForWriting(path);
  return withStatements(path, owned.close, () => storeOn(owned, path));
}

function storeOn({ db, remarks, expectInPlace, close }: OwnedDatabase, path: string): Store {
  const modelWith = db.prepare<[string], number>('SELECT 1 FROM artifact WHERE sha256 = ? LIMIT 1').pluck();
  const finishedWith = db
    .prepare<[string], number>(
      "SELECT id FROM trial WHERE key = ? AND state IN ('done', 'diverged') ORDER BY id LIMIT 1",
    )
    .pluck();
  const seals = sealsOn(db);
  const runs = runRecordsOn(db, seals);
  const trials = trialRecordsOn(db, runs);
  const results = resultsOf(db, path);

  const read = <Args extends unknown[], Answer>(ask: (...args: Args) => Answer) => explained(path, ask);
  const write = <Args extends unknown[], Answer>(act: (...args: Args) => Answer) =>
    explained(path, (...args: Args): Answer => {
      // Within another transaction that one has looked.
      if (!db.inTransaction) expectInPlace();
      return transaction(db, () => act(...args));
    });

  write(interruptedOn(db, seals))();

  return {
    ...results,
    remarks,
    beginExperiment: write(runs.beginExperiment),
    resumeExperiment: write(runs.resumeExperiment),
    beginSession: write(runs.beginSession),
    recordMachines: write(runs.recordMachines),
    recordStints: write(runs.recordStints),
    together: <Answer>(act: () => Answer) => write(act)(),
    addTrials: write(trials.addTrials),
    startAttempt: write(trials.startAttempt),
    cancelAttempt: write(trials.cancelAttempt),
    saveCheckpoint: write(trials.saveCheckpoint),
    pause: write(trials.pause),
    appendLog: write(trials.appendLog),
    checkpoint: read(trials.checkpoint),
    finish: write(trials.finish),
    recordSameAs: write(trials.recordSameAs),
    finishedTrial: read((key: string) => {
      const id = finishedWith.get(key);
      return id === undefined ? undefined : results.trial(id);
    }),
    recordModelFile: write(runs.recordModelFile),
    forgetForced: write(runs.forgetForced),
    modelFileSha256: read(runs.modelFileSha256),
    holdsModel: read((sha256: string) => modelWith.get(sha256) !== undefined),
    finishExperiment: write(runs.finishExperiment),
    close,
  };
}
