/** Where a row's entries begin among those of all rows of pictures. Not here: who counts them (pixel-rows.ts). */

/** So many pixels that are not blank lie before a row. */
export interface EntryMark {
  readonly row: number;
  readonly entries: number;
}
