/**
 * What threads do before the first trial: one of them sees whether this machine computes as every other, and all write rows.
 * Not here: how they are asked (thread.ts), and who writes which rows (placing.ts).
 */
import { writePixels } from '../../data/pixel-rows.ts';
import { errors } from '../../errors.ts';
import { expectEqualArithmetic } from '../../kernel/start-check.ts';
import type { Placing } from './placing.ts';
import type { ThreadPool } from './thread-pool.ts';
import type { ThreadShare } from './worker.ts';

/**
 * @param placings what each thread is to write
 * @param isClosed whether the threads have been ended meanwhile: then their answers no longer matter
 * @throws ERR_MACHINE where this machine gives other bits, ERR_THREADS where no thread has booted
 */
export async function readyThreads(
  { threads }: ThreadPool,
  share: ThreadShare,
  placings: readonly (Placing | undefined)[],
  isClosed: () => boolean,
): Promise<void> {
  // One thread is enough, for all of them and this one run the same machine code.
  const asked = threads.map((thread, seat) =>
    thread.run({ share, kind: 'ready', checks: seat === 0, placing: placings[seat] }),
  );
  const answers = await Promise.all(asked);
  // Rows that the ended threads had not written are needed no more.
  if (isClosed()) return;
  const faults = answers.flatMap((answer) => ('reason' in answer ? [answer.reason] : []));
  // It says what is wrong with this machine; a thread that did not boot has not looked.
  if (answers[0]?.kind !== 'ready') expectEqualArithmetic(share.module);
  // A thread that has found another arithmetic must train nothing, also where this one does not find it.
  if (answers[0]?.kind === 'threw' && answers[0].code === 'ERR_MACHINE')
    throw errors.otherArithmetic('first thread', 'at start');
  if (faults.length === threads.length) throw errors.noThreads(faults[0] as string);
  // What a thread that is lost has not written, this one does: its share of the rows, in its room.
  for (const [seat, { kind }] of answers.entries()) {
    const placing = placings[seat];
    if (kind !== 'ready' && placing !== undefined)
      writePixels(placing.pictures, placing.rows, placing.range, { ...share, address: placing.room });
  }
}
