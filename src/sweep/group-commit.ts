/**
 * Writes of trials that come together, as one transaction: a flush to the disk costs more than all that tiny trials write, and
 * one trial's end mostly comes with the next one's start.
 * Not here: what is written, for whom it waits (ahead.ts), and waiting for a busy database (patience.ts).
 */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import { isBusy, patiently } from './patience.ts';

/** Does `act` on the store and resolves once it is durable; rejects with what it threw. */
export type Commit = <Answer>(act: () => Answer) => Promise<Answer>;

interface Waiting {
  readonly act: () => unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All that is asked for in one turn of the event loop is one transaction, and what comes soon after that as well.
 * @param patience how long a group waits for more, in ms, where the last one took so long; it is asked again and again
 */
export function groupCommit(
  store: Pick<Store, 'together'>,
  signal: AbortSignal,
  patience: (lastMs: number) => number = () => 0,
  now: () => number = () => performance.now(),
): Commit {
  let group: Waiting[] = [];
  let lastMs = 0;

  async function flush(): Promise<void> {
    const since = now();
    const left = () => patience(lastMs) - (now() - since);
    // A timer takes a millisecond at least; turns alone would keep a core busy.
    do await (left() > 1 ? sleep(1) : setImmediate());
    while (left() > 0);
    const writes = group;
    group = [];
    const all = () => writes.map(({ act }) => act());
    const write = () => {
      const begun = now();
      const answers = store.together(all);
      lastMs = now() - begun;
      return answers;
    };
    try {
      const answers = await patiently(write, signal);
      for (const [index, { resolve }] of writes.entries()) resolve(answers[index]);
    } catch (error) {
      // Where the database had no time, none of them is at fault.
      if (writes.length === 1 || isBusy(error)) {
        for (const { reject } of writes) reject(error);
        return;
      }
      // One of them is at fault, and only that one's trial may hear of it.
      for (const { act, resolve, reject } of writes)
        await patiently(() => store.together(act), signal).then(resolve, reject);
    }
  }

  return <Answer>(act: () => Answer) =>
    new Promise<Answer>((resolve, reject) => {
      group.push({ act, resolve: resolve as (answer: unknown) => void, reject });
      // Its own faults are its writers' answers.
      if (group.length === 1) void flush();
    });
}
