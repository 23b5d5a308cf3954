/** What the owner of rows should know of their classes: those that nothing is learnt of. Not here: reading rows. */
import { shown } from '../errors.ts';
import { className } from '../train/encoding.ts';
import type { RowRange } from '../train/model.ts';
import type { LoadedData } from './dataset.ts';

/** More are counted. */
const mostNamed = 5;

/** A sentence where rows to validate or to test are of classes that none of the rows to train on has, as in a file sorted by class. */
export function classRemarks({
  labels,
  classes,
  encoding,
  training,
  validation,
  test,
  folds,
}: LoadedData): string[] {
  const holds = ({ from, to }: RowRange, label: number): boolean =>
    Buffer.from(labels.buffer, labels.byteOffset + from, to - from).includes(label);
  const parts = folds ?? [{ training, validation }];
  const isUnseen = (label: number): boolean =>
    parts.some(
      (part) =>
        !holds(part.training, label) && [part.validation, test].some((rows) => rows && holds(rows, label)),
    );
  const unseen = Array.from({ length: classes }, (_, label) => label).filter(isUnseen);
  if (unseen.length === 0) return [];
  const names = unseen.slice(0, mostNamed).map((label) => shown(className(encoding, label)));
  const more = unseen.length > mostNamed ? ` and ${unseen.length - mostNamed} more` : '';
  const where = folds === undefined ? 'No row' : 'In a fold no row';
  return [
    `${where} to train on is of class ${names.join(', ')}${more}, but rows to measure on are, which the network cannot get right then. If the rows are sorted by class, shuffle them (data.shuffle of a table) or choose other ranges.`,
  ];
}
