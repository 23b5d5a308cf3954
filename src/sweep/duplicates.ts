/**
 * Duplicates: trials of a point that was proposed before, each of which waits for the result of the first one.
 * Not here: giving it to them (proposals.ts).
 */
import type { Point } from '../search/searcher.ts';
import type { Trial } from '../trial.ts';

interface Waiting {
  readonly first: Trial;
  /** In order of number. */
  readonly duplicates: Trial[];
}

export class Duplicates {
  /** The key of a point, which its first trial has; each later one has a key of its own. */
  readonly keyOf: (point: Point) => string;
  /** The first trial of each point, by the point's key. */
  readonly #firsts = new Map<string, Trial>();
  /** By the number of the first one. */
  readonly #waiting = new Map<number, Waiting>();

  constructor(keyOf: (point: Point) => string) {
    this.keyOf = keyOf;
  }

  /** How many trials wait. */
  get count(): number {
    return [...this.#waiting.values()].reduce((sum, { duplicates }) => sum + duplicates.length, 0);
  }

  /** Those that others wait for. */
  get awaited(): Trial[] {
    return [...this.#waiting.values()].map(({ first }) => first);
  }

  /** Takes a trial that has ended, whose result is there for later ones of its point. */
  add(trial: Trial): void {
    this.#firsts.set(trial.key, trial);
  }

  /** Takes a trial that has not ended, of the point with this key. @returns whether it is a duplicate, which is not run but waits */
  waits(trial: Trial, key = this.keyOf(trial)): boolean {
    const first = this.#firsts.get(key);
    if (trial.key === key || first === undefined) {
      this.#firsts.set(key, trial);
      return false;
    }
    const waiting = this.#waiting.get(first.number) ?? { first, duplicates: [] };
    waiting.duplicates.push(trial);
    this.#waiting.set(first.number, waiting);
    return true;
  }

  /** Takes out those that wait for this trial. */
  release({ number }: Trial): Trial[] {
    const duplicates = this.#waiting.get(number)?.duplicates ?? [];
    this.#waiting.delete(number);
    return duplicates;
  }

  /** Makes a duplicate, whose first has no result to give, the first that the others wait for. */
  promote(heir: Trial, duplicates: Trial[]): void {
    this.#firsts.set(this.keyOf(heir), heir);
    if (duplicates.length > 0) this.#waiting.set(heir.number, { first: heir, duplicates });
  }

  /** Whether a trial was recorded as a duplicate: then its key is not that of its point, which is `key`. */
  isDuplicate(trial: Trial, key = this.keyOf(trial)): boolean {
    return trial.key !== key;
  }
}
