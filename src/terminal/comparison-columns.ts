/** The columns of a comparison: a quantity a line, of both trials and by how much they differ. */
import type { Trial } from '../trial.ts';
import type { Cell, Column } from '../words/column.ts';
import { stateColour } from '../words/trial-state.ts';

export const nameOf = ({ role, number }: Trial): string => (role === 'search' ? `trial ${number}` : 'final');

export interface Quantity {
  readonly key: string;
  readonly title: string;
  readonly values: readonly [Cell, Cell];
  readonly text: (value: number) => string;
  /** Both in words, where that is not `text` of a number. */
  readonly written?: readonly [string, string];
  /** The second minus the first, in words; none where the values are not numbers. */
  readonly difference?: (by: number) => string;
}

export function columnsOf(first: Trial, second: Trial): Column<Quantity>[] {
  const side = (key: string, trial: Trial, index: 0 | 1): Column<Quantity> => ({
    key,
    title: nameOf(trial),
    // Each line has a unit of its own, so no two values share a place for their point.
    align: 'left',
    value: ({ values }) => values[index],
    text: ({ values, text, written }) => {
      if (written !== undefined) return written[index];
      const value = values[index];
      return typeof value === 'number' ? text(value) : String(value ?? '');
    },
    paint: ({ key: quantity }) => (quantity === 'state' ? stateColour(trial) : undefined),
  });
  return [
    { key: 'quantity', title: '', align: 'left', value: ({ key }) => key, text: ({ title }) => title },
    side('first', first, 0),
    side('second', second, 1),
    {
      key: 'difference',
      title: 'difference',
      align: 'left',
      value: (row) => differenceOf(row),
      text: (row) => {
        const by = differenceOf(row);
        return by === null || by === 0 ? '' : (row.difference?.(by) ?? '');
      },
    },
  ];
}

function differenceOf({ values: [first, second], difference }: Quantity): number | null {
  if (difference === undefined || typeof first !== 'number' || typeof second !== 'number') return null;
  return second - first;
}
