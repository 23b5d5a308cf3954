/**
 * Who sits: trials at work have a seat; those that are recorded ahead want one, and those that wait to be judged have given
 * theirs back and want it again. The lowest number comes first. Not here: which trials there are.
 */

/** A trial's place among those that run. */
interface Seat {
  /** Gives it back; a second time does nothing. */
  free(): void;
  /** Waits for it where the trial has none. @returns false where the run stops first */
  sit(number: number): Promise<boolean>;
}

export class Seats {
  readonly #room: () => number;
  readonly #wanted = new Map<number, () => void>();
  readonly #signal: AbortSignal;
  #taken = 0;
  #news = Promise.withResolvers<void>();

  /** @param room how many there are now */
  constructor(room: () => number, signal: AbortSignal) {
    this.#room = room;
    this.#signal = signal;
  }

  hasRoom(): boolean {
    return this.#taken < this.#room();
  }

  /** How many trials want a seat. */
  get waiting(): number {
    return this.#wanted.size;
  }

  /** Resolves when something has happened that may let a trial begin or go on. */
  news(): Promise<void> {
    return this.#news.promise;
  }

  wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** A seat that is taken. */
  take(): Seat {
    this.#taken++;
    return this.#seat(true);
  }

  /** One that is still to be waited for. */
  later(): Seat {
    return this.#seat(false);
  }

  #seat(isTakenAtOnce: boolean): Seat {
    let isTaken = isTakenAtOnce;
    return {
      free: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#taken--;
        this.wake();
      },
      sit: async (number) => {
        if (isTaken) return true;
        if (this.#signal.aborted) return false;
        const { promise, resolve } = Promise.withResolvers<boolean>();
        const stop = () => resolve(false);
        this.#signal.addEventListener('abort', stop);
        this.#wanted.set(number, () => resolve(true));
        this.wake();
        isTaken = await promise.finally(() => this.#signal.removeEventListener('abort', stop));
        this.#wanted.delete(number);
        return isTaken;
      },
    };
  }

  /** Gives a seat to the lowest number that wants one, unless `other` is lower. @returns whether it did */
  giveBefore(other: number | undefined): boolean {
    const lowest = Math.min(...this.#wanted.keys());
    const give = this.#wanted.get(lowest);
    if (give === undefined || lowest > (other ?? Number.POSITIVE_INFINITY)) return false;
    this.#wanted.delete(lowest);
    this.#taken++;
    give();
    return true;
  }
}
