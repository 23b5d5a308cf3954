/**
 * Which columns of a file are read: those that are wanted, by where its header has them.
 * Not here: what stands in them (table-file.ts).
 */
import { shown } from '../errors.ts';
import type { CsvRow, DecimalMark, Separator } from './csv.ts';
import { faultOfHeader, type Reader, type Refuse } from './table-faults.ts';

/** What is wanted of one file. */
export interface Wanted {
  /** None for rows to predict. */
  readonly label?: string | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly separator: Separator;
  readonly decimal: DecimalMark;
  /** The texts of each column of categories, by their places; those that are met first here are added. */
  readonly texts: ReadonlyMap<string, Map<string, number>>;
  mayMiss(column: string): boolean;
}

/** A column and its place in a row. */
export interface Place {
  readonly name: string;
  readonly place: number;
}

/** A column to learn from. */
export interface Column extends Place {
  /** Of categories, by their places. */
  readonly texts: Map<string, number> | undefined;
  readonly mayMiss: boolean;
}

interface WantedColumns {
  readonly label: Place | undefined;
  readonly targets: readonly Place[];
  readonly columns: readonly Column[];
}

/** As for pictures (idx.ts). */
export const maxColumns = 65_535;

/** @param refuse is given the first fault of the header, or of what is wanted of it; it throws */
export function wantedColumns(
  { fields }: CsvRow,
  wanted: Wanted,
  reader: Reader,
  refuse: Refuse,
): WantedColumns {
  const twice = firstTwice(fields);
  if (twice !== undefined) {
    return refuse({ fault: `its header has the column ${shown(twice)} twice`, remedy: 'Rename one of them' });
  }
  const places = new Map(fields.map((name, place) => [name, place]));
  const placed = (name: string): Place => {
    return { name, place: places.get(name) ?? refuse(faultOfHeader(fields, name, reader)) };
  };
  const label = wanted.label === undefined ? undefined : placed(wanted.label);
  const targets = (wanted.targets ?? []).map(placed);
  const answers = new Set([label, ...targets].map((answer) => answer?.place));
  const names = wanted.columns ?? fields.filter((_, place) => !answers.has(place));
  const columns = names.map((name): Column => {
    return { ...placed(name), texts: wanted.texts.get(name), mayMiss: wanted.mayMiss(name) };
  });
  expectNoAnswers({ label, targets, columns }, refuse);
  const named = new Set(names);
  for (const name of wanted.texts.keys()) {
    if (named.has(name)) continue;
    placed(name);
    return refuse({
      fault: `data.oneHot names ${shown(name)}, which is not among the columns to learn from`,
      remedy: 'Add it to data.columns, or take it out of data.oneHot',
    });
  }
  if (columns.length === 0 || columns.length > maxColumns) {
    return refuse({
      fault: `it has ${columns.length} columns to learn from, but 1 to ${maxColumns} are allowed`,
      remedy: columns.length === 0 ? 'Add columns of numbers' : 'Name fewer in data.columns',
    });
  }
  return { label, targets, columns };
}

/** What is to be learnt must not be learnt from. */
function expectNoAnswers({ label, targets, columns }: WantedColumns, refuse: Refuse): void {
  const places = new Set(columns.map(({ place }) => place));
  if (label !== undefined && places.has(label.place)) {
    return refuse({
      fault: `the label's column ${shown(label.name)} cannot be learnt from as well`,
      remedy: 'Take it out of data.columns, or name another in data.label',
    });
  }
  const learnt = targets.find(({ place }) => places.has(place));
  if (learnt !== undefined) {
    return refuse({
      fault: `the target's column ${shown(learnt.name)} cannot be learnt from as well`,
      remedy: 'Take it out of data.columns, or out of data.targets',
    });
  }
}

/** The first name that stands there before. */
export function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
