/**
 * Which rows train, validate and test: the faults that a definition's ranges can have.
 * Not here: files. Ranges are [from, to), counted from 0 in the training file, or for `test` in the test file.
 */

export interface DataRanges {
  readonly train: readonly [from: number, to: number];
  readonly validation: readonly [from: number, to: number];
  readonly test?: readonly [from: number, to: number] | undefined;
}

export interface RangeFault {
  readonly field: keyof DataRanges;
  readonly message: string;
}

/** Every fault of the ranges; with `available` (rows of the two files) also those that reach beyond a file. */
export function rangeFaults(
  ranges: DataRanges,
  available?: { readonly train: number; readonly test: number },
): RangeFault[] {
  const faults: RangeFault[] = [];
  for (const field of ['train', 'validation', 'test'] as const) {
    const range = ranges[field];
    const rows = field === 'test' ? available?.test : available?.train;
    if (range === undefined || isWithin(range, rows)) continue;
    const limit =
      rows === undefined
        ? ''
        : ` <= ${rows} (the rows of the ${field === 'test' ? 'test' : 'training'} file)`;
    faults.push({
      field,
      message: `data.${field} must be whole numbers [from, to] with 0 <= from < to${limit}, but got ${text(range)}.`,
    });
  }
  const { train, validation } = ranges;
  const from = Math.max(train[0], validation[0]);
  const to = Math.min(train[1], validation[1]);
  if (from < to && isWithin(train) && isWithin(validation)) {
    const message = `data.validation must not share rows with data.train ${text(train)}, but got ${text(validation)}: rows ${from} to ${to - 1} would both train and validate.`;
    faults.push({ field: 'validation', message });
  }
  return faults;
}

function isWithin([from, to]: readonly [number, number], rows = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from < to && to <= rows;
}

const text = ([from, to]: readonly [number, number]) => `[${from}, ${to}]`;
