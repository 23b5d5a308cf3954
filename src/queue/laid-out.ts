/**
 * What a run lays out on the server for whoever works for it, beside its trials: kept for as long as the run lives, and laid out
 * anew where the server has lost it. A run may last, or its machine sleep, longer than the server keeps what nobody asks for.
 * Not here: what it is.
 */
import type { Blobs } from './blobs.ts';
import type { Parcel } from './messages.ts';

/** @param put leaves bytes on the server for workers that lack them */
export type Setting = (put: (bytes: Uint8Array) => Promise<Parcel>) => Promise<Uint8Array>;

interface Laid {
  /** What jobs name; undefined where there is nothing to say. */
  readonly setting: Parcel | undefined;
  readonly parcels: readonly Parcel[];
}

export class LaidOut {
  readonly #blobs: Blobs;
  readonly #make: Setting | undefined;
  #laid: Promise<Laid>;

  constructor(blobs: Blobs, make: Setting | undefined) {
    this.#blobs = blobs;
    this.#make = make;
    this.#laid = this.#layOut();
    // Its fault is thrown where setting() is awaited.
    this.#laid.catch(() => {});
  }

  /** @throws what packing and the server give */
  async setting(): Promise<Parcel | undefined> {
    return (await this.#laid).setting;
  }

  /**
   * Sees to it that all of it is there, for as long as the server keeps things. Never rejects: what cannot be laid out now,
   * because the server is away or a file is gone, must hold up no trial of those who have it.
   */
  async renew(): Promise<void> {
    try {
      const { parcels } = await this.#laid;
      if (await this.#blobs.renew(parcels)) return;
      // Equal contents are equal bytes: jobs that name it already name what is laid out again.
      const again = this.#layOut();
      await again;
      this.#laid = again;
    } catch {
      // The next look tries again.
    }
  }

  async #layOut(): Promise<Laid> {
    if (this.#make === undefined) return { setting: undefined, parcels: [] };
    const parcels: Parcel[] = [];
    const put = async (bytes: Uint8Array) => {
      const parcel = await this.#blobs.put(bytes);
      parcels.push(parcel);
      return parcel;
    };
    return { setting: await this.#make(put).then(put), parcels };
  }
}
