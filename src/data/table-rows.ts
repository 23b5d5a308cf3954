/**
 * The rows of an experiment out of a table: its inputs and targets, scaled by what the training rows say.
 * Not here: reading files, and which rows train (table-parts.ts).
 */
import { createHash } from 'node:crypto';
import { errors } from '../errors.ts';
import { encodedRows, type TableEncoding, type TableField, type Target } from '../train/encoding.ts';
import type { LoadedData } from './dataset.ts';
import { type Scaling, scalesOf } from './scaling.ts';
import type { LabelledTable, TargetColumns } from './table.ts';
import {
  arePlain,
  inputNames,
  inputValues,
  learntFields,
  type TableInputs,
  unseenRemarks,
} from './table-fields.ts';
import type { Missing } from './table-file.ts';
import { maxColumns } from './table-header.ts';
import { type Part, type PartOptions, tableParts } from './table-parts.ts';

export interface TableRows extends PartOptions {
  /** How each column of numbers is scaled. */
  readonly scaling: Scaling;
  /** How each target is scaled; standard if undefined. */
  readonly targetScaling?: Scaling | undefined;
  readonly missing?: Missing | undefined;
}

/** A part with the inputs that its columns become. */
interface PartInputs {
  readonly part: Part;
  readonly inputs: TableInputs;
}

/**
 * Rows in the order training, validation, test; with folds those of the first fold, and before the test rows its first
 * ones once more.
 * @param testTable where test rows are in a table of their own
 * @throws ERR_DATA_RANGE for ranges that overlap or reach beyond the rows
 */
export function tableRows(options: TableRows, table: LabelledTable, testTable?: LabelledTable): LoadedData {
  const { training, validation, test, ring } = tableParts(options, table, testTable);
  const fields = learntFields(training, {
    fills: options.missing === 'mean',
    refuseEmpty: (column) => {
      throw errors.emptyColumn(column);
    },
  });
  const width = inputNames(fields).length;
  if (width > maxColumns) throw errors.tooManyCategories(width, maxColumns);
  const withInputs = (part: Part): PartInputs => ({ part, inputs: inputValues(fields, part) });
  const first = withInputs(training);
  const parts = [first, withInputs(validation), ...(test ? [withInputs(test)] : [])];
  const encoding = learntEncoding(options, fields, first);
  const { values, labels, targets } = encodedParts(encoding, parts);
  const contents = {
    ...{ inputs: width, classes: table.classes.length, encoding },
    ...(ring?.folds[0] ?? { training: training.range, validation: validation.range }),
    test: test?.range,
    ...(ring === undefined ? {} : { folds: ring.folds }),
  };
  const hash = createHash('sha256')
    .update(JSON.stringify(contents))
    .update(new Uint8Array(values.buffer))
    .update(labels)
    .update(targets === undefined ? '' : new Uint8Array(targets.buffer))
    .digest('hex');
  const entries = values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  return {
    ...{ ...contents, values, labels, hash, entries, density: entries / values.length },
    ...(targets === undefined ? {} : { targets }),
    remarks: parts.flatMap(({ part, inputs }) => unseenRemarks(part.name, inputs.unseen)),
    splitRows: options.split && table.labels.length,
  };
}

/** What the training rows teach; categories are 0 or 1, whatever the scaling. */
function learntEncoding(
  { scaling, targetScaling = 'standard' }: TableRows,
  fields: readonly TableField[],
  { part, inputs }: PartInputs,
): TableEncoding {
  const scalings = fields.flatMap((field) =>
    'categories' in field ? field.categories.map(() => 'none' as const) : [scaling],
  );
  const scales = scalesOf(scalings, inputs.values);
  const { classes, targets } = part;
  return {
    kind: 'table',
    offsets: scales.map(({ offset }) => offset),
    divisors: scales.map(({ divisor }) => divisor),
    columns: inputNames(fields),
    ...(targets === undefined ? { classes } : { targets: learntTargets(targetScaling, targets) }),
    ...(arePlain(fields) ? {} : { fields }),
  };
}

function learntTargets(scaling: Scaling, { names, values }: TargetColumns): Target[] {
  const scales = scalesOf(Array<Scaling>(names.length).fill(scaling), values);
  return scales.map((scale, target) => ({ name: names[target] as string, ...scale }));
}

/**
 * The rows of all parts as a network sees them, one part behind the other.
 * @returns values (rows x inputs), labels, and targets (rows x targets) where numbers are learnt
 */
function encodedParts(encoding: TableEncoding, parts: readonly PartInputs[]) {
  const { targets } = encoding;
  const count = Math.max(...parts.map(({ part }) => part.range.to));
  const values = new Float32Array(count * encoding.columns.length);
  const labels = new Uint8Array(count);
  const answers = targets && new Float32Array(count * targets.length);
  const ofTargets = targets && {
    ...{ kind: 'table' as const, columns: targets.map(({ name }) => name) },
    offsets: targets.map(({ offset }) => offset),
    divisors: targets.map(({ divisor }) => divisor),
  };
  for (const { part, inputs } of parts) {
    const { from } = part.range;
    values.set(encodedPart(part, encoding, inputs.values, 'data.scaling'), from * encoding.columns.length);
    labels.set(part.labels, from);
    if (part.targets === undefined || ofTargets === undefined) continue;
    const scaled = encodedPart(part, ofTargets, part.targets.values, 'data.targetScaling');
    answers?.set(scaled, from * ofTargets.columns.length);
  }
  return { values, labels, targets: answers };
}

/**
 * @param raw (rows x columns)
 * @throws ERR_SCALING where a value is beyond float32: divided by a span of almost nothing it may be
 */
function encodedPart(
  { rowName }: Part,
  encoding: TableEncoding,
  raw: Float64Array,
  setting: 'data.scaling' | 'data.targetScaling',
): Float32Array {
  const encoded = encodedRows(encoding, raw);
  const at = encoded.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return encoded;
  const { columns } = encoding;
  throw errors.scalingOverflow(
    rowName(Math.floor(at / columns.length)),
    columns[at % columns.length] as string,
    raw[at] as number,
    encoded[at] as number,
    setting === 'data.scaling'
      ? 'Leave the column out, write it in another unit, or choose another data.scaling'
      : 'Write the target in another unit, or choose another data.targetScaling',
  );
}
