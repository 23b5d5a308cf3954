/**
 * Who is there to work for a run: workers by their cards, who joined, who was lost, and which seats are whose.
 * Pure but for what it remembers. Not here: where the cards come from (coordinator.ts).
 */
import type { StudyCard, WorkerCard } from './messages.ts';
import { misfit } from './misfit.ts';

interface Machine {
  readonly card: WorkerCard;
  /** Where its seats begin among those of all machines that have ever worked for the run. */
  readonly firstSeat: number;
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export class Machines {
  readonly #study: StudyCard;
  /** Those that work in this process, which everybody knows of. */
  readonly #own: string | undefined;
  readonly #there = new Map<string, Machine>();
  readonly #firstSeats = new Map<string, number>();
  readonly #refused = new Set<string>();
  #seatsGiven = 0;

  constructor(study: StudyCard, own: string | undefined) {
    this.#study = study;
    this.#own = own;
  }

  /** How many trials they can be at. */
  get seats(): number {
    return [...this.#there.values()].reduce((sum, { card }) => sum + card.threads, 0);
  }

  get cards(): readonly WorkerCard[] {
    return [...this.#there.values()].map(({ card }) => card);
  }

  /** Of a worker's thread, among all of them. */
  seat(worker: string, thread: number): number {
    return (this.#firstSeats.get(worker) ?? this.#seatsGiven) + thread;
  }

  /** Takes what is there now. @returns what people should know, in words */
  see(cards: readonly WorkerCard[], lost: (worker: string) => readonly string[]): string[] {
    const words: string[] = [];
    for (const card of cards) {
      const { id, threads } = card;
      const why = misfit(card, this.#study);
      if (why !== undefined) {
        if (!this.#refused.has(id)) words.push(`${id} cannot work for this run: ${why}.`);
        this.#refused.add(id);
        continue;
      }
      if (!this.#firstSeats.has(id)) {
        this.#firstSeats.set(id, this.#seatsGiven);
        this.#seatsGiven += threads;
      }
      if (!this.#there.has(id) && id !== this.#own)
        words.push(`${id} has joined, with ${many(threads, 'thread')}.`);
      this.#there.set(id, { card, firstSeat: this.#firstSeats.get(id) as number });
    }
    const present = new Set(cards.map(({ id }) => id));
    for (const id of this.#there.keys()) {
      if (present.has(id)) continue;
      this.#there.delete(id);
      const trials = lost(id);
      if (id === this.#own) continue;
      words.push(
        trials.length === 0
          ? `${id} has left.`
          : `${id} was lost at ${trials.join(', ')}; others go on with what it was at.`,
      );
    }
    return words;
  }
}
