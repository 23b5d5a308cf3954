/**
 * Who worked in a session and at what, as rows of the tables machine and stint and back.
 * Not here: runs on one machine, which leave none. That rows are gone is not noticed: nothing that is an answer hangs on them.
 */
import type Database from 'better-sqlite3';
import type { Machine, Stint } from '../machine.ts';
import { expectIntact, rowDigest } from './digest.ts';
import type { MachineRecords, SessionMachine, TrialStint } from './machine-records.ts';

interface MachineRow {
  readonly session_id: number;
  readonly name: string;
  readonly first_thread: number;
  readonly threads: number;
  readonly from: number;
  readonly to: number | null;
  readonly how: 'left' | 'lost' | null;
}

interface StintRow {
  readonly trial_id: number;
  readonly number: number;
  readonly session_id: number;
  readonly machine: string;
  readonly from: number;
  readonly to: number;
  readonly how: TrialStint['end']['how'];
}

/** Every answer throws a DamagedRecord where a row is not what was written. */
export function machineRecords(db: Database.Database): MachineRecords {
  const machines = db.prepare<[number], MachineRow>(
    `SELECT machine.* FROM machine JOIN session ON session.id = session_id
     WHERE experiment_id = ? ORDER BY session_id, first_thread, "from"`,
  );
  // A trial may have paused at a rung and be judged later: it was pruned where it was last, whose row was written by then.
  const stints = db.prepare<[number], StintRow & { readonly is_pruned: 0 | 1 }>(
    `SELECT
       stint.*,
       trial.state = 'pruned' AND stint.number = max(stint.number) OVER (PARTITION BY trial_id) AS is_pruned
     FROM stint JOIN trial ON trial.id = trial_id
     WHERE experiment_id = ? ORDER BY trial_id, stint.number`,
  );
  return {
    machines: (experimentId) => machines.all(experimentId).map(machineOf),
    stints: (experimentId) => stints.all(experimentId).map(stintOf),
  };
}

function machineOf(row: MachineRow): SessionMachine {
  expectIntact('machine', row);
  const { session_id: session, name, first_thread: firstThread, threads, from, to, how } = row;
  const end = to === null || how === null ? undefined : { at: to, how };
  return Object.freeze({ session, name, firstThread, threads, from, end });
}

function stintOf({ is_pruned, ...row }: StintRow & { readonly is_pruned: 0 | 1 }): TrialStint {
  expectIntact('stint', row);
  const { trial_id: trialId, session_id: session, machine, from, to } = row;
  const how = is_pruned === 1 && row.how === 'stopped' ? 'pruned' : row.how;
  return Object.freeze({ trialId, session, machine, from, end: { at: to, how } });
}

export interface MachineWriter {
  /** Takes who has worked in a session so far, each as it is now. */
  put(session: number, machines: readonly Machine[]): void;
  /** Adds what is over of a trial's stints. */
  add(session: number, trialId: number, stints: readonly Stint[]): void;
}

export function machineWriter(db: Database.Database): MachineWriter {
  const put = db.prepare<MachineRow & { readonly digest: string }>(
    `INSERT INTO machine VALUES (@session_id, @name, @first_thread, @threads, @from, @to, @how, @digest)
     ON CONFLICT DO UPDATE SET "to" = excluded."to", how = excluded.how, digest = excluded.digest`,
  );
  const count = db.prepare<[number], number>('SELECT count(*) FROM stint WHERE trial_id = ?').pluck();
  const add = db.prepare<StintRow & { readonly digest: string }>(
    'INSERT INTO stint VALUES (@trial_id, @number, @session_id, @machine, @from, @to, @how, @digest)',
  );
  return {
    put(session, machines) {
      for (const { name, firstThread, threads, from, end } of machines) {
        const row = {
          ...{ session_id: session, name, first_thread: firstThread, threads, from },
          ...{ to: end?.at ?? null, how: end?.how ?? null },
        };
        put.run({ ...row, digest: rowDigest('machine', row) });
      }
    },
    add(session, trialId, stints) {
      let number = count.get(trialId) ?? 0;
      for (const { machine, from, end } of stints) {
        if (end === undefined) continue;
        number += 1;
        const row = {
          ...{ trial_id: trialId, number, session_id: session, machine, from },
          ...{ to: end.at, how: end.how },
        };
        add.run({ ...row, digest: rowDigest('stint', row) });
      }
    },
  };
}
