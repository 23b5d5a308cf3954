/** Which curve has which colour: those of the best trials by their rank, those that run each its own. */

/** The style sheet's colours of running trials; of more than these, two have the same. */
export const runningColours = [
  'running-1',
  'running-2',
  'running-3',
  'running-4',
  'running-5',
  'running-6',
] as const;
export type RunningColour = (typeof runningColours)[number];

/** Gives each trial that runs a colour that it keeps, one that no other has where there are enough. */
export class RunningColours {
  #places = new Map<number, number>();

  /** Takes in which trials run now. */
  update(ids: readonly number[]): void {
    const places = new Map([...this.#places].filter(([id]) => ids.includes(id)));
    for (const id of ids) {
      const taken = new Set(places.values());
      let place = places.get(id) ?? 0;
      while (!places.has(id) && taken.has(place)) place++;
      places.set(id, place);
    }
    this.#places = places;
  }

  of(id: number): RunningColour {
    return runningColours[(this.#places.get(id) ?? 0) % runningColours.length] as RunningColour;
  }
}

/** The style sheet's colours of the best trials, the first for the leader. */
export const bestColours = ['first', 'second', 'third', 'fourth'] as const;
