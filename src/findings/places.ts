/** Where a row of a leaderboard stands: its rank, or its front where several metrics count alike. */
import type { Column } from '../words/column.ts';

export interface Placed {
  readonly rank: number | null;
  /** Counted from 1; null where there is no result, undefined where one metric decides. */
  readonly front?: number | null | undefined;
}

/** Where several metrics count alike the front says more than a place in it. */
export const rankColumn: Column<Placed> = {
  ...{ key: 'rank', title: 'rank', align: 'right', value: ({ rank }) => rank },
  visible: (rows) => rows.every(({ front }) => front === undefined),
};

export const frontColumns = (rows: readonly Placed[]): Column<Placed>[] =>
  rows.some(({ front }) => front !== undefined)
    ? [
        {
          ...{ key: 'front', title: 'front', align: 'right', value: ({ front }) => front ?? null },
          paint: ({ front }) => (front === 1 ? 'green' : undefined),
        },
      ]
    : [];
