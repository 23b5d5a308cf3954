/**
 * The machines that work for a run: when each joined, left or was lost, and which seats it has.
 * Pure but for what it remembers. Not here: where the cards come from (coordinator.ts).
 */
import type { Machine } from '../machine.ts';
import type { StudyCard, WorkerCard } from './messages.ts';
import { misfit } from './misfit.ts';

/** What became of those who were there. */
export interface Seen {
  /** What people should know. */
  readonly words: readonly string[];
  readonly gone: readonly { readonly id: string; readonly how: 'left' | 'lost' }[];
}

/** Where a worker's seats begin among those of all that have ever worked for the run, and how many it has. */
interface Block {
  readonly first: number;
  readonly seats: number;
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export class Machines {
  readonly #study: StudyCard;
  /** The one in this process, which needs no announcement. */
  readonly #own: string | undefined;
  readonly #there = new Map<string, Machine>();
  readonly #blocks = new Map<string, Block>();
  readonly #refused = new Set<string>();
  #seatsGiven = 0;
  #all: readonly Machine[] = [];

  constructor(study: StudyCard, own: string | undefined) {
    this.#study = study;
    this.#own = own;
  }

  /** How many trials they can be at. */
  get seats(): number {
    return [...this.#there.values()].reduce((sum, { threads }) => sum + threads, 0);
  }

  /** Everybody who was ever there, in order; the same list until that changes. */
  get all(): readonly Machine[] {
    return this.#all;
  }

  /** Of a worker's thread, among all of them. */
  seat(worker: string, thread: number): number {
    return this.#block(worker, thread + 1) + thread;
  }

  /** @returns where the worker's seats begin; one of which more is heard than it had gets others */
  #block(worker: string, seats: number): number {
    const known = this.#blocks.get(worker);
    if (known !== undefined && known.seats >= seats) return known.first;
    const first = this.#seatsGiven;
    this.#blocks.set(worker, { first, seats });
    this.#seatsGiven += seats;
    return first;
  }

  /** Takes what is there now. @param trialsOf what a worker is at, as people call it; @param at seconds since the run began */
  see(cards: readonly WorkerCard[], trialsOf: (worker: string) => readonly string[], at: number): Seen {
    const words: string[] = [];
    const gone: Seen['gone'][number][] = [];
    const leaving = new Set(cards.flatMap(({ id, isLeaving }) => (isLeaving ? [id] : [])));
    for (const card of cards) {
      const { id, threads } = card;
      if (leaving.has(id)) continue;
      const why = misfit(card, this.#study);
      if (why !== undefined) {
        if (!this.#refused.has(id)) words.push(`${id} cannot work for this run: ${why}.`);
        this.#refused.add(id);
        continue;
      }
      if (this.#there.has(id)) continue;
      if (id !== this.#own) words.push(`${id} has joined, with ${many(threads, 'thread')}.`);
      const firstThread = this.#block(id, threads);
      const machine: Machine = { name: id, firstThread, threads, from: at, end: undefined };
      this.#there.set(id, machine);
      this.#all = [...this.#all, machine];
    }
    const present = new Set(cards.map(({ id }) => id));
    for (const [id, machine] of this.#there) {
      if (present.has(id) && !leaving.has(id)) continue;
      const how = leaving.has(id) ? 'left' : 'lost';
      this.#there.delete(id);
      this.#all = this.#all.map((each) => (each === machine ? { ...machine, end: { at, how } } : each));
      gone.push({ id, how });
      if (id === this.#own) continue;
      const left = how === 'left' ? 'has left' : 'was lost';
      const trials = trialsOf(id).join(', ');
      words.push(trials === '' ? `${id} ${left}.` : `${id} ${left} at ${trials}; others go on from there.`);
    }
    return { words, gone };
  }
}
