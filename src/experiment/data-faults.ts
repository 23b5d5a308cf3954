/**
 * What is wrong with `data` where its keys are looked at together; one that is faulty by itself is passed over.
 * Not here: what the rows have to learn from (network-faults.ts), and the files themselves (data/).
 */
import { shown } from '../errors.ts';
import { rangeFaults, testRowsOf } from '../train/row-ranges.ts';
import { rangesShape } from './data-shape.ts';
import { isRecord, type Part } from './shapes.ts';

/** @param isFinal whether there is a final training, which needs test rows */
export function dataFaults(data: Part, batchSize: unknown, isFinal: boolean): string[] {
  const faults: string[] = [];
  const ranges = rangesShape().safeParse(data).data;
  if (ranges !== undefined) {
    const named = ranges.folds === undefined ? ranges : { ...ranges, validation: undefined };
    faults.push(...rangeFaults(named, undefined, testRowsOf(data)).map(({ message }) => message));
    const { train, folds = Number.POSITIVE_INFINITY } = ranges;
    const rows = train[1] - train[0];
    faults.push(...batchFaults(batchSize, rows - Math.ceil(rows / folds)));
  }
  faults.push(...rowsFaults(data));
  const hasTest =
    data['test'] !== undefined || (isRecord(data['split']) && data['split']['test'] !== undefined);
  if (isFinal && !hasTest) {
    faults.push('data.test must name the test rows, for example [0, 10000]: there is a final training.');
  }
  const { classes, classNames } = data;
  if (Array.isArray(classNames) && Number.isInteger(classes) && classes !== classNames.length) {
    faults.push(
      `data.classNames must have as many names as there are classes: data.classes is ${shown(classes)}, but there are ${classNames.length} names.`,
    );
  }
  return faults;
}

/** Rows are named by ranges or, of a table, by a split; those to choose by there or by folds. */
function rowsFaults({ source, split, folds, testFile, ...data }: Part): string[] {
  const isTable = source === 'csv' || source === 'arrays';
  if (!isTable && source !== 'mnist' && source !== 'idx') return [];
  const faults: string[] = [];
  const missing = (field: string, example: string) =>
    faults.push(`data.${field} must be ${example}, but it is missing.`);
  const holder = isTable && isRecord(split) ? 'split.validation' : 'validation';
  const given = holder === 'validation' ? data['validation'] : (split as Part)['validation'];
  if (folds !== undefined && given !== undefined) {
    faults.push(`data.folds says which rows are chosen by: take data.${holder} out, or data.folds.`);
  }
  if (!isTable || split === undefined) {
    const range = 'a pair of rows [from, to), for example [0, 3000]';
    if (isTable && data['train'] === undefined) missing('train', range);
    if (given === undefined && folds === undefined) missing('validation', range);
    return faults;
  }
  for (const field of ['train', 'validation', 'test', 'shuffle']) {
    if (data[field] === undefined || (field === 'test' && testFile !== undefined)) continue;
    faults.push(`data.split says which rows are for what: take data.${field} out, or data.split.`);
  }
  if (!isRecord(split)) return faults;
  if (given === undefined && folds === undefined) missing(holder, 'a share of the rows, for example 0.2');
  if (split['test'] !== undefined && testFile !== undefined) {
    faults.push(
      'data.split.test takes test rows from data.file, and there is a data.testFile: take one of the two out.',
    );
  }
  return faults;
}

function batchFaults(axis: unknown, trainingRows: number): string[] {
  if (trainingRows < 1) return [];
  const given = { '': axis, ...(isRecord(axis) ? { '.choice': axis['choice'], '.int': axis['int'] } : {}) };
  return Object.entries(given).flatMap(([key, values]) =>
    (Array.isArray(values) ? values : []).flatMap((batchSize: unknown, index) =>
      Number.isInteger(batchSize) && (batchSize as number) > trainingRows
        ? `space.batchSize${key}[${index}] must be a whole number from 1 to ${trainingRows} (the training rows), but got ${batchSize}.`
        : [],
    ),
  );
}
