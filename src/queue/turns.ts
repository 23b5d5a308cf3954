/** What is to be done about a thing, one after the other; things do not wait for each other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Acts once everything begun earlier for `id` is done. A failure is dropped: reconciling repairs it. */
  take(id: string, act: () => Promise<unknown>): void {
    const turn = (this.#last.get(id) ?? Promise.resolve())
      .then(act)
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (this.#last.get(id) === turn) this.#last.delete(id);
      });
    this.#last.set(id, turn);
  }

  /** Resolves once all that was said so far is done. */
  async all(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
