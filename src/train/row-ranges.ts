/**
 * Which rows train, validate and test: the faults that a definition's ranges can have.
 * Not here: files. Ranges are [from, to), counted from 0 in the training file, or for `test` in the test file, if
 * there is one.
 */

export interface DataRanges {
  readonly train: readonly [from: number, to: number];
  /** None with folds. */
  readonly validation?: readonly [from: number, to: number] | undefined;
  readonly test?: readonly [from: number, to: number] | undefined;
}

export interface RangeFault {
  readonly field: keyof DataRanges;
  readonly message: string;
}

/** Whether the test rows are rows of the same file as the others, and so must not be among them. */
export type TestRowsAre = 'in a file of their own' | 'in the same file';

/** Where a definition's test rows are. */
export const testRowsOf = (data: { readonly source?: unknown; readonly testFile?: unknown }): TestRowsAre =>
  data.source === 'arrays' || (data.source === 'csv' && data.testFile === undefined)
    ? 'in the same file'
    : 'in a file of their own';

/** Every fault of the ranges; with `available` (rows of the two files) also those that reach beyond a file. */
export function rangeFaults(
  ranges: DataRanges,
  available?: { readonly train: number; readonly test: number },
  testRowsAre: TestRowsAre = 'in a file of their own',
): RangeFault[] {
  const isOneFile = testRowsAre === 'in the same file';
  const faults: RangeFault[] = [];
  for (const field of ['train', 'validation', 'test'] as const) {
    const range = ranges[field];
    const ofTest = field === 'test' && !isOneFile;
    const rows = ofTest ? available?.test : available?.train;
    if (range === undefined || isWithin(range, rows)) continue;
    const file = isOneFile ? 'data' : ofTest ? 'test file' : 'training file';
    const limit = rows === undefined ? '' : ` <= ${rows} (the rows of the ${file})`;
    faults.push({
      field,
      message: `data.${field} must be whole numbers [from, to] with 0 <= from < to${limit}, but got ${text(range)}.`,
    });
  }
  const pairs = [
    ['train', 'validation', 'both train and validate'],
    ...(isOneFile
      ? ([
          ['train', 'test', 'both train and test'],
          ['validation', 'test', 'both validate and test'],
        ] as const)
      : []),
  ] as const;
  for (const [field, other, what] of pairs) {
    const [one, two] = [ranges[field], ranges[other]];
    if (one === undefined || two === undefined || !isWithin(one) || !isWithin(two)) continue;
    const [from, to] = [Math.max(one[0], two[0]), Math.min(one[1], two[1])];
    if (from >= to) continue;
    const message = `data.${other} must not share rows with data.${field} ${text(one)}, but got ${text(two)}: rows ${from} to ${to - 1} would ${what}.`;
    faults.push({ field: other, message });
  }
  return faults;
}

function isWithin([from, to]: readonly [number, number], rows = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from < to && to <= rows;
}

const text = ([from, to]: readonly [number, number]) => `[${from}, ${to}]`;
