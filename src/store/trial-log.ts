/**
 * What a trial writes for people, such as what an objective prints: kept in pieces, up to a limit.
 * Not here: where it comes from. That its last pieces are missing is not noticed: a count in the trial's row would have to be
 * sealed anew for each line.
 */
import { DamagedRecord, expectIntact, rowDigest } from './digest.ts';

/** Bytes of a trial's log that are kept. */
export const mostLogBytes = 2 ** 20;

const cutNotice = '\n[The rest was not kept: a log has at most 1 MiB.]\n';

/** A row of the table log. */
export interface LogRow {
  readonly trial_id: number;
  /** Bytes before it. */
  readonly from: number;
  readonly text: string;
  readonly digest: string;
}

/** What is to be kept of `text`, which is written after `from` bytes; undefined where nothing is. */
export function pieceOf(trialId: number, from: number, text: string): LogRow | undefined {
  // Beyond the limit stands the notice alone: a log that only reaches it has still to say that more came.
  if (from > mostLogBytes || text === '') return undefined;
  const bytes = Buffer.from(text);
  const room = mostLogBytes - from;
  const kept = bytes.length <= room ? text : wholeCharacters(bytes.subarray(0, room)) + cutNotice;
  const row = { trial_id: trialId, from, text: kept };
  return { ...row, digest: rowDigest('log', row) };
}

/** The text of `bytes` without a last character that is cut in two. */
const wholeCharacters = (bytes: Uint8Array): string => new TextDecoder().decode(bytes, { stream: true });

export const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The log that is made of `rows`, in order. @throws DamagedRecord where one is missing, or not what was written */
export function logIn(trialId: number, rows: readonly LogRow[]): string | undefined {
  let from = 0;
  for (const row of rows) {
    expectIntact('log', row);
    if (row.from !== from) throw new DamagedRecord(`the log of the trial with id ${trialId}`, 'is not whole');
    from += bytesOf(row.text);
  }
  return rows.length === 0 ? undefined : rows.map(({ text }) => text).join('');
}
